"""Engines that are broken by hand, each in one place: a bench that does not catch them proves nothing."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from core import names
from core.fs.api import FileSystem, Handle, Kind
from core.journal.home import Home
from core.journal.reader import State, View
from core.journal.records import Identity, Step, StepKind, Type
from core.journal.writer import Writer
from core.txn import ending, stage
from core.txn.barrier import Barrier
from core.txn.ending import Ending, Report
from core.txn.look import Eyes
from core.txn.swap import Swapper
from core.txn.tidy import Tidier
from core.txn.transaction import Transaction
from core.txn.undo import Undoer
from tests.support.simulated.filesystem import SimulatedFileSystem

Patch = pytest.MonkeyPatch
MUTANTS: dict[str, Callable[[Patch], None]] = {}


def mutant(sentence: str) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    """Register a way to break the engine under what is wrong with it then."""

    def register(breaks: Callable[[Patch], None]) -> Callable[[Patch], None]:
        MUTANTS[sentence] = breaks
        return breaks

    return register


@dataclass
class _SkippedFlush:
    """Leaves out one flush of a barrier: the one with that number since it was armed."""

    number: int
    count: int = -1

    def on(self, patch: Patch, owner: type, method: str) -> None:
        routine, flush = getattr(owner, method), Barrier.flush

        def armed(*arguments: object, **options: object) -> object:
            self.count = 0
            try:
                return routine(*arguments, **options)
            finally:
                self.count = -1

        def skipping(barrier: Barrier, folders: object) -> None:
            if self.count >= 0:
                self.count += 1
            if self.count != self.number:
                flush(barrier, folders)  # type: ignore[arg-type]

        patch.setattr(owner, method, armed)
        patch.setattr(Barrier, "flush", skipping)


@mutant("staged content is not synced")
def _(patch: Patch) -> None:
    patch.setattr(Barrier, "syncs_each", lambda barrier, folder: False)


@mutant("the folders of staged files are not synced before PREPARED")
def _(patch: Patch) -> None:
    _SkippedFlush(1).on(patch, Transaction, "prepare")


@mutant("PREPARED is not synced")
def _(patch: Patch) -> None:
    _unsynced(patch, Type.PREPARED)


@mutant("touched folders are not synced before COMMIT")
def _(patch: Patch) -> None:
    _SkippedFlush(1).on(patch, Transaction, "commit")


@mutant("COMMIT is not synced")
def _(patch: Patch) -> None:
    def commit(transaction: Transaction) -> None:
        assert transaction._barrier
        assert transaction._writer
        transaction._barrier.flush(transaction._ending().touched())
        transaction._token.close()
        transaction._writer.append({"t": Type.COMMIT, "at": time.time()})

    patch.setattr(Transaction, "commit", commit)


@mutant("ABORT is written before what was put back is durable")
def _(patch: Patch) -> None:
    _SkippedFlush(1).on(patch, Ending, "put_back")


@mutant("END is written before the removal of staged files is durable")
def _(patch: Patch) -> None:
    _SkippedFlush(2).on(patch, Ending, "put_back")


@mutant("END is written before the removal of pre-images is durable")
def _(patch: Patch) -> None:
    _SkippedFlush(1).on(patch, Ending, "finish")


@mutant("the journal's folder is not synced at its birth")
def _(patch: Patch) -> None:
    def publish(home: Home, txn: str) -> None:
        home.fs.rename(home.journals, f"{txn}.new", home.journals, f"{txn}.journal")

    patch.setattr(Home, "publish", publish)


@mutant("BEGIN is not synced")
def _(patch: Patch) -> None:
    _unsynced(patch, Type.BEGUN)


@mutant("COMMIT is written before the second barrier, not after it")
def _(patch: Patch) -> None:
    def commit(transaction: Transaction) -> None:
        assert transaction._barrier
        assert transaction._writer
        transaction._token.close()
        transaction._writer.commit_to({"t": Type.COMMIT, "at": time.time()})
        transaction._barrier.flush(transaction._ending().touched())

    patch.setattr(Transaction, "commit", commit)


@mutant("the journal gets its name only after staging")
def _(patch: Patch) -> None:
    publish, prepare = Home.publish, Transaction.prepare

    def late(transaction: Transaction) -> None:
        publish(transaction._home, transaction.txn)
        prepare(transaction)

    patch.setattr(Home, "publish", lambda home, txn: None)
    patch.setattr(Transaction, "prepare", late)


@mutant("nothing is verified after an exchange or a move")
def _(patch: Patch) -> None:
    patch.setattr(Swapper, "_came_out", lambda swapper, folder, name, known: True)


@mutant("an identity is believed without reading, however fresh the file is")
def _(patch: Patch) -> None:
    patch.setattr("core.journal.records.is_racy", lambda known: False)


@mutant("roll back unlinks and then copies")
def _(patch: Patch) -> None:
    whole = Undoer._exchange

    def exchange(undoer: Undoer, step: Step, staged: Identity | None) -> None:
        folder, side = undoer._folders.handle(step.folder), names.side(undoer._txn, step.side)
        eyes = Eyes(undoer._fs)
        if staged is None or not eyes.is_unchanged(folder, step.name, eyes.at(folder, step.name), staged):
            whole(undoer, step, staged)
            return
        undoer._fs.unlink(folder, step.name)
        _copy(undoer._fs, folder, side, step.name)
        undoer._fs.unlink(folder, side)

    patch.setattr(Undoer, "_exchange", exchange)


def _copy(fs: FileSystem, folder: Handle, name: str, to_name: str) -> None:
    source, target = fs.open(folder, name), fs.create(folder, to_name, 0o600)
    fs.copy_content(source, target)
    fs.copy_metadata(source, target, times=True)
    fs.close(source)
    fs.close(target)


@mutant("roll back forgets moves from one folder to another")
def _(patch: Patch) -> None:
    move = Undoer._move

    def forgetful(undoer: Undoer, step: Step, staged: Identity | None) -> None:
        if step.kind is not StepKind.CARRY:
            move(undoer, step, staged)

    patch.setattr(Undoer, "_move", forgetful)


@mutant("roll back undoes the first step first")
def _(patch: Patch) -> None:
    patch.setattr(ending, "reversed", iter, raising=False)


@mutant("a move replaces what has its new name")
def _(patch: Patch) -> None:
    move = Swapper._move

    def over(swapper: Swapper, number: int, step: Step, staged: Identity | None) -> None:
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            if step.to_name:
                swapper._fs.unlink(swapper._folders.handle(step.to_folder), step.to_name)
        move(swapper, number, step, staged)

    patch.setattr(Swapper, "_move", over)


@mutant("COMMIT is believed although ABORT lies beside it")
def _(patch: Patch) -> None:
    patch.setattr(Home, "is_marked_aborted", lambda home, txn: False)


@mutant("COMMIT is never believed by recovery")
def _(patch: Patch) -> None:
    state = View.__dict__["state"].fget

    def doubting(view: View) -> State:
        found: State = state(view)
        return State.SWITCHING if found is State.COMMITTED else found

    patch.setattr(View, "state", property(doubting))


@mutant("the journal of a living engine is recovered")
def _(patch: Patch) -> None:
    patch.setattr(SimulatedFileSystem, "lock", lambda fs, handle, *, exclusive: True)


@mutant("side files are removed by their pattern")
def _(patch: Patch) -> None:
    def sweep(tidier: Tidier, step: Step, *rest: object, **options: object) -> None:
        folder = tidier._folders.find_now(step.stage_folder)
        for name in list(tidier._fs.list(folder)) if folder is not None else []:
            if names.parse_side(name) is not None:
                stat = tidier._fs.stat(folder, name)  # type: ignore[arg-type]
                (tidier.remove_tree if stat.kind is Kind.FOLDER else tidier._fs.unlink)(folder, name)  # type: ignore[arg-type]

    patch.setattr(Tidier, "remove_staged", sweep)
    patch.setattr(Tidier, "clear_original", sweep)


@mutant("a sync that failed is tried again")
def _(patch: Patch) -> None:
    def sync(writer: Writer) -> None:
        try:
            writer._fs.sync_file(writer._handle)
        except OSError:
            writer._fs.sync_file(writer._handle)

    patch.setattr(Writer, "sync", sync)


@mutant("an error of a sync is ignored")
def _(patch: Patch) -> None:
    def sync(writer: Writer) -> None:
        with contextlib.suppress(OSError):
            writer._fs.sync_file(writer._handle)

    patch.setattr(Writer, "sync", sync)


@mutant("the journal becomes history before the pre-images are gone")
def _(patch: Patch) -> None:
    finish = Ending.finish

    def early(ending: Ending, reason: str = "") -> Report:
        ending._home.retire(ending._txn)
        return finish(ending, reason)

    patch.setattr(Ending, "finish", early)


@mutant("new files are written over what lies under their side name")
def _(patch: Patch) -> None:
    make = stage.Stager._make

    def over(stager: stage.Stager, folder: Handle, name: str, content: object, *, sync: bool) -> Identity:
        with contextlib.suppress(FileNotFoundError):
            stager._fs.unlink(folder, name)
        return make(stager, folder, name, content, sync=sync)  # type: ignore[arg-type]

    patch.setattr(stage.Stager, "_make", over)


def _unsynced(patch: Patch, kind: Type) -> None:
    """Leave out the sync after one kind of record."""
    commit_to = Writer.commit_to
    lazy = lambda writer, record: writer.append(record) if record["t"] is kind else commit_to(writer, record)  # noqa: E731
    patch.setattr(Writer, "commit_to", lazy)
