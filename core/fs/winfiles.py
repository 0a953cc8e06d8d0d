"""Open files on Windows: everything that needs no name, by the C runtime's descriptors and kernel32. Not verified there."""

from __future__ import annotations

import ctypes
import os
import stat as modes
import struct

from core.fs import copying
from core.fs.api import Handle, Kind, Stat
from core.fs.win32 import LOCK_VIOLATION, Kernel, error

_WRITE, _SHARE_ALL = 0x40000000, 7  # GENERIC_WRITE; reading, writing and deleting
_BASIC_INFO = 0  # FILE_INFO_BY_HANDLE_CLASS
_BASIC = struct.Struct("<qqqqI4x")  # created, read, written, changed (0: leave alone), attributes
_KEPT_ATTRIBUTES, _NORMAL = 0x1 | 0x2 | 0x4 | 0x20 | 0x2000, 0x80  # read-only, hidden, system, archive, not indexed
_LOCK_AT_ONCE, _LOCK_EXCLUSIVE, _LOCK_PENDING = 1, 2, 997
_JUNCTION = 0xA0000003
_OVERLAPPED = struct.Struct("@PPIIP")  # two words of the system's, the offset's halves, an event


class WindowsFiles:
    """The verbs on open files, and `fstat` also of folders."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def fstat(self, handle: Handle) -> Stat:
        """Stat an open folder or file: `os` asks GetFileInformationByHandle for its file id."""
        return stat_of(os.fstat(handle))

    def lock(self, handle: Handle, *, exclusive: bool) -> bool:
        """Call LockFileEx on one byte far behind the end, since a lock here keeps readers out."""
        flags = _LOCK_AT_ONCE | (_LOCK_EXCLUSIVE if exclusive else 0)
        where = ctypes.create_string_buffer(_OVERLAPPED.pack(0, 0, 0, 0x40000000, 0))
        code = self._kernel.once("LockFileEx", self._kernel.handle(handle), flags, 0, 1, 0, where)
        if code not in (0, LOCK_VIOLATION, _LOCK_PENDING):
            raise error(code)
        return code == 0

    def read(self, handle: Handle, size: int) -> bytes:
        """Read at the position."""
        return os.read(handle, size)

    def read_at(self, handle: Handle, size: int, offset: int) -> bytes:
        """Read at an offset and go back: there is no pread, and no two threads share a handle here."""
        position = os.lseek(handle, 0, os.SEEK_CUR)
        os.lseek(handle, offset, os.SEEK_SET)
        try:
            return os.read(handle, size)
        finally:
            os.lseek(handle, position, os.SEEK_SET)

    def write(self, handle: Handle, data: bytes) -> None:
        """Write everything."""
        copying.write_all(handle, data)

    def seek(self, handle: Handle, offset: int) -> None:
        """Set the position."""
        os.lseek(handle, offset, os.SEEK_SET)

    def truncate(self, handle: Handle, size: int) -> None:
        """Cut or extend the file."""
        os.ftruncate(handle, size)

    def sync_file(self, handle: Handle) -> None:
        """Call FlushFileBuffers, which wants a handle that may write: else on one more of the same file (ReOpenFile)."""
        native = self._kernel.handle(handle)
        try:
            self._kernel.do("FlushFileBuffers", native)
        except PermissionError:
            writing = self._kernel.reopen(native, _WRITE, _SHARE_ALL)
            try:
                self._kernel.do("FlushFileBuffers", writing)
            finally:
                self._kernel.do("CloseHandle", writing)

    def start_writeback(self, handle: Handle, offset: int, size: int) -> None:
        """Do nothing: there is no such call."""

    def copy_content(self, source: Handle, target: Handle) -> None:
        """Read and write."""
        copying.rest(source, target, 0)

    def copy_range(self, source: Handle, target: Handle, offset: int, size: int, to: int) -> int:
        """Read and write."""
        return copying.part(source, target, offset, size, to)

    def copy_flags(self, source: Handle, target: Handle) -> None:
        """Do nothing: attributes come with the other metadata."""

    def set_runnable(self, handle: Handle, *, runnable: bool) -> None:
        """Do nothing: it is the ending of a name that says so."""

    def copy_metadata(self, source: Handle, target: Handle, *, times: bool, owner: bool = True) -> None:
        """Copy the attributes, and the times if told. ACLs are inherited from the folder and streams stay behind."""
        buffer = ctypes.create_string_buffer(_BASIC.size)
        self._kernel.do("GetFileInformationByHandleEx", self._kernel.handle(source), _BASIC_INFO, buffer, _BASIC.size)
        created, seen, written, _, attributes = _BASIC.unpack(buffer.raw)
        if not times:
            seen = written = 0
        data = _BASIC.pack(created, seen, written, 0, attributes & _KEPT_ATTRIBUTES or _NORMAL)
        self._kernel.do("SetFileInformationByHandle", self._kernel.handle(target), _BASIC_INFO, data, len(data))


def stat_of(raw: os.stat_result) -> Stat:
    """Return what the interface tells of what `os` tells; a junction is neither folder nor symlink."""
    if modes.S_ISLNK(raw.st_mode):
        kind = Kind.SYMLINK
    elif getattr(raw, "st_reparse_tag", 0) == _JUNCTION:
        kind = Kind.SPECIAL
    elif modes.S_ISDIR(raw.st_mode):
        kind = Kind.FOLDER
    else:
        kind = Kind.FILE if modes.S_ISREG(raw.st_mode) else Kind.SPECIAL
    mode = modes.S_IMODE(raw.st_mode)
    size, times, links = raw.st_size, raw.st_mtime_ns, raw.st_nlink
    return Stat(kind, raw.st_ino, raw.st_dev, size, times, mode, raw.st_uid, raw.st_gid, links, raw.st_size)
