"""Clearing and restoring die and fail like any other batch: the leftovers are all there, or all in History."""

from __future__ import annotations

import errno
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import stopping
from tests.support.bench import Bench
from tests.support.failing import FailingFileSystem
from tests.support.spread import spread
from tests.support.stopping import StoppingFileSystem
from tests.support.tree import snapshot
from tests.support.trials import trials
from tests.support.tried import Tried

CLEAR = ["clear", "a.bak", "deep/b~", ".#lock", "deep/.c.tmp"]
RESTORE = ["restore", "a.bak", "--remove"]


@dataclass
class Act(Bench):
    """A tree with leftovers, and a command about them. The paths in it start at the tree."""

    words: tuple[str, ...] = ()

    @property
    def apply(self) -> list[str]:
        command, *rest = self.words
        paths = [word if word.startswith("--") else str(self.tree / word) for word in rest]
        return [command, *paths, "--yes", "--state-dir", str(self.state)]

    @classmethod
    def build(cls, home: Path, words: list[str]) -> Act:
        """Make the tree, and find out what it is before and after the command."""
        act = cls(home, home / "tree", home / "state", words=tuple(words))
        (act.template / "deep").mkdir(parents=True)
        for name in ("a", "deep/b", "deep/c"):
            (act.template / name).write_text("as it is")
        for name in ("a.bak", "deep/b~", "deep/.c.tmp"):
            (act.template / name).write_text("as it was")
        (act.template / ".#lock").symlink_to("me@nowhere.4711:1700000000")
        act.reset()
        act.before = snapshot(act.tree)
        assert stopping.run(act.apply) == 0
        act.after = snapshot(act.tree)
        assert act.after != act.before
        return act


@pytest.fixture(params=[CLEAR, RESTORE], ids=["clear", "restore"])
def act(request: pytest.FixtureRequest, memory: Path) -> Act:
    return Act.build(memory, request.param)


def killed(act: Act, most: int, tried: Tried) -> None:
    act.reset()
    seen = set()
    for point in spread(range(1, stopping.count(act.apply) + 1), most):
        act.reset()
        assert stopping.run(act.apply, StoppingFileSystem(point, stopping.die_half_way)) == -signal.SIGKILL
        assert stopping.run(act.recover) == 0
        seen.add(act.demand_whole(f"killed at call {point}"))
        tried(f"SIGKILL at a call of {act.words[0]}")
    assert seen == {"before", "after"}


def failing(act: Act, number: int, most: int, tried: Tried) -> None:
    act.reset()
    fs = FailingFileSystem(0, number)
    _, calls = stopping.ask(act.apply, fs, lambda: fs.count)
    with trials(tried) as trial:
        for for_good in (False, True):
            for at in spread(range(1, calls + 1), most):
                act.reset()
                code = stopping.run(act.apply, FailingFileSystem(at, number, for_good=for_good))
                with trial.one(f"{errno.errorcode[number]} at a call of {act.words[0]}", f"call {at}, {for_good}"):
                    if code == 1:
                        assert act.verdict() == "before"
                    assert code in (0, 1, 3), code
                    assert stopping.run(act.recover) == 0
                    assert act.demand_whole(f"exit {code}") in {0: ("after",), 1: ("before",)}.get(
                        code, ("before", "after")
                    )


def test_killed_at_some_calls_the_leftovers_are_all_there_or_all_in_history(act: Act, tried: Tried) -> None:
    killed(act, 12, tried)


def test_an_error_at_some_calls_leaves_what_the_exit_code_says(act: Act, tried: Tried) -> None:
    failing(act, errno.EIO, 6, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_killed_at_any_call_the_leftovers_are_all_there_or_all_in_history(act: Act, tried: Tried) -> None:
    killed(act, 1_000_000, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_an_error_at_any_call_leaves_what_the_exit_code_says(act: Act, tried: Tried, number: int) -> None:
    failing(act, number, 1_000_000, tried)
