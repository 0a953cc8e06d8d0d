"""The engine on simulated disks: one batch of every kind of operation, applied and recovered in memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from core import api, names
from core.api import Committed, Outcome, Recovered
from core.content.edit import Edit
from core.fs import places
from core.fs.api import FileSystem, Kind
from core.patterns import door
from core.patterns.exec004 import AtomicBatch
from core.plan.operations import Create, Delete, EditFile, Material, Move, Operation, Replace
from core.progress import CancelToken
from core.txn import barrier, ending, forward, lock, stage, transaction
from tests.support.simulated import programs
from tests.support.simulated.filesystem import SimulatedFileSystem
from tests.support.simulated.image import Image, Inode, Picture, difference
from tests.support.simulated.profiles import STRONG, Profile

TREE, STATE = "/tree", "/state"
_DAY_NS = 86_400 * 10**9
_YEAR_NS = 365 * _DAY_NS

FILES: dict[str, bytes | str | None] = {
    "/tree/big.bin": bytes(range(256)) * 8,
    "/tree/new.bin": bytes(range(255, -1, -1)) * 6,
    "/tree/small.txt": b"small\n",
    "/tree/target.txt": b"behind the link\n",
    "/tree/link": "target.txt",
    "/tree/code.py": b"old_name = 1\nprint(old_name)\n",
    "/tree/sub/gone.txt": b"gone\n",
    "/tree/sub/wanders.txt": b"wanders\n",
    "/tree/other": None,
    "/tree/left": b"left\n",
    "/tree/right": b"right\n",
    "/tree/folder/inner.txt": b"a cat\n",
    "/tree/folder/nested/deep.txt": b"deep\n",
    "/tree/whole/of/it/x": b"x\n",
}


def _text(text: str) -> Material:
    return Material(data=text.encode())


BATCH: tuple[Operation, ...] = (
    Replace("/tree/big.bin", Material(source="/tree/new.bin")),
    Replace("/tree/link", _text("through the link\n")),
    EditFile("/tree/code.py", Edit("old_name", "new_name")),
    Create("/tree/made/deeper/fresh.txt", _text("fresh\n")),
    Delete("/tree/sub/gone.txt"),
    Move("/tree/sub/wanders.txt", "/tree/other/arrived.txt"),
    Move("/tree/left", "/tree/tmp"),
    Move("/tree/right", "/tree/left"),
    Move("/tree/tmp", "/tree/right"),
    Move("/tree/folder", "/tree/made/renamed"),
    EditFile("/tree/made/renamed/inner.txt", Edit("a", "b")),
    Delete("/tree/whole"),
)
SMALL: tuple[Operation, ...] = (
    EditFile("/tree/code.py", Edit("old_name", "new_name")),
    Create("/tree/made/fresh.txt", _text("fresh\n")),
    Delete("/tree/sub/gone.txt"),
    Move("/tree/sub/wanders.txt", "/tree/other/arrived.txt"),
)


@dataclass(frozen=True)
class Variant:
    """A kind of disk under the protocol.

    `apart`: the state directory has a disk of its own; `in_place`: by the seed's door; `fresh`: the files were written
    within the same tick of the clock as everything that follows.
    """

    name: str
    profile: Profile = STRONG
    exchange: bool = True
    one_step: bool = True
    links: bool = True
    flushes: bool = False
    apart: bool = False
    in_place: bool = False
    fresh: bool = False
    batch: tuple[Operation, ...] = BATCH


def start(variant: Variant, now_ns: int) -> Image:
    """Return the disks before the batch: the tree, and the state directory as an earlier batch has left it."""
    image = Image.empty()
    image.add_tree(FILES, mtime_ns=now_ns - (0 if variant.fresh else _YEAR_NS))
    executable = image.find("/tree/code.py")
    image.inodes[executable] = image.inodes[executable]._replace(mode=0o750)
    image.add(STATE, Inode(Kind.FOLDER, int(variant.apart), 0o700, now_ns))
    for part in ("journals", "history", "attic"):
        image.add(f"{STATE}/{part}", Inode(Kind.FOLDER, int(variant.apart), 0o700, now_ns))
    return image


Act = Callable[[SimulatedFileSystem, CancelToken | None], Outcome]


@dataclass
class Bench:
    """`start` is the disks before the batch, `before` and `after` what the tree may look like ever after."""

    variant: Variant
    now_ns: int
    start: Image
    act: Act
    use: Callable[[SimulatedFileSystem], None]
    before: Picture = field(default_factory=dict)
    after: Picture = field(default_factory=dict)

    def filesystem(self, image: Image | None = None, boot: int = 0) -> SimulatedFileSystem:
        """Return disks that hold an image."""
        kind = self.variant
        return SimulatedFileSystem(
            image or self.start,
            kind.profile,
            now_ns=self.now_ns,
            exchange=kind.exchange,
            one_step=kind.one_step,
            links=kind.links,
            flushes=kind.flushes,
            boot=boot,
        )

    def apply(self, fs: SimulatedFileSystem, token: CancelToken | None = None) -> Outcome:
        """Apply the batch, which was evaluated on the disks before it."""
        self.forget(fs)
        return self.act(fs, token)

    def recover(self, fs: SimulatedFileSystem) -> list[Recovered]:
        """Put everything right."""
        self.forget(fs)
        return api.recover_all(STATE)

    def forget(self, fs: SimulatedFileSystem) -> None:
        """Begin on these disks as a new process does, which holds no lock."""
        self.use(fs)
        lock._held.clear()

    def verdict(self, image: Image) -> str:
        """Name what the tree is: "before", "after", or how it is neither."""
        found = image.picture(TREE)
        if self.variant.in_place:  # without DONE nobody knows whose content that was: it is kept in sight
            found = {path: what for path, what in found.items() if names.parse_visible(path) is None}
        if found == self.after:
            return "after"
        if found == self.before:
            return "before"
        return f"not before:\n{difference(found, self.before)}\nnot after:\n{difference(found, self.after)}"

    def remains(self, image: Image) -> list[str]:
        """Return what lies in the state directory besides history."""
        return sorted(image.names[image.find(f"{STATE}/journals")])


@contextmanager
def engine_in_memory(variant: Variant) -> Iterator[Bench]:
    """Let the engine work on simulated disks.

    What it takes from this machine beside its file system is held still, so that the same calls leave the same bytes: the
    clock, and the names of host and boot, and of the batch.
    The folders of the state directory are there already, since `places` would make them on this machine's disk.
    """
    now = time.time_ns() + _DAY_NS  # the clock of the disks stands: no time is ever old enough to be believed
    image = start(variant, now)
    current: list[FileSystem] = []
    host = places.host()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "file_system", lambda: current[-1])
        patch.setattr(door, "file_system", lambda: current[-1])
        patch.setattr(places, "make_private_folder", lambda path: None)
        patch.setattr(places, "host", lambda: host)
        patch.setattr(places, "boot", lambda: "this boot")
        clock = SimpleNamespace(time=lambda: now / 10**9, time_ns=lambda: now)
        for module in (transaction, stage, forward, ending):
            patch.setattr(module, "time", clock)
        patch.setattr(names, "new_txn", lambda: "simulation")
        patch.setenv("HOLDFAST_STATE_DIR", STATE)  # where the doors look
        if variant.flushes:
            patch.setattr(barrier, "SMALL_BATCH", 1)

        def use(fs: SimulatedFileSystem) -> None:
            current[:] = [fs]

        bench = Bench(variant, now, image, lambda fs, token: Committed("", 0, 0, 0.0), use)
        use(bench.filesystem())
        bench.act = _through_the_door if variant.in_place else _as_a_plan(variant.batch)
        _learn(bench)
        yield bench
        lock._held.clear()


def _as_a_plan(batch: Sequence[Operation]) -> Act:
    plan = api.evaluate(batch)
    assert not plan.problems, plan.problems
    return lambda fs, token: api.apply(plan, state=STATE, token=token)


def _through_the_door(fs: SimulatedFileSystem, token: CancelToken | None) -> Outcome:
    """Change three files in place, as callables of `AtomicBatch` do, and make a fourth."""
    batch = AtomicBatch()
    for path in ("/tree/code.py", "/tree/big.bin", "/tree/link", "/tree/sub/fresh.txt"):
        batch.add(path, lambda path: programs.save_in_place(fs, fs.resolve(str(path)), b"new " * 300))
    batch.execute()
    return Committed("", 0, 0, 0.0)


def _learn(bench: Bench) -> None:
    """Find out what the tree is before and after the batch."""
    fs = bench.filesystem()
    bench.before = fs.live.picture(TREE)
    outcome = bench.apply(fs)
    assert isinstance(outcome, Committed), outcome
    bench.after = fs.live.picture(TREE)
    assert bench.before != bench.after
    assert bench.remains(fs.live) == []
