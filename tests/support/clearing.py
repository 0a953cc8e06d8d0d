"""Commands about leftovers in the place of a batch, and the tree they are about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.support import stopping
from tests.support.bench import Bench
from tests.support.disks import Disk
from tests.support.machine import Machine
from tests.support.tree import snapshot

CLEAR = ("clear", "a.bak", "deep/b~", ".#lock", "deep/.c.tmp")
RESTORE = ("restore", "a.bak", "--remove")


@dataclass
class Act(Bench):
    """A tree with leftovers, and a command about them. The paths in it start at the tree."""

    words: tuple[str, ...] = ()

    @property
    def apply(self) -> list[str]:
        return command(self, self.words)

    @classmethod
    def build(cls, home: Path, words: tuple[str, ...]) -> Act:
        """Make the tree, and find out what it is before and after the command."""
        act = cls(home, home / "tree", home / "state", words=words)
        make_leftovers(act.template)
        learn(act)
        return act


@dataclass
class ActMachine(Machine):
    """The same on disks that can be mistreated."""

    words: tuple[str, ...] = ()

    @property
    def apply(self) -> list[str]:
        return command(self, self.words)

    @classmethod
    def put_on(cls, home: Path, disks: list[Disk], words: tuple[str, ...]) -> ActMachine:
        """Make the tree on the first disk and the state directory on the last; keep the disks as they are before."""
        act = cls(home, disks[0].path / "tree", disks[-1].path / "state", disks=disks, words=words)
        make_leftovers(act.template)
        learn(act)
        act.reset()
        for disk in disks:
            disk.keep()
        return act


def command(bench: Bench, words: tuple[str, ...]) -> list[str]:
    """Return the command line of an act."""
    verb, *rest = words
    paths = [word if word.startswith("--") else str(bench.tree / word) for word in rest]
    return [verb, *paths, "--yes", "--state-dir", str(bench.state)]


def make_leftovers(folder: Path) -> None:
    """Make originals, and what was left beside them."""
    (folder / "deep").mkdir(parents=True)
    for name in ("a", "deep/b", "deep/c"):
        (folder / name).write_text("as it is")
    for name in ("a.bak", "deep/b~", "deep/.c.tmp"):
        (folder / name).write_text("as it was")
    (folder / ".#lock").symlink_to("me@nowhere.4711:1700000000")


def learn(act: Act | ActMachine) -> None:
    """Find out what the tree is before and after the command."""
    act.reset()
    act.before = snapshot(act.tree)
    assert stopping.run(act.apply) == 0
    act.after = snapshot(act.tree)
    assert act.after != act.before
