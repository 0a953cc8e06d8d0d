"""What the doors ask of the engine, as `core.txn.script.Script`s: files to protect, or drafts to put in place."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.fs.api import FileSystem, Handle, Kind, Stat
from core.journal import records
from core.journal.records import FolderRef, Identity, Step, StepKind
from core.txn.look import Eyes
from core.txn.script import Content, Donor, Maker

# A database's newest commits may lie beside it: https://www.sqlite.org/tempfiles.html
_SQLITE = b"SQLite format 3\0"
_SQLITE_COMPANIONS = ("-journal", "-wal", "-shm")


@dataclass(slots=True)
class DoorScript:
    """Steps and contents that were worked out beforehand; the doors touch a handful of files."""

    fs: FileSystem
    name: str
    undo: bool = False
    undoes: str = ""
    partial: bool = False
    bytes: int = 0
    refs: list[FolderRef] = field(default_factory=list)
    made: list[Step] = field(default_factory=list)
    makers: list[Maker | None] = field(default_factory=list)

    @property
    def files(self) -> int:
        """How many names it touches."""
        return len(self.made)

    def folders(self) -> list[FolderRef]:
        """Return all folders, numbered by position."""
        return self.refs

    def steps(self) -> Iterator[Step]:
        """Yield the steps in the order of the swap."""
        return iter(self.made)

    def contents(self) -> Iterator[Maker | None]:
        """Yield for every step what tells its content, if it is staged."""
        return iter(self.makers)

    def protect(self, paths: Iterable[str]) -> None:
        """Add an in-place step for every file that a callable may change, and for what it may have to make for it.

        Raises:
            IsADirectoryError: a folder.
            OSError: a FIFO, socket or device; or a file that cannot be read.
        """
        seen: set[str] = set()
        for path in paths:
            absolute = os.path.abspath(path)
            for name in (_with_real_folder(self.fs, absolute), self.fs.resolve(absolute)):
                self._protect_one(name, seen)
            for companion in self._companions(self.fs.resolve(absolute)):
                self._protect_one(companion, seen)

    def put(self, path: str, *, copy: bool) -> None:
        """Add the steps that put a draft in the place of a file; `copy`: the draft begins with the file's content.

        A file with several names keeps them all: the draft is copied into it, instead of taking its name.
        """
        real = self.fs.resolve(os.path.abspath(path))
        folder, name = os.path.split(real)
        number = self._number(folder)
        found = self._stat(folder, name)
        _demand_file(found, path)
        if found is None:
            self._add(StepKind.PLACE, number, name, Content(real, Kind.FILE, draft=True), None)
            return
        original = self._identity(folder, name, found)
        donor = Donor(folder, name, original, content=copy)
        if found.nlink > 1:
            self._protect_one(real, set())
            self._add(StepKind.DRAFT, number, name, Content(real, Kind.FILE, donor=donor, draft=True), original)
        else:
            content = Content(real, Kind.FILE, donor=donor, draft=True)
            self._add(StepKind.EXCHANGE, number, name, content, original)

    def _protect_one(self, path: str, seen: set[str]) -> None:
        if path in seen:
            return
        seen.add(path)
        folder, name = os.path.split(path)
        if not self._is_folder(folder):
            self._protect_one(folder, seen)
            self._add(StepKind.INPLACE, self._number_missing(folder), name, None, None)
            return
        number, found = self._number(folder), self._stat(folder, name)
        if found is None:
            self._add(StepKind.INPLACE, number, name, None, None)
            return
        if found.kind is Kind.SYMLINK:
            content = Content(path, Kind.SYMLINK, target=self._read_symlink(folder, name))
            self._add(StepKind.INPLACE, number, name, content, records.identity(found))
            return
        _demand_file(found, path)
        original = records.identity(found)
        donor = Donor(folder, name, original, times=True, content=True)
        self._add(StepKind.INPLACE, number, name, Content(path, Kind.FILE, donor=donor), original)
        self.bytes += found.size

    def _add(self, kind: StepKind, folder: int, name: str, content: Content | None, original: Identity | None) -> None:
        name, to_name = ("", name) if kind is StepKind.PLACE else (name, name)
        side, staged = len(self.made), content is not None
        self.made.append(Step(kind, folder, name, folder, to_name, side, staged, folder, original))
        self.makers.append(None if content is None else lambda: content)

    def _identity(self, folder: str, name: str, found: Stat) -> Identity:
        """Read the file only where its time is so new that a stat alone would prove nothing later."""
        now = time.time_ns()
        known = records.identity(found, "unread", now)
        if not records.is_racy(known):
            return records.identity(found)
        with self._opened(folder) as handle:
            return records.identity(found, Eyes(self.fs).digest(handle, name), now)

    def _companions(self, path: str) -> list[str]:
        folder, name = os.path.split(path)
        found = self._stat(folder, name) if self._is_folder(folder) else None
        if found is None or found.kind is not Kind.FILE:
            return []
        with self._opened(folder) as handle:
            file = self.fs.open(handle, name)
        try:
            is_database = self.fs.read(file, len(_SQLITE)) == _SQLITE
        finally:
            self.fs.close(file)
        return [path + ending for ending in _SQLITE_COMPANIONS] if is_database else []

    def _number(self, folder: str) -> int:
        for number, ref in enumerate(self.refs):
            if ref.path == folder:
                return number
        with self._opened(folder) as handle:
            ident, ino = self.fs.volume(handle).ident, self.fs.fstat(handle).lasting_ino
        self.refs.append(FolderRef(folder, ident, ino, True, len(self.refs)))
        return len(self.refs) - 1

    def _number_missing(self, folder: str) -> int:
        """Number a folder that the callable will have to make; it is on the volume of the one above it."""
        for number, ref in enumerate(self.refs):
            if ref.path == folder:
                return number
        above = os.path.dirname(folder)
        number = self._number(above) if self._is_folder(above) else self._number_missing(above)
        self.refs.append(FolderRef(folder, self.refs[number].volume, 0, False, len(self.refs)))
        return len(self.refs) - 1

    def _is_folder(self, path: str) -> bool:
        try:
            with self._opened(path):
                return True
        except FileNotFoundError:
            return False

    def _stat(self, folder: str, name: str) -> Stat | None:
        with self._opened(folder) as handle:
            return Eyes(self.fs).at(handle, name)

    def _read_symlink(self, folder: str, name: str) -> str:
        with self._opened(folder) as handle:
            return self.fs.read_symlink(handle, name)

    @contextmanager
    def _opened(self, folder: str) -> Iterator[Handle]:
        handle = self.fs.open_folder(folder)
        try:
            yield handle
        finally:
            self.fs.close(handle)


def _with_real_folder(fs: FileSystem, path: str) -> str:
    """Return the path of the name itself: every symlink above it followed, but not the last one."""
    folder, name = os.path.split(path)
    return os.path.join(fs.resolve(folder), name)


def _demand_file(found: Stat | None, path: str) -> None:
    if found is None or found.kind is Kind.FILE:
        return
    if found.kind is Kind.FOLDER:
        raise IsADirectoryError(errno.EISDIR, "a folder has no content to change. Nothing was changed", path)
    raise OSError(errno.EINVAL, "not a regular file. Nothing was changed", path)
