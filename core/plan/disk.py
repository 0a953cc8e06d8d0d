"""What is on the disk before the batch, asked by path, with what the disk refuses told as a finding."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cached_property

from core.errors import Fix, Problem, ProblemCode
from core.fs.api import FileSystem, Handle, Stat
from core.fs.near import NearFileSystem
from core.journal import inside

_NAME_MAX = 255


class Finding(Exception):
    """A problem met while an operation was looked at; never leaves `core.plan`."""

    def __init__(self, code: ProblemCode, path: str, **values: object) -> None:
        super().__init__(code)
        self.problem = Problem(code, path, values=values)

    @classmethod
    def of(cls, problem: Problem) -> Finding:
        """Return the finding that a problem came from."""
        return cls(problem.code, problem.path, **problem.values)


class Disk:
    """Looks; changes nothing. Paths are absolute, and no symlink in them is followed."""

    def __init__(self, fs: FileSystem) -> None:
        self.fs = fs

    @contextmanager
    def staying(self) -> Iterator[FileSystem]:
        """Stay in the folder that was looked into last, until the next one; for as long as a plan is made."""
        far, near = self.fs, NearFileSystem(self.fs)
        self.fs = near
        try:
            yield near
        finally:
            self.fs = far
            near.leave()

    def stat(self, path: str) -> Stat | None:
        """Stat a path; None where there is nothing. Raises a finding where nobody may look."""
        try:
            return self.look(path)
        except OSError as error:
            too_long = len(os.fsencode(os.path.basename(path))) > _NAME_MAX
            code = ProblemCode.NAME_TOO_LONG if too_long else ProblemCode.UNREADABLE
            raise Finding(code, path, error=error.strerror) from error

    def look(self, path: str) -> Stat | None:
        """Stat a path as `stat` does, for when planning is over. Raises OSError."""
        try:
            with self._folder_of(path) as (folder, name):
                return self.fs.stat(folder, name) if name else self.fs.fstat(folder)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except PermissionError:  # the folder above may be searched, but not read, as that above all homes often is
            found = self._look_into(path)
            if found is None:
                raise
            return found

    def _look_into(self, folder: str) -> Stat | None:
        """Stat a folder from inside; None where that does not go either."""
        try:
            handle = self.fs.open_folder(folder)
        except OSError:
            return None
        try:
            return self.fs.fstat(handle)
        finally:
            self.fs.close(handle)

    def device(self, path: str) -> int:
        """Return the number of the device that holds a path, or would hold it once it is made."""
        while (stat := self.stat(path)) is None:
            path = os.path.dirname(path)
        return stat.dev

    def list(self, path: str) -> list[str]:
        """Return the names in a folder; none where there is no such folder."""
        try:
            handle = self.fs.open_folder(path)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise Finding(ProblemCode.UNREADABLE, path, error=error.strerror) from error
        try:
            return list(self.fs.list(handle))
        finally:
            self.fs.close(handle)

    def inside(self, folder: str, read_ns: int, *, leaving: Collection[str] = ()) -> str:
        """Return the digest of all that is in a folder, see `core.journal.inside`. Raises OSError."""
        with self._folder_of(folder) as (above, name):
            return inside.digest(self.fs, above, name, read_ns, leaving=leaving)

    def target(self, path: str) -> str:
        """Return what the symlink at a path says."""
        with self._folder_of(path) as (folder, name):
            return self.fs.read_symlink(folder, name)

    def is_fixed(self, path: str) -> bool:
        """Whether what is there may be neither moved nor changed by anybody."""
        with self._folder_of(path) as (folder, name):
            return self.fs.is_fixed(folder, name)

    def is_layered(self, path: str) -> bool:
        """Whether a folder cannot be renamed as a whole, since an overlay has a part of it in a lower layer."""
        with self._folder_of(path) as (folder, name):
            return self.fs.is_layered(folder, name)

    def is_mount_point(self, path: str) -> bool:
        """Whether something is mounted there: such a folder or file can be neither moved nor removed nor exchanged."""
        if self._mounts:
            return path in self._mounts
        own, above = self.stat(path), self.stat(os.path.dirname(path))
        return own is not None and above is not None and own.dev != above.dev

    def is_respelt(self, path: str, other: str) -> bool:
        """Whether two paths are spellings of one name, where a file system does not tell upper from lower case."""
        one, two = self.stat(path), self.stat(other)
        if os.path.dirname(path) != os.path.dirname(other) or one is None or two is None or one.ino != two.ino:
            return False
        with self._folder_of(other) as (folder, name):
            return name not in self.fs.list(folder)  # else these are two names of one file

    @cached_property
    def _mounts(self) -> frozenset[str]:
        return self.fs.mounts()

    def _folder_of(self, path: str) -> _Folder:
        return _Folder(self.fs, path)


class _Folder:
    """The folder that holds a path, open as long as it is looked into. Written out: it is done several times a file."""

    __slots__ = ("_fs", "_handle", "_path")

    def __init__(self, fs: FileSystem, path: str) -> None:
        self._fs = fs
        self._path = path

    def __enter__(self) -> tuple[Handle, str]:
        folder, _, name = self._path.rpartition("/")
        self._handle = self._fs.open_folder(folder or "/")
        return self._handle, name

    def __exit__(self, *_: object) -> None:
        self._fs.close(self._handle)


def fixes(code: ProblemCode) -> tuple[Fix, ...]:
    """Return what a person can do about a finding of the first look at the operations."""
    more = {
        ProblemCode.EXISTS: (Fix.RENAME,),
        ProblemCode.UNREADABLE: (Fix.CHANGE_PERMISSIONS,),
        ProblemCode.NAME_TOO_LONG: (Fix.RENAME,),
        ProblemCode.UNKNOWN_SKIP: (Fix.PREVIEW_AGAIN,),
    }
    return (Fix.REMOVE, *more.get(code, ()))
