"""A file system in a process, which can do less than most: no exchange, no lasting inodes, and if told no hard links.

    python -m tests.support.fuse_server FOLDER MOUNT_POINT [nolinks]

It passes everything on to a folder. Files are numbered as they come by, so a file has another number after a remount,
as with many file systems that are programs. Needs mfusepy.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

import mfusepy

FOLDER = ""
LINKS = True


def there(path: str) -> str:
    """Return where a file of the mounted file system really is."""
    return FOLDER + path


def passing(call: Callable[..., object]) -> Callable[..., object]:
    """Make a method of a function that takes a path first."""
    return lambda self, path, *arguments: call(there(path), *arguments)


class Passing(mfusepy.Operations):  # type: ignore[misc]
    """Takes no notice of the flags of a rename, as careless programs do: an exchange replaces."""

    use_ns = True
    open = passing(os.open)
    mkdir = passing(os.mkdir)
    readlink = passing(os.readlink)
    rmdir = passing(os.rmdir)
    unlink = passing(os.unlink)
    chmod = passing(os.chmod)
    chown = passing(os.lchown)

    def getattr(self, path: str, fh: int | None = None) -> dict[str, int]:
        found = os.lstat(there(path))
        names = ("st_mode", "st_uid", "st_gid", "st_nlink", "st_size", "st_blocks")
        times = {f"st_{one}": getattr(found, f"st_{one}_ns") for one in ("atime", "mtime", "ctime")}
        return {name: getattr(found, name) for name in names} | times

    def create(self, path: str, mode: int, fi: object = None) -> int:
        return os.open(there(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)

    def readdir(self, path: str, fh: int) -> list[str]:
        return [".", "..", *os.listdir(there(path))]

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return os.pread(fh, size, offset)

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        return os.pwrite(fh, data, offset)

    def truncate(self, path: str, length: int, fh: int | None = None) -> None:
        os.truncate(there(path) if fh is None else fh, length)

    def fsync(self, path: str, datasync: int, fh: int) -> None:
        os.fsync(fh)

    def release(self, path: str, fh: int) -> None:
        os.close(fh)

    def symlink(self, target: str, source: str) -> None:
        os.symlink(source, there(target))

    def link(self, target: str, source: str) -> None:
        if not LINKS:
            raise mfusepy.FuseOSError(errno.EPERM)
        os.link(there(source), there(target))

    def rename(self, old: str, new: str) -> None:
        os.rename(there(old), there(new))

    def statfs(self, path: str) -> dict[str, int]:
        found = os.statvfs(there(path))
        return {key: getattr(found, key) for key in ("f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail")}

    def utimens(self, path: str, times: tuple[int, int]) -> None:
        os.utime(there(path), ns=times, follow_symlinks=False)


if __name__ == "__main__":
    FOLDER, LINKS = sys.argv[1], "nolinks" not in sys.argv
    mfusepy.FUSE(Passing(), sys.argv[2], foreground=True, nothreads=True, default_permissions=True)
