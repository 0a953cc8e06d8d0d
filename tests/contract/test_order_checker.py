"""The checker of order finds an engine that breaks an invariant, and names it; each is broken here on purpose."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from core import api, memory, names
from core.attic.store import Attic
from core.fs.api import Handle
from core.fs.forward import ForwardingFileSystem
from core.fs.real import RealFileSystem
from core.history import Limits
from core.journal import records
from core.journal.home import Home
from core.journal.writer import Writer
from core.patterns.door import Door, draft, protected
from core.txn.barrier import Barrier
from core.txn.ending import Ending
from core.txn.inplace import InPlace
from core.txn.stage import Stager
from core.txn.swap import Swapper
from core.txn.tidy import Tidier
from core.txn.transaction import Transaction
from tests.support import order, stopping
from tests.support.failing import FailingFileSystem, engine_on
from tests.support.interrupted import interrupt
from tests.support.work import Json, Work

Patch = pytest.MonkeyPatch
Scene = Callable[[Work, Path], object]

OPERATIONS: list[Json] = [
    {"op": "edit", "path": "edited", "find": "old", "replace": "new"},
    {"op": "delete", "path": "deleted"},
    {"op": "move", "path": "wanders", "to": "sub/arrived"},
    {"op": "create", "path": "made/created", "text": "new"},
]


def applied(work: Work, state: Path) -> None:
    work.write({"edited": "old", "deleted": "old", "wanders": "old", "sub/other": "old"})
    work.apply(*OPERATIONS)


def put_back(work: Work, state: Path) -> None:
    """The move is refused, so what was switched before it goes back."""
    work.write({"edited": "old", "deleted": "old", "wanders": "old", "sub/other": "old"})
    plan = work.plan(*OPERATIONS)
    with engine_on(FailingFileSystem(4, errno.EACCES, frozenset({"rename"}))):
        api.apply(plan)


def recovered(work: Work, state: Path) -> None:
    interrupt(work, state)
    api.recover_all()


def expired(work: Work, state: Path) -> None:
    applied(work, state)
    memory.expire(Limits(age=1e-9))


def commit_unsynced(work: Work, state: Path) -> None:
    """The sync of COMMIT fails: the fourth and last one of the journal; one more is the edited file's."""
    work.write({"edited": "old"})
    plan = work.plan(OPERATIONS[0])
    with engine_on(FailingFileSystem(5, errno.EIO, frozenset({"sync_file"}))):
        api.apply(plan)


def folders_unsynced(work: Work, state: Path) -> None:
    """The syncs of folders fail in turn, the last of them that of what the switch has changed."""
    for at in range(1, 7):
        work.write({"edited": "old"})
        plan = work.plan(OPERATIONS[0])
        with engine_on(FailingFileSystem(at, errno.EIO, frozenset({"sync_folder"}))):
            api.apply(plan)
        api.recover_all()


def in_place(work: Work, state: Path) -> None:
    work.write({"edited": "old"})
    with protected([str(work.tree / "edited")], "in place"):
        (work.tree / "edited").write_text("new")


def in_place_killed(work: Work, state: Path) -> None:
    work.write({"edited": "old"})
    child = os.fork()
    if child == 0:
        with protected([str(work.tree / "edited")], "in place"):
            (work.tree / "edited").write_text("new")
            stopping.die(RealFileSystem(), "", ())
    os.waitpid(child, 0)
    api.recover_all()


def drafted(work: Work, state: Path) -> None:
    work.write({"edited": "old"})
    with draft(str(work.tree / "edited"), "draft") as path:
        path.write_text("new")


class SavedInBetween(ForwardingFileSystem):
    """An editor saves just before the first exchange."""

    def __init__(self, path: Path) -> None:
        super().__init__(RealFileSystem())
        self.path = path

    def exchange(self, folder: Handle, name: str, other: str) -> None:
        if self.path.read_text() == "old":
            self.path.write_text("saved since")
        super().exchange(folder, name, other)


def saved_meanwhile(work: Work, state: Path) -> None:
    work.write({"edited": "old"})
    plan = work.plan(OPERATIONS[0], {"op": "create", "path": "next", "text": "new"})
    with engine_on(SavedInBetween(work.tree / "edited")):
        api.apply(plan)


@pytest.mark.parametrize(
    "scene",
    [
        applied,
        put_back,
        recovered,
        commit_unsynced,
        folders_unsynced,
        in_place,
        in_place_killed,
        drafted,
        saved_meanwhile,
    ],
    ids=lambda scene: scene.__name__,
)
def test_the_engine_as_it_is_keeps_the_order(work: Work, state: Path, scene: Scene) -> None:
    with order.watching() as notes:
        scene(work, state)
        assert notes.read() == ""
        assert notes.calls > 50


# Engines that are broken in one place. Each takes the monkeypatch and breaks something.


def replaced(owner: type, name: str, new: Callable[..., object]) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(owner, name, new)


def without(owner: type, name: str) -> Callable[[Patch], None]:
    return replaced(owner, name, lambda *arguments, **options: None)


def only_appended(kind: records.Type) -> Callable[[Patch], None]:
    """The record is written, and not synced."""

    def commit_to(writer: Writer, record: dict[str, object]) -> None:
        writer.append(record)
        if record["t"] != kind:
            writer.sync()

    return replaced(Writer, "commit_to", commit_to)


def publish_without_sync(home: Home, txn: str) -> None:
    home.fs.rename(home.journals, f"{txn}.new", home.journals, f"{txn}.journal")


def stages_beside_the_list(patch: Patch) -> None:
    make = Stager._make

    def beside(stager: Stager, folder: int, name: str, *more: object, **options: object) -> str:
        txn, number = names.parse_side(name) or ("", 0)
        return make(stager, folder, names.side(txn, number + 70), *more, **options)  # type: ignore[arg-type,return-value]

    patch.setattr(Stager, "_make", beside)


def writes_over_the_target(patch: Patch) -> None:
    def stage(transaction: Transaction) -> None:
        assert transaction.view
        for _, step, _ in transaction.view.steps():
            folder = transaction._folders.handle(step.folder)
            handle = transaction._fs.open(folder, step.name, write=True)
            transaction._fs.write(handle, b"new")
            transaction._fs.close(handle)

    patch.setattr(Transaction, "stage", stage)


def stages_under_the_name(patch: Patch) -> None:
    make = Stager._make
    patch.setattr(
        Stager,
        "_make",
        lambda stager, folder, name, *more, **options: make(stager, folder, "x" + name, *more, **options),
    )


def writes_after_prepared(patch: Patch) -> None:
    prepare = Transaction.prepare

    def late(transaction: Transaction) -> None:
        prepare(transaction)
        assert transaction.view
        step = next(step for _, step, _ in transaction.view.steps() if step.staged)
        folder = transaction._folders.handle(step.stage_folder)
        handle = transaction._fs.open(folder, names.side(transaction.txn, step.side), write=True)
        transaction._fs.write(handle, b"late")
        transaction._fs.close(handle)

    patch.setattr(Transaction, "prepare", late)


def seals_without_sync(patch: Patch) -> None:
    patch.setattr(
        Stager, "seal", lambda stager, step, content, sync, seal=Stager.seal: seal(stager, step, content, sync=False)
    )


def unlinks_then_copies(swapper: Swapper, step: records.Step, staged: object) -> None:
    folder, side = swapper._folders.handle(step.folder), names.side(swapper._txn, step.side)
    swapper._fs.unlink(folder, step.name)
    swapper._fs.rename(folder, side, folder, step.name)


def tidies_before_commit(patch: Patch) -> None:
    commit = Transaction.commit

    def early(transaction: Transaction) -> None:
        assert transaction.view
        tidier = Tidier(transaction._fs, transaction._folders, transaction.txn)
        for _, step, _ in transaction.view.steps():
            tidier.clear_original(step, set())
        commit(transaction)

    patch.setattr(Transaction, "commit", early)


def goes_on_with_a_poisoned_journal(patch: Patch) -> None:
    def sync(writer: Writer) -> None:
        writer._fs.sync_file(writer._handle)

    patch.setattr(Writer, "sync", sync)


def flushes_only(owner: str) -> Callable[[Patch], None]:
    """Barriers work, except where a function of that name asks for one."""
    import sys

    flush = Barrier.flush

    def some(barrier: Barrier, folders: object) -> None:
        callers = {frame.f_code.co_name for frame in (sys._getframe(1), sys._getframe(2))}
        if owner not in callers:
            flush(barrier, folders)  # type: ignore[arg-type]

    return lambda patch: patch.setattr(Barrier, "flush", some)


def removes_staged_before_the_sync(patch: Patch) -> None:
    undo_all = Ending._undo_all

    def early(ending: Ending) -> None:
        undo_all(ending)
        ending._remove_staged(prepared=True)

    patch.setattr(Ending, "_undo_all", early)


def takes_back_after_commit(patch: Patch) -> None:
    patch.setattr(Ending, "finish", lambda ending, reason="": ending._undo_all() or ending._report)


def syncs_no_file(patch: Patch) -> None:
    patch.setattr(Barrier, "syncs_each", lambda barrier, folder: False)


def done_without_sync(patch: Patch) -> None:
    done = Door._done

    def careless(door: Door, step: records.Step) -> object:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(type(door._fs), "sync_file", lambda fs, handle: None)
            return done(door, step)

    patch.setattr(Door, "_done", careless)


def removes_a_stranger(patch: Patch) -> None:
    def discard(home: Home, txn: str) -> None:
        return None

    def stage(transaction: Transaction, stage: Callable[[Transaction], None] = Transaction.stage) -> None:
        folder = transaction._folders.handle(0)
        transaction._fs.unlink(folder, "stranger")

    patch.setattr(Home, "discard", discard)
    patch.setattr(Transaction, "stage", stage)


def insists_on_a_flush(patch: Patch) -> None:
    def flush(barrier: Barrier, folders: Iterable[int], flush: Callable[..., None] = Barrier.flush) -> None:
        numbers = list(folders)
        try:
            flush(barrier, numbers)
        except OSError:
            flush(barrier, numbers)

    patch.setattr(Barrier, "flush", flush)


BROKEN: dict[str, tuple[str, Scene, Callable[[Patch], None]]] = {
    "BEGIN is not synced": ("I1", applied, only_appended(records.Type.BEGUN)),
    "the journal's name is not synced": ("I1", applied, replaced(Home, "publish", publish_without_sync)),
    "the journal gets no name": ("I1", applied, without(Home, "publish")),
    "a side file is not listed": ("I1", applied, stages_beside_the_list),
    "staging writes over the target": ("I2", saved_meanwhile, writes_over_the_target),
    "staging makes a name of its own": ("I2", applied, stages_under_the_name),
    "no PREPARED": ("I2", applied, without(Transaction, "prepare")),
    "staged files are not synced": ("I3", applied, syncs_no_file),
    "staged names are not synced": ("I3", applied, flushes_only("prepare")),
    "PREPARED is not synced": ("I3", applied, only_appended(records.Type.PREPARED)),
    "a draft is sealed without a sync": ("I3", drafted, seals_without_sync),
    "staged content changes after PREPARED": ("I3", applied, writes_after_prepared),
    "what came out is not looked at": ("I4", applied, replaced(Swapper, "_came_out", lambda *arguments: True)),
    "a wrong look is passed over": (
        "I4",
        saved_meanwhile,
        replaced(Swapper, "_came_out", lambda swapper, folder, name, known: bool(swapper._eyes.at(folder, name))),
    ),
    "COMMIT before the folders are durable": ("I5", applied, flushes_only("commit")),
    "pre-images are removed before COMMIT": ("Never", applied, tidies_before_commit),
    "a COMMIT in doubt is not marked": ("I5", commit_unsynced, without(Home, "mark_aborted")),
    "steps are taken back after COMMIT": ("I5", applied, takes_back_after_commit),
    "ABORT before the folders are durable": ("I6", put_back, flushes_only("<lambda>")),
    "recovery makes nothing durable": ("I6", recovered, flushes_only("<lambda>")),
    "staged files go before what came back is durable": ("I6", put_back, removes_staged_before_the_sync),
    "a sync that has failed is tried again": ("I11", folders_unsynced, insists_on_a_flush),
    "DONE is not synced": ("I7", in_place, without(Transaction, "sync_done")),
    "DONE is said of what is not durable": ("I7", in_place, done_without_sync),
    "a torn file is written over unseen": ("I7", in_place_killed, without(InPlace, "_keep_copy")),
    "what was put away is not made durable": ("I9", applied, without(Attic, "sync")),
    "pre-images are dropped unsaid": ("I10", expired, without(Home, "mark_expired")),
    "unlink, then copy": ("Never", applied, replaced(Swapper, "_exchange", unlinks_then_copies)),
    "a poisoned journal is written to": ("Never", commit_unsynced, goes_on_with_a_poisoned_journal),
    "a stranger is removed": ("Never", applied, removes_a_stranger),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_engine_is_found_and_the_invariant_named(
    work: Work, state: Path, monkeypatch: Patch, how: str
) -> None:
    invariant, scene, breaks = BROKEN[how]
    work.write({"stranger": "mine"})
    breaks(monkeypatch)

    with order.watching() as notes:
        with contextlib.suppress(Exception):
            scene(work, state)
        found = notes.read()

    monkeypatch.undo()
    assert any(line.startswith(f"{invariant}: ") for line in found.splitlines()), found or "nothing was found"
    assert "The checker itself failed" not in found


def test_what_a_forked_process_does_is_found_as_well(work: Work, state: Path, monkeypatch: Patch) -> None:
    work.write({"edited": "old"})
    monkeypatch.setattr(Swapper, "_came_out", lambda *arguments: True)
    plan = work.plan(OPERATIONS[0], {"op": "create", "path": "next", "text": "new"})

    with order.watching() as notes:
        child = os.fork()
        if child == 0:
            api.apply(plan)
            os._exit(0)
        os.waitpid(child, 0)
        found = notes.read()

    assert found.startswith("I4: "), found
    assert "exchange(" in found  # the calls that led there


def test_whatever_file_system_an_engine_is_given_it_is_watched(work: Work, state: Path) -> None:
    with order.watching() as notes, engine_on(FailingFileSystem(0, errno.EIO)):
        applied(work, state)
        assert notes.calls > 50


def test_a_volume_that_is_flushed_at_once_counts_as_synced(work: Work, state: Path) -> None:
    work.write({f"file-{number}": "old" for number in range(40)})
    with order.watching() as notes:
        work.apply(*({"op": "edit", "path": f"file-{number}", "find": "old", "replace": "new"} for number in range(40)))
        assert notes.read() == ""


def test_a_flush_of_a_volume_that_is_left_out_is_found(work: Work, state: Path, monkeypatch: Patch) -> None:
    work.write({f"file-{number}": "old" for number in range(40)})
    plan = work.plan(
        *({"op": "edit", "path": f"file-{number}", "find": "old", "replace": "new"} for number in range(40))
    )
    flushes_only("prepare")(monkeypatch)

    with order.watching() as notes:
        api.apply(plan)
        found = notes.read()

    assert found.startswith("I3: PREPARED is written while "), found
