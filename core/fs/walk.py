"""Reading folders for scans: many names, few stats, and a user who may change everything meanwhile."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from typing import NamedTuple

from core.fs import places
from core.fs.real import RealFileSystem

_READING = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_READING_HERE = _READING | getattr(os, "O_NOFOLLOW", 0)
# Windows cannot open a folder so; there a scan says of every folder that it may not be read.
_FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_BLOCK = 1 << 20
_TWINS = 1000
_KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "symlink"}
# Where others write as well, the kernel here is told nothing of what they do.
_SHARED = frozenset({"nfs", "cifs", "smb", "fuse", "9p"})


class Look(NamedTuple):
    """What a name stands for now, no symlink followed: "file", "folder", "symlink" or "special".

    Size in bytes; `mtime` and `changed` (the last change of content, name or rights) in seconds since 1970. `mine`:
    whether it belongs to this user, or this user may speak for all. `links`: how many names the file has.
    """

    kind: str
    size: int
    mtime: float
    changed: float
    dev: int
    ino: int
    links: int
    mine: bool


class Stamp(NamedTuple):
    """Which folder it is, and when its names, and anything about it, last changed (nanoseconds).

    The same stamp, the same names in it. Both times, since there are file systems that keep only one of them.
    """

    device: int
    ino: int
    mtime_ns: int
    changed_ns: int

    @property
    def newest_ns(self) -> int:
        """The later of both."""
        return max(self.mtime_ns, self.changed_ns)


def _stamp(info: os.stat_result) -> Stamp:
    return Stamp(info.st_dev, info.st_ino, info.st_mtime_ns, info.st_ctime_ns)


class Listing(NamedTuple):
    """One folder and the names in it, folders apart; the stamp is from before they were read."""

    path: str
    stamp: Stamp
    names: list[str]
    folders: list[str]


class Whole(NamedTuple):
    """All that a small file held, and which file it was just before it was read; times in nanoseconds."""

    device: int
    ino: int
    mtime_ns: int
    read_ns: int
    content: bytes


def join(folder: str, name: str) -> str:
    """Return the path of a name in a folder."""
    return f"{folder}{name}" if folder.endswith("/") else f"{folder}/{name}"


def listing(path: str) -> Listing:
    """Read a folder without a stat of anything in it. Raises OSError, also where the path is a symlink."""
    handle = os.open(path, _FOLDER_FLAGS)
    try:
        info = os.fstat(handle)
        names: list[str] = []
        folders: list[str] = []
        with os.scandir(handle) as entries:
            for entry in entries:
                (folders if entry.is_dir(follow_symlinks=False) else names).append(entry.name)
        return Listing(path, _stamp(info), names, folders)
    finally:
        os.close(handle)


def look(path: str, *, follow: bool = False) -> Look | None:
    """Return what is at a path (`follow`: behind its symlinks); None when nothing is that this user may see."""
    try:
        info = os.stat(path, follow_symlinks=follow)
    except (OSError, ValueError):  # ValueError: a name that cannot exist
        return None
    kind = _KINDS.get(stat.S_IFMT(info.st_mode), "special")
    user = places.user()
    mine = user in (0, info.st_uid)
    return Look(kind, info.st_size, info.st_mtime, info.st_ctime, info.st_dev, info.st_ino, info.st_nlink, mine)


def seconds(ns: int) -> float:
    """Return nanoseconds since 1970 as `look` tells them: by the same arithmetic, so that they can be compared."""
    whole, rest = divmod(ns, 1_000_000_000)
    return whole + 1e-9 * rest


def stamp(path: str) -> Stamp | None:
    """Return the stamp that a folder has now; None when nothing is there."""
    try:
        return _stamp(os.lstat(path))
    except OSError:
        return None


def is_gone(error: OSError) -> bool:
    """Whether an error says that there is no such folder (any more), rather than that it cannot be read."""
    return isinstance(error, (FileNotFoundError, NotADirectoryError))


def is_shared(path: str) -> bool:
    """Whether a folder lies on a file system that other machines or programs change behind the kernel's back."""
    try:
        handle = os.open(path, _FOLDER_FLAGS)
    except OSError:
        return False
    try:
        return RealFileSystem().volume(handle).type in _SHARED
    except OSError:
        return False
    finally:
        os.close(handle)


def same_content(one: str, other: str, *, at_most: int) -> bool | None:
    """Whether two files hold the same bytes; None when that cannot be read, or is more than `at_most` bytes.

    Files of different sizes differ without being read. Symlinks are followed.
    """
    try:
        with os.fdopen(os.open(one, _READING), "rb") as first, os.fdopen(os.open(other, _READING), "rb") as second:
            infos = [os.fstat(file.fileno()) for file in (first, second)]
            if not all(stat.S_ISREG(info.st_mode) for info in infos):
                return None
            if infos[0].st_size != infos[1].st_size:
                return False
            if infos[0].st_size > at_most:
                return None
            while block := first.read(_BLOCK):
                if block != second.read(_BLOCK):
                    return False
            return not second.read(1)
    except OSError:
        return None


def entries(path: str) -> tuple[list[str], list[str]]:
    """Return the names of (regular files, folders) in a folder, sorted; no symlink counts. Raises OSError."""
    names: list[str] = []
    folders: list[str] = []
    handle = os.open(path, _FOLDER_FLAGS)
    try:
        with os.scandir(handle) as found:
            for entry in found:
                if entry.is_file(follow_symlinks=False):
                    names.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
    finally:
        os.close(handle)
    names.sort()
    folders.sort()
    return names, folders


def blocks(path: str, first: int = _BLOCK) -> Iterator[bytes]:
    """Yield the content of a regular file in blocks of 1 MiB, following no symlink at its end. Raises OSError.

    `first`: how many bytes the first block has at most, for those who may need no more.
    """
    handle = os.open(path, _READING_HERE)
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        # Most files are small, and a large buffer costs more than they do. One byte more than there is tells the end.
        size, done = min(first, info.st_size + 1), 0
        while block := os.read(handle, size):
            yield block
            done += len(block)
            if len(block) < size and done == info.st_size:
                return
            size = _BLOCK
    finally:
        os.close(handle)


def whole(path: str) -> Whole | None:
    """Return a regular file of up to 1 MiB, following no symlink at its end; None for a larger one. Raises OSError."""
    read_ns = time.time_ns()
    handle = os.open(path, _READING_HERE)
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        if info.st_size > _BLOCK:
            return None
        content = os.read(handle, info.st_size + 1)
    finally:
        os.close(handle)
    # Where it grows meanwhile, or is one of those that tell no size, it has to be read until it ends.
    return Whole(info.st_dev, info.st_ino, info.st_mtime_ns, read_ns, content) if len(content) == info.st_size else None


def head(path: str, size: int = 4096) -> bytes | None:
    """Return the first bytes of a regular file, following no symlink; None where it cannot be read."""
    try:
        return next(blocks(path, size), b"")
    except OSError:
        return None


def link_text(path: str) -> str | None:
    """Return what a symlink says; None where there is none."""
    try:
        return os.readlink(path)
    except OSError:
        return None


def digest(path: str) -> str:
    """Return the SHA-256 of a regular file, following no symlink; "" where it cannot be read."""
    total = hashlib.sha256()
    try:
        for block in blocks(path):
            total.update(block)
    except OSError:
        return ""
    return total.hexdigest()


def twin(folder: str, name: str, size: int, *, at_most: int) -> str:
    """Return the name of another regular file in a folder that has the same content, "" for none.

    Folders with more than a thousand files, and files of more than `at_most` bytes, are not worth the reading.
    """
    try:
        names, _ = entries(folder)
    except OSError:
        return ""
    if len(names) > _TWINS or size > at_most:
        return ""
    path = join(folder, name)
    for other in names:
        seen = look(join(folder, other)) if other != name else None
        if seen is not None and seen.size == size and same_content(path, join(folder, other), at_most=at_most):
            return other
    return ""
