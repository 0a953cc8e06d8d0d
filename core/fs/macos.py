"""macOS: its own rename flags, flushes and copies. Written from its documentation; not verified on real machines.

Sources, all in Apple's manual: rename(2) for `renameatx_np` and its flags, fsync(2) and fcntl(2) for `F_FULLFSYNC`,
copyfile(3), statfs(2), getattrlist(2) for a volume's UUID; the numbers are from the headers that those pages name.

Names: APFS compares them without regard to case unless it was formatted otherwise, and always without regard to Unicode
normalization (HFS+ stores them decomposed). So one name can be found by several spellings, and `list` may spell it in
another way than it was asked for. The engine finds files by inode after every step and never by spelling.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import functools
import os
import stat
import struct
from typing import Any

from core.fs import copying, metadata
from core.fs.api import Handle, Volume
from core.fs.posix import PosixFileSystem

RENAME_SWAP = 0x2
RENAME_EXCL = 0x4
F_FULLFSYNC = 51
_SETTABLE = 0xFFFF  # UF_SETTABLE, which Python's `stat` names from 3.13 on
_FIXED = stat.UF_IMMUTABLE | stat.UF_APPEND | stat.SF_IMMUTABLE | stat.SF_APPEND
COPYFILE_ACL, COPYFILE_XATTR, COPYFILE_DATA = 1, 4, 8

# What F_FULLFSYNC answers where the disk or the server has no such thing: fsync is the most that can be had there.
_NO_FULL_SYNC = frozenset({errno.ENOTSUP, errno.ENOTTY, errno.EINVAL, errno.ENOSYS})
# What fcopyfile answers where a file system takes no ACL or no attributes.
_NO_ATTRIBUTES = frozenset({errno.ENOTSUP, errno.EPERM, errno.EACCES, errno.EINVAL})

_UUID_REQUEST = struct.pack("=HHIIIII", 5, 0, 0, 0x80000000 | 0x00040000, 0, 0, 0)  # ATTR_VOL_INFO | ATTR_VOL_UUID
_STATFS_BYTES = 4096  # struct statfs takes 2,168
_FSID_AT, _TYPE_NAME_AT, _TYPE_NAME_BYTES = 48, 72, 16


@functools.cache
def system() -> Any:
    """Return the C library, loaded at first use so that every platform can import this."""
    return ctypes.CDLL(None, use_errno=True)


def _call(function: Any, *arguments: Any, name: str = "") -> None:
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)


def renameatx(folder: Handle, name: str, to_folder: Handle, to_name: str, flags: int) -> None:
    """Rename with flags; ENOTSUP, where the file system has no such flag, becomes EINVAL as on Linux."""
    old, new = os.fsencode(name), os.fsencode(to_name)
    try:
        _call(system().renameatx_np, folder, old, to_folder, new, ctypes.c_uint(flags), name=name)
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), name) from error


def copy_attributes(source: Handle, target: Handle) -> None:
    """Copy ACL and extended attributes (the resource fork and Finder's labels are among them)."""
    try:
        _call(system().fcopyfile, source, target, None, ctypes.c_uint32(COPYFILE_ACL | COPYFILE_XATTR))
    except OSError as error:
        if error.errno not in _NO_ATTRIBUTES:
            raise


def boot() -> str:
    """Name this run of the machine by `kern.bootsessionuuid` (sysctl(3)); `kern.boottime` moves when the clock is set."""
    answer = ctypes.create_string_buffer(64)
    size = ctypes.c_size_t(len(answer))
    if system().sysctlbyname(b"kern.bootsessionuuid", answer, ctypes.byref(size), None, ctypes.c_size_t(0)) != 0:
        return ""
    return answer.value.decode("ascii", "replace")


def volume(folder: Handle) -> Volume:
    """Identify a volume by its UUID, else by its `f_fsid`, which a remount may change: then recovery keeps and waits."""
    # On Intel the structure with 64-bit inodes, which is the only one elsewhere, has a name of its own.
    library = system()
    fstatfs = getattr(library, "fstatfs$INODE64", None) or library.fstatfs
    buffer = ctypes.create_string_buffer(_STATFS_BYTES)
    _call(fstatfs, folder, buffer)
    kind = buffer.raw[_TYPE_NAME_AT:][:_TYPE_NAME_BYTES].partition(b"\0")[0].decode("ascii", "replace")
    ident = _uuid(folder) or buffer.raw[_FSID_AT:][:8].hex()
    return Volume(f"{kind}:{ident}", kind, honours_syncfs=False)


def _uuid(folder: Handle) -> str | None:
    answer = ctypes.create_string_buffer(64)
    size = ctypes.c_size_t(len(answer))
    try:
        _call(system().fgetattrlist, folder, _UUID_REQUEST, answer, size, ctypes.c_ulong(0))
    except OSError:  # not every file system has one
        return None
    length = int(struct.unpack_from("=I", answer.raw)[0])
    uuid = answer.raw[4:20]
    return uuid.hex() if length >= 20 and any(uuid) else None


class MacFileSystem(PosixFileSystem):
    """What macOS can do: exchange and exclusive rename on APFS, full flushes, no flush of a whole volume."""

    def volume(self, folder: Handle) -> Volume:
        """Return the identity of the volume that holds the folder."""
        return volume(folder)

    def open_folder(self, path: str) -> Handle:
        """Walk down as everywhere; a symlink answers ELOOP to O_NOFOLLOW here, and ENOTDIR in the interface."""
        try:
            return super().open_folder(path)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path) from error

    def sync_volume(self, folder: Handle) -> None:
        """Answer ENOSYS: macOS has no syncfs, and its sync(2) does not wait."""
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    def mounts(self) -> frozenset[str]:
        """Say nothing: where a mount begins, the device tells; single files cannot be mounted here."""
        return frozenset()

    def is_fixed(self, folder: Handle, name: str) -> bool:
        """Look at the flags of chflags(2): immutable or append-only, for the user or for the system."""
        flags = getattr(os.stat(name, dir_fd=folder, follow_symlinks=False), "st_flags", 0)
        return bool(flags & _FIXED)

    def _rename_exclusively(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        renameatx(folder, name, to_folder, to_name, RENAME_EXCL)

    def exchange(self, folder: Handle, name: str, other: str) -> None:
        """Exchange two names in one step; EINVAL outside APFS."""
        renameatx(folder, name, folder, other, RENAME_SWAP)

    def _flush(self, handle: Handle) -> None:
        """Ask the drive itself: fsync stops at its cache, and F_BARRIERFSYNC only orders what is written."""
        try:
            fcntl.fcntl(handle, F_FULLFSYNC)
        except OSError as error:
            if error.errno not in _NO_FULL_SYNC:
                raise
            os.fsync(handle)

    def start_writeback(self, handle: Handle, offset: int, size: int) -> None:
        """Do nothing: there is no such call."""

    def copy_content(self, source: Handle, target: Handle) -> None:
        """Use fcopyfile from the start of both. A clone would need a name that does not exist yet."""
        os.lseek(source, 0, os.SEEK_SET)
        os.lseek(target, 0, os.SEEK_SET)
        try:
            _call(system().fcopyfile, source, target, None, ctypes.c_uint32(COPYFILE_DATA))
        except OSError as error:
            if error.errno != errno.ENOTSUP:
                raise
            copying.rest(source, target, 0)
        else:
            os.lseek(target, 0, os.SEEK_END)

    def copy_flags(self, source: Handle, target: Handle) -> None:
        """Copy what a user may set (hidden, no-dump …), without what would keep us from our own file."""
        flags = getattr(os.fstat(source), "st_flags", 0) & _SETTABLE & ~_FIXED
        if flags:
            with contextlib.suppress(OSError):  # a file system without flags
                _call(system().fchflags, target, ctypes.c_uint(flags))

    def copy_metadata(self, source: Handle, target: Handle, *, times: bool, owner: bool = True) -> None:
        """Copy owner, mode, ACL, attributes and times."""
        metadata.copy(source, target, attributes=copy_attributes, times=times, owner=owner)
