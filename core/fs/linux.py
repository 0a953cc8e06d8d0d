"""Linux: the calls that Python's `os` lacks, by ctypes, and the file system that uses them.

The calls are renameat2, openat2, syncfs, sync_file_range, fstatfs, and the ioctl for a volume's UUID. The signature of each is
declared once; a ctypes call costs about 0.2 microseconds, so no C extension is needed. Where the C library lacks one it
answers ENOSYS, and the engine takes its fallbacks.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import re
import struct
from typing import Any

from core.fs import attributes, copying, metadata, overlay
from core.fs.api import Handle, Volume
from core.fs.posix import FOLDER_FLAGS, PosixFileSystem

RENAME_NOREPLACE = 1
RENAME_EXCHANGE = 2

_FS_IOC_GETFSUUID = 0x80111500  # _IOR(0x15, 0, struct fsuuid2), Linux 6.9
_AT_SYMLINK_NOFOLLOW = 0x100
_STATX_ATTRIBUTES_AT = 8  # bytes into struct statx
_STATX_IMMUTABLE_OR_APPEND = 0x10 | 0x20
_SYNCFS_HONOURED = {
    0xEF53: "ext4",
    0x58465342: "xfs",
    0x9123683E: "btrfs",
    0xF2F52010: "f2fs",
    0x01021994: "tmpfs",
    0x794C7630: "overlay",
}
_OTHER_TYPES = {
    0x6969: "nfs",
    0xFF534D42: "cifs",
    0xFE534D42: "smb",
    0x65735546: "fuse",
    0x4D44: "vfat",
    0x2011BAB0: "exfat",
    0x2FC12FC1: "zfs",
    0x7366746E: "ntfs3",
    0x01021997: "9p",
}

_NO_COPY_RANGE = frozenset({errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM})

_ESCAPED = re.compile(rb"\\([0-7]{3})")  # space, tab, newline and backslash

_libc = ctypes.CDLL(None, use_errno=True)


def _function(name: str, *arguments: type) -> Any:
    function = getattr(_libc, name, None)
    if function is not None:
        function.argtypes = arguments
        function.restype = ctypes.c_int
    return function


_renameat2 = _function("renameat2", ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
_syncfs = _function("syncfs", ctypes.c_int)
_sync_file_range = _function("sync_file_range", ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
_SYNC_FILE_RANGE_WRITE = 2
_syscall = _function("syscall", ctypes.c_long, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t)
_OPENAT2 = 437  # on every kind of processor but Alpha; the C library has no function for it
_RESOLVE_NO_SYMLINKS = 4
_HOW_TO_OPEN_FOLDERS = struct.pack("=QQQ", FOLDER_FLAGS, 0, _RESOLVE_NO_SYMLINKS)  # struct open_how
_PATH_MAX = 4095
_statx = _function("statx", ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_uint, ctypes.c_char_p)
_fstatfs = _function("fstatfs", ctypes.c_int, ctypes.c_char_p)


def _raise(name: str = "") -> None:
    number = ctypes.get_errno()
    raise OSError(number, os.strerror(number), name)


def renameat2(folder: int, name: str, to_folder: int, to_name: str, flags: int) -> None:
    """Rename with flags (rename(2)); ENOSYS where the C library has no such call."""
    if _renameat2 is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), name)
    if _renameat2(folder, os.fsencode(name), to_folder, os.fsencode(to_name), flags) != 0:
        _raise(name)


def syncfs(folder: int) -> None:
    """Flush the file system of `folder`; since Linux 5.8 it reports write errors since the descriptor was opened."""
    if _syncfs is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if _syncfs(folder) != 0:
        _raise()


def open_folder(path: str) -> int:
    """Open a folder by absolute path, no component of which may be a symlink, in one call; -1 where that fails.

    It fails before Linux 5.6, under a filter that does not know the call, and wherever `open` itself would.
    """
    raw = os.fsencode(path)
    if _syscall is None or len(raw) > _PATH_MAX or b"\0" in raw:
        return -1
    handle: int = _syscall(_OPENAT2, -1, raw, _HOW_TO_OPEN_FOLDERS, len(_HOW_TO_OPEN_FOLDERS))
    return handle


def start_writeback(handle: int, offset: int, size: int) -> None:
    """Begin writeback of a range without waiting for it."""
    if _sync_file_range is not None:
        _sync_file_range(handle, offset, size, _SYNC_FILE_RANGE_WRITE)


def is_fixed(folder: int, name: str) -> bool:
    """Whether a name is immutable or append-only; False where the system does not say."""
    buffer = ctypes.create_string_buffer(256)
    if _statx is None or _statx(folder, os.fsencode(name), _AT_SYMLINK_NOFOLLOW, 0, buffer) != 0:
        return False
    return bool(struct.unpack_from("=Q", buffer, _STATX_ATTRIBUTES_AT)[0] & _STATX_IMMUTABLE_OR_APPEND)


def mounts() -> frozenset[str]:
    """Read the paths of all mounts that this process sees (proc_pid_mountinfo(5)); empty where there is no /proc."""
    try:
        with open("/proc/self/mountinfo", "rb") as file:
            points = [line.split(b" ", 5)[4] for line in file]
    except OSError:
        return frozenset()
    return frozenset(os.fsdecode(_ESCAPED.sub(lambda found: bytes([int(found[1], 8)]), point)) for point in points)


def volume(folder: int) -> Volume:
    """Identify a mounted file system by UUID or by its own id; never by device number, which a remount changes."""
    if _fstatfs is None:
        return Volume(f"dev:{os.fstat(folder).st_dev}", "unknown", honours_syncfs=False)
    # struct statfs begins with f_type (a word) and has f_fsid (two ints) behind seven words, on 64-bit Linux.
    buffer = ctypes.create_string_buffer(256)
    if _fstatfs(folder, buffer) != 0:
        _raise()
    number = struct.unpack_from("@l", buffer.raw, 0)[0] & 0xFFFFFFFF
    identity = buffer.raw[7 * struct.calcsize("@l") :][:8].hex()
    name = _SYNCFS_HONOURED.get(number) or _OTHER_TYPES.get(number) or f"{number:#x}"
    if name == "xfs":  # its f_fsid is the device number
        identity = _uuid(folder) or identity
    return Volume(f"{name}:{identity}", name, honours_syncfs=number in _SYNCFS_HONOURED)


def _uuid(folder: int) -> str | None:
    buffer = bytearray(17)
    try:
        fcntl.ioctl(folder, _FS_IOC_GETFSUUID, buffer)
    except OSError:  # before Linux 6.9
        return None
    return buffer[1 : 1 + buffer[0]].hex()


class LinuxFileSystem(PosixFileSystem):
    """Everything that Linux can do."""

    def open_folder(self, path: str) -> Handle:
        """Let the kernel walk, which is twenty calls less; our own walk is for where it cannot, and for saying why."""
        plain = path.startswith("/") and "/.." not in path
        handle = open_folder(path) if plain else -1
        return handle if handle >= 0 else super().open_folder(path)

    def volume(self, folder: Handle) -> Volume:
        """Return the identity of the file system that holds the folder."""
        return volume(folder)

    def sync_volume(self, folder: Handle) -> None:
        """Call syncfs."""
        syncfs(folder)

    def mounts(self) -> frozenset[str]:
        """Ask the kernel: a file mounted from the same disk has the same device as its folder."""
        return mounts()

    def is_fixed(self, folder: Handle, name: str) -> bool:
        """Ask statx for the attributes."""
        return is_fixed(folder, name)

    def is_layered(self, folder: Handle, name: str) -> bool:
        """Ask the overlay, where it is one."""
        return self.volume(folder).type == overlay.NAME and not overlay.may_be_renamed(folder, name)

    def _keeps_inodes(self, handle: Handle, raw: os.stat_result) -> bool:
        try:
            if self.volume(handle).type == overlay.NAME:
                return overlay.keeps_inodes(handle, raw)
        except OSError:  # nothing is known of it
            return False
        return super()._keeps_inodes(handle, raw)

    def _rename_exclusively(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        renameat2(folder, name, to_folder, to_name, RENAME_NOREPLACE)

    def exchange(self, folder: Handle, name: str, other: str) -> None:
        """Exchange two names in one step."""
        renameat2(folder, name, folder, other, RENAME_EXCHANGE)

    def _flush(self, handle: Handle) -> None:
        os.fsync(handle)

    def start_writeback(self, handle: Handle, offset: int, size: int) -> None:
        """Call sync_file_range where there is one."""
        start_writeback(handle, offset, size)

    def copy_content(self, source: Handle, target: Handle) -> None:
        """Use copy_file_range, which shares extents where the file system can; else read and write."""
        offset = 0
        try:
            while count := os.copy_file_range(source, target, 1 << 30, offset, offset):
                offset += count
        except OSError as error:
            if error.errno not in _NO_COPY_RANGE:
                raise
        copying.rest(source, target, offset)

    def copy_range(self, source: Handle, target: Handle, offset: int, size: int, to: int) -> int:
        """Use copy_file_range, as often as it takes: it copies 2 GiB at most, and less whenever it likes."""
        copied = 0
        try:
            while copied < size and (
                count := os.copy_file_range(source, target, size - copied, offset + copied, to + copied)
            ):
                copied += count
        except OSError as error:
            if error.errno not in _NO_COPY_RANGE:
                raise
        # Nothing copied is the end of the file, or a file system that says so instead of refusing.
        return copied + copying.part(source, target, offset + copied, size - copied, to + copied)

    def copy_flags(self, source: Handle, target: Handle) -> None:
        """Copy what `chattr` can set, without what would keep us from our own file."""
        attributes.copy_flags(source, target)

    def copy_metadata(self, source: Handle, target: Handle, *, times: bool, owner: bool = True) -> None:
        """Copy owner, mode, ACL, labels, attributes and times."""
        metadata.copy(source, target, attributes=attributes.copy, times=times, owner=owner)
