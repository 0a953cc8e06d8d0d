"""Walking through folders, for scans: many names, few stats, and a user who may change everything meanwhile."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Look(NamedTuple):
    """What a name stands for now, without following a symlink: "file", "folder", "symlink" or "special".

    Size in bytes, `mtime` in seconds since 1970. `dev` and `ino` tell files apart while they exist.
    """

    kind: str
    size: int
    mtime: float
    dev: int
    ino: int


@dataclass(slots=True)
class Walk:
    """Counts of one walk: folders that were read, and those that could not be."""

    folders: int = 0
    unreadable: int = 0
    skip: frozenset[str] = field(default_factory=frozenset)

    def names(self, root: str, wanted: Callable[[str], bool]) -> Iterator[str]:
        """Yield the paths of what is wanted by name, in and below a folder.

        Folders in `skip` are left out, symlinks are not followed and other file systems are not entered.
        """
        try:
            device = os.stat(root).st_dev
        except OSError:
            self.unreadable += 1
            return
        waiting = [root]
        while waiting:
            folder = waiting.pop()
            inner: list[str] = []
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if entry.is_dir(follow_symlinks=False):
                            inner.append(entry.name)
                        elif wanted(entry.name):
                            yield entry.path
            except OSError:  # not readable, or gone since it was listed
                self.unreadable += 1
                continue
            self.folders += 1
            waiting.extend(self._enter(folder, inner, device))

    def _enter(self, folder: str, names: list[str], device: int) -> Iterator[str]:
        for name in sorted(names, reverse=True):
            path = f"{folder.rstrip('/')}/{name}"
            if name not in self.skip and not (os.path.ismount(path) and os.lstat(path).st_dev != device):
                yield path


def look(path: str) -> Look | None:
    """Return what is at a path, None when nothing is."""
    try:
        info = os.lstat(path)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP, errno.ENAMETOOLONG):
            return None
        raise
    kinds = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "symlink"}
    kind = kinds.get(stat.S_IFMT(info.st_mode), "special")
    return Look(kind, info.st_size, info.st_mtime, info.st_dev, info.st_ino)


def resolved(path: str) -> str:
    """Return the path with every symlink followed, as far as it leads anywhere."""
    return os.path.realpath(path)


def same_content(one: str, other: str, *, at_most: int) -> bool | None:
    """Whether two files hold the same bytes; None when either cannot be read or is larger than `at_most` bytes."""
    try:
        with open(one, "rb") as first, open(other, "rb") as second:
            sizes = os.fstat(first.fileno()).st_size, os.fstat(second.fileno()).st_size
            if sizes[0] != sizes[1]:
                return False
            if sizes[0] > at_most:
                return None
            while block := first.read(1 << 20):
                if block != second.read(1 << 20):
                    return False
            return True
    except OSError:
        return None
