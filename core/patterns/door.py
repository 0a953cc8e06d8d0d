"""A transaction around code that is not ours: what all four doors of EXEC-004 have in common.

    begin ▸ stage ▸ prepare ▸ [the callable changes the files] ▸ done ▸ commit ▸ finish        in place
    begin ▸ stage ▸ [the callable writes a draft] ▸ seal ▸ prepare ▸ swap ▸ commit ▸ finish     via a draft

Engine steps run behind a shield against signals, the callable never does. Whatever ends the callable, be it
`SystemExit`, `KeyboardInterrupt` or a generator that is closed, puts everything back first.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core import names
from core.errors import HoldfastError, NeedsAttention, RefusedBatch
from core.fs.api import FileSystem, Kind
from core.fs.real import RealFileSystem
from core.journal import records
from core.journal.home import Home
from core.journal.records import Identity, Step, StepKind
from core.patterns.script import DoorScript
from core.patterns.shield import Shield
from core.progress import Cancelled, CancelToken, Meter
from core.txn import recover
from core.txn.lock import FolderLocks
from core.txn.look import Eyes
from core.txn.remains import find_remains, under_way
from core.txn.transaction import Transaction


def file_system() -> FileSystem:
    """Return this machine's file system."""
    return RealFileSystem()


@contextmanager
def protected(paths: list[str], name: str) -> Iterator[None]:
    """Let the body change these files in place; all of it counts, or nothing."""
    with _opened(lambda script: script.protect(paths), name) as door:
        with door.shielded():
            door.begin()
            door.prepare()
        yield
        with door.shielded():
            door.commit()


@contextmanager
def draft(path: str, name: str, *, copy: bool = False) -> Iterator[Path]:
    """Let the body write the file it is given, which then takes the place of `path`, with its owner, mode and links."""
    with _opened(lambda script: script.put(path, copy=copy), name) as door:
        with door.shielded():
            door.begin()
        yield door.draft()
        with door.shielded():
            door.seal()
            door.prepare()
            door.swap()
            door.commit()


@contextmanager
def _opened(fill: Callable[[DoorScript], None], name: str) -> Iterator[Door]:
    door = Door(file_system(), name)
    try:
        try:
            with door.shielded():
                door.open(fill)
            yield door
        except BaseException as error:
            with door.shielded():
                door.put_back(error)
            raise
        finally:
            with door.shielded():
                door.close()
    except BaseException as error:
        if door.is_committed:
            error.add_note("The change was complete already and stays.")
        raise


class Door:
    """One transaction, in steps; each is called behind the shield."""

    def __init__(self, fs: FileSystem, name: str) -> None:
        self._fs = fs
        self._script = DoorScript(fs, name)
        self._shield = Shield()
        self._locks = FolderLocks(fs)
        self._home: Home | None = None
        self._transaction: Transaction | None = None
        self.is_committed = False
        self._process = os.getpid()
        self._started_ns = time.time_ns()

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Keep signals away for the body."""
        with self._shield.up():
            yield

    def open(self, fill: Callable[[DoorScript], None]) -> None:
        """Put right what crashes left, look at the files, and lock their folders.

        Raises:
            RefusedBatch: side files of an interrupted batch lie there and could not be put right.
            Busy: another batch holds one of the folders.
            OSError: the files cannot be protected. Nothing was changed.
        """
        self._home = Home.open(self._fs)
        for _ in recover.recover_all(self._home):
            pass
        token = CancelToken(self._shield.is_hit)
        self._look(fill)
        self._locks.acquire((ref.path for ref in self._script.folders() if ref.stage), token)
        self._look(fill)  # another door may have held the folders until now
        remains = find_remains(self._home, self._script.folders())
        if remains:
            raise RefusedBatch(remains)
        self._transaction = Transaction(self._home, self._script, Meter(), token)

    def _look(self, fill: Callable[[DoorScript], None]) -> None:
        self._script = DoorScript(self._fs, self._script.name)
        fill(self._script)

    @property
    def _txn(self) -> Transaction:
        assert self._transaction
        return self._transaction

    def begin(self) -> None:
        """Write BEGIN, and the pre-images or the empty draft."""
        under_way.add(self._txn.txn)
        self._txn.begin()
        self._txn.stage()

    def seal(self) -> None:
        """Take the draft as the callable left it."""
        self._txn.seal()

    def prepare(self) -> None:
        """Make what was staged durable: from here on names and contents may change."""
        self._txn.prepare()

    def swap(self) -> None:
        """Put the draft in place."""
        self._txn.swap()

    def draft(self) -> Path:
        """Return the path of the draft."""
        step = next(step for step in self._script.steps() if step.kind is not StepKind.INPLACE)
        folder = self._script.folders()[step.folder].path
        return Path(folder, names.side(self._txn.txn, step.side))

    def commit(self) -> None:
        """Record what the callable left, and commit.

        Raises:
            OSError, HoldfastError: it failed; `put_back` is still to be called.
        """
        for number, step in enumerate(self._script.steps()):
            if step.kind is StepKind.INPLACE:
                self._txn.note_done(number, self._done(step))
        self._txn.sync_done()
        self._txn.commit()
        self.is_committed = True
        self._txn.finish()

    def put_back(self, error: BaseException) -> None:
        """Bring everything back, unless it is committed; never in a child process that left the body as well.

        Raises:
            NeedsAttention: something could not be put back. The next door or `holdfast recover` tries again.
        """
        if self._transaction is None or self.is_committed or os.getpid() != self._process:
            return
        reason = "cancelled" if isinstance(error, (KeyboardInterrupt, Cancelled)) else "error"
        try:
            report = self._transaction.put_back(reason)
        except (OSError, HoldfastError) as failure:
            raise NeedsAttention(journal=self._transaction.txn, reason=str(failure)) from error
        self._note_strangers(error)
        for path in report.kept:
            error.add_note(f"A version of a file that could not be told apart from yours was kept: {path}")
        if not report.is_clean:
            failed = [f"{path}: {failure}" for path, failure in report.failed]
            raise NeedsAttention(journal=self._transaction.txn, failed=failed) from error

    def close(self) -> None:
        """Let go of everything."""
        if os.getpid() != self._process:
            return
        if self._transaction is not None:
            self._transaction.close()
            under_way.discard(self._transaction.txn)
        self._locks.release()
        if self._home is not None:
            self._home.close()

    def _done(self, step: Step) -> Identity | None:
        """Make what the callable left durable and say what it is."""
        ref = self._script.folders()[step.folder]
        try:
            folder = self._fs.open_folder(ref.path)
        except FileNotFoundError:
            return None
        try:
            stat = Eyes(self._fs).at(folder, step.name)
            if stat is None:
                return None
            if stat.kind is not Kind.FILE:
                return records.identity(stat)
            file = self._fs.open(folder, step.name)
            try:
                self._fs.sync_file(file)
            finally:
                self._fs.close(file)
            return records.identity(stat, Eyes(self._fs).digest(folder, step.name), time.time_ns())
        finally:
            self._fs.close(folder)

    def _note_strangers(self, error: BaseException) -> None:
        """Say which other files changed in the same folders meanwhile: the body may have meant to list them."""
        mine = {(step.folder, step.name or step.to_name) for step in self._script.steps()}
        for number, ref in enumerate(self._script.folders()):
            try:
                folder = self._fs.open_folder(ref.path)
            except OSError:
                continue
            try:
                for name in self._fs.list(folder):
                    stat = Eyes(self._fs).at(folder, name)
                    if stat is None or stat.kind is not Kind.FILE or (number, name) in mine:
                        continue
                    if stat.mtime_ns >= self._started_ns and names.parse_side(name) is None:
                        error.add_note(f"Changed meanwhile, but not part of the batch: {ref.path}/{name}")
            finally:
                self._fs.close(folder)
