"""Finds out what a folder can do by doing it, with three small files of a transaction that is always put back.

Whatever ends it, recovery removes its files like those of any other batch: the journal names them first (I1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core import names
from core.errors import HoldfastError
from core.fs.abilities import Abilities, Level
from core.fs.api import FileSystem, Kind
from core.journal.home import Home
from core.journal.records import FolderRef, Step, StepKind
from core.progress import CancelToken, Meter
from core.txn.lock import FolderLocks
from core.txn.remains import find_remains
from core.txn.script import Content, Maker
from core.txn.transaction import Transaction

_FILES = 3


@dataclass(frozen=True, slots=True)
class _Trial:
    """A script of new files that never get their names. It counts no files, so it leaves no history."""

    ref: FolderRef
    name: str = ""
    files: int = 0
    bytes: int = 0
    undo: bool = False
    undoes: str = ""
    partial: bool = False

    def folders(self) -> list[FolderRef]:
        return [self.ref]

    def steps(self) -> Iterator[Step]:
        for side in range(_FILES):
            yield Step(StepKind.PLACE, 0, "", 0, "trial", side, True, 0, None)

    def contents(self) -> Iterator[Maker]:
        for _ in range(_FILES):
            yield self._content

    def _content(self) -> Content:
        return Content(self.ref.path, Kind.FILE, chunks=lambda fs, donor: iter((b"trial",)), mode=0o600)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a place can promise. `is_tried`: it was found out by doing it; else it is what its type is known for."""

    path: str
    filesystem: str
    level: Level
    exchange: bool | None
    links: bool | None
    folder_sync: bool | None
    writable: bool
    is_tried: bool


def find_out(fs: FileSystem, path: str, state: str | None) -> Promise:
    """Say what a folder can promise; tried where that may be. Raises OSError where it cannot be looked at."""
    real = fs.resolve(path)
    handle = fs.open_folder(real)
    try:
        volume, writable = fs.volume(handle), fs.may_write(handle)
    finally:
        fs.close(handle)
    found = _tried(fs, real, volume.abilities, state) if writable else None
    able = found or volume.abilities
    level = able.level if writable else Level.IN_PLACE
    return Promise(real, volume.type, level, *able, writable=writable, is_tried=found is not None)


def _tried(fs: FileSystem, folder: str, believed: Abilities, state: str | None) -> Abilities | None:
    try:
        home = Home.open(fs, state)
    except OSError:
        return None
    try:
        return try_out(home, folder, believed)
    except (OSError, HoldfastError):
        return None
    finally:
        home.close()


def try_out(home: Home, folder: str, believed: Abilities) -> Abilities:
    """Return what a folder (an absolute path without symlinks) can do; what cannot be tried stays as believed.

    Raises:
        Busy: another batch works in the folder.
        OSError: nothing can be made in it.
    """
    fs = home.fs
    handle = fs.open_folder(folder)
    try:
        ref = FolderRef(folder, fs.volume(handle).ident, fs.fstat(handle).lasting_ino, True, 0)
    finally:
        fs.close(handle)
    if find_remains(home, [ref]):
        return believed
    locks = FolderLocks(fs)
    locks.acquire([folder], CancelToken(), wait=False)
    transaction = Transaction(home, _Trial(ref), Meter(), CancelToken())
    try:
        transaction.begin()
        try:
            transaction.stage()
            return _try(fs, folder, transaction.txn, believed)
        finally:
            transaction.put_back("trial")
    finally:
        transaction.close()
        locks.release()


def _try(fs: FileSystem, folder: str, txn: str, believed: Abilities) -> Abilities:
    one, two, three = (names.side(txn, side) for side in range(_FILES))
    handle = fs.open_folder(folder)
    try:
        fs.unlink(handle, three)
        return believed._replace(
            exchange=believed.exchange is not False and _works(lambda: fs.exchange(handle, one, two)),
            links=_works(lambda: fs.link(handle, one, handle, three)),
        )
    finally:
        fs.close(handle)


def _works(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True
