"""Windows. Written from Microsoft's documentation of the calls that are named here; not verified on real machines.

There are no calls on names in open folders, so a folder's handle stands for its path; but while it is open no other
program can rename or remove it, or a folder above it: it is opened without FILE_SHARE_DELETE (CreateFileW). Files are
opened with it, so that we never keep anybody from renaming a file.

What the engine does without: exchanging two names (it takes a hard link and a replacing rename), locks on folders
(LockFileEx wants a file), and flushing a folder. Renaming is made durable as well as that is documented: through a
handle with FILE_FLAG_WRITE_THROUGH, for which NTFS flushes the change of the name too (CreateFileW, "Caching behavior").
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import stat as modes
import struct
from collections.abc import Iterator

from core.fs import winnames
from core.fs.api import Handle, Kind, Stat, Volume
from core.fs.win32 import Kernel
from core.fs.winfiles import WindowsFiles, stat_of

_READ, _WRITE, _DELETE = 0x80000000, 0x40000000, 0x00010000  # GENERIC_READ, GENERIC_WRITE, DELETE
_ADD_FILE, _LIST, _TRAVERSE, _READ_ATTRIBUTES = 0x2, 0x1, 0x20, 0x80
_SHARE_ALL, _SHARE_BUT_DELETE = 7, 3
_CREATE_NEW, _OPEN_EXISTING = 1, 3
_FOLDERS_TOO, _THE_LINK_ITSELF, _WRITE_THROUGH = (
    0x02000000,
    0x00200000,
    0x80000000,
)  # BACKUP_SEMANTICS, OPEN_REPARSE_POINT
_MOVE_REPLACE, _MOVE_WRITE_THROUGH = 0x1, 0x8
_NORMAL = 0x80  # FILE_ATTRIBUTE_NORMAL: not read-only
_DISPOSITION_EX, _RENAME_EX = 21, 22  # FILE_INFO_BY_HANDLE_CLASS
_RENAME_FLAGS = 0x1 | 0x2 | 0x40  # REPLACE_IF_EXISTS, POSIX_SEMANTICS, IGNORE_READONLY_ATTRIBUTE
_DISPOSITION_FLAGS = 0x1 | 0x2 | 0x10  # DELETE, POSIX_SEMANTICS, IGNORE_READONLY_ATTRIBUTE
# Before Windows 10 1809, and on FAT and many servers, renaming and deleting know no such flags.
_NO_FLAG = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})


class WindowsFileSystem(WindowsFiles):
    """`core.fs.api.FileSystem` on Windows."""

    def __init__(self, kernel: Kernel | None = None) -> None:
        super().__init__(kernel or Kernel())
        self._paths: dict[Handle, str] = {}  # of open folders

    def _native(self, path: str) -> str:
        return winnames.native(path)

    def _engine(self, path: str) -> str:
        return winnames.engine(path)

    def _at(self, folder: Handle, name: str) -> str:
        return self._native(f"{self._paths[folder]}/{name}")

    def _free_at(self, folder: Handle, name: str) -> str:
        """Return where a new name will be; EINVAL for one that other programs could not reach."""
        if not winnames.is_usable(name):
            raise OSError(errno.EINVAL, "no usable name on Windows", name)
        return self._at(folder, name)

    # paths

    def resolve(self, path: str) -> str:
        """Return the absolute path with every symlink followed; ELOOP for a loop."""
        resolved = os.path.realpath(self._native(path))
        if os.path.islink(resolved):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        return self._engine(resolved)

    def is_symlink(self, path: str) -> bool:
        """Look at the last part alone."""
        return os.path.islink(self._native(path))

    def mounts(self) -> frozenset[str]:
        """Say nothing: where a mount begins, the device tells."""
        return frozenset()

    def open_folder(self, path: str) -> Handle:
        """Walk down from the drive; each folder is held while the next is opened, so none can be exchanged meanwhile."""
        held: list[Handle] = []
        try:
            for part in self._ways(path):
                last = part == path
                access = (_LIST if last else 0) | _TRAVERSE | _READ_ATTRIBUTES
                flags = _FOLDERS_TOO | _THE_LINK_ITSELF
                native = self._native(part)
                held.append(self._kernel.open(native, access, _SHARE_BUT_DELETE, _OPEN_EXISTING, flags))
                if stat_of(os.lstat(native)).kind is not Kind.FOLDER:
                    raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
            handle = held.pop()
        finally:
            for one in held:
                os.close(one)
        self._paths[handle] = path
        return handle

    def _ways(self, path: str) -> Iterator[str]:
        """Yield the path of every folder on the way, from the drive or share to the folder itself."""
        self._native(path)  # raises for what is no path
        parts = path.strip("/").split("/")
        for end in range(3 if parts[0].upper() == "UNC" else 1, len(parts)):
            yield "/" + "/".join(parts[:end])
        yield path

    # folders

    def close(self, handle: Handle) -> None:
        """Close; whatever must be durable was synced before."""
        self._paths.pop(handle, None)
        with contextlib.suppress(OSError):
            os.close(handle)

    def volume(self, folder: Handle) -> Volume:
        """Identify a volume by its serial number, which it was formatted with (GetVolumeInformationByHandleW)."""
        serial, kind = ctypes.c_uint32(), ctypes.create_unicode_buffer(64)
        handle = self._kernel.handle(folder)
        out = ctypes.byref(serial)
        self._kernel.do("GetVolumeInformationByHandleW", handle, None, 0, out, None, None, kind, len(kind))
        name = kind.value.lower()
        return Volume(f"{name}:{serial.value:08x}", name, honours_syncfs=False)

    def free_space(self, folder: Handle) -> int:
        """Bytes that this user may still write there, quota included (GetDiskFreeSpaceExW)."""
        free = ctypes.c_uint64()
        path = self._native(self._paths[folder])
        self._kernel.do("GetDiskFreeSpaceExW", path, ctypes.byref(free), None, None, path=path)
        return free.value

    def may_write(self, folder: Handle) -> bool:
        """Ask by opening the folder for adding files: only the system can weigh an ACL."""
        try:
            path = self._native(self._paths[folder])
            os.close(self._kernel.open(path, _ADD_FILE, _SHARE_ALL, _OPEN_EXISTING, _FOLDERS_TOO))
        except OSError:
            return False
        return True

    def list(self, folder: Handle) -> Iterator[str]:
        """Names in the folder, in no order."""
        with os.scandir(self._native(self._paths[folder])) as entries:
            for entry in entries:
                yield entry.name

    def sync_folder(self, folder: Handle) -> None:
        """Do nothing: FlushFileBuffers is for files and whole volumes. `platforms` says that the promise is lower."""

    def sync_volume(self, folder: Handle) -> None:
        """Answer ENOSYS: flushing a volume is for administrators."""
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    def lock(self, handle: Handle, *, exclusive: bool) -> bool:
        """Lock a file; ENOTSUP for folders, which Windows cannot lock."""
        if handle in self._paths:
            raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))
        return super().lock(handle, exclusive=exclusive)

    # names

    def stat(self, folder: Handle, name: str) -> Stat:
        """Stat a name, not following a symlink."""
        return stat_of(os.lstat(self._at(folder, name)))

    def is_fixed(self, folder: Handle, name: str) -> bool:
        """Answer no: what is only read-only is opened up for a moment by the verbs that need it."""
        return False

    def is_layered(self, folder: Handle, name: str) -> bool:
        """Answer no: there are no overlays."""
        return False

    def make_folder(self, folder: Handle, name: str, mode: int) -> None:
        """Make an empty folder; who may enter it is inherited from the one above, `mode` says nothing here."""
        path = self._free_at(folder, name)
        self._kernel.do("CreateDirectoryW", path, None, path=path)

    def remove_folder(self, folder: Handle, name: str) -> None:
        """Remove an empty folder."""
        path = self._at(folder, name)
        self._kernel.do("RemoveDirectoryW", path, path=path)

    def open_subfolder(self, folder: Handle, name: str) -> Handle:
        """Open a folder inside a folder, following no symlink."""
        return self.open_folder(f"{self._paths[folder]}/{name}")

    def make_symlink(self, folder: Handle, name: str, target: str) -> None:
        """Make a symlink; EPERM where neither developer mode nor the privilege is on."""
        os.symlink(target, self._free_at(folder, name))

    def read_symlink(self, folder: Handle, name: str) -> str:
        """Return what a symlink says."""
        return os.readlink(self._at(folder, name))

    def link(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        """Give a file a second name (CreateHardLinkW; the new name comes first)."""
        path = self._free_at(to_folder, to_name)
        self._kernel.do("CreateHardLinkW", path, self._at(folder, name), None, path=path)

    def unlink(self, folder: Handle, name: str) -> None:
        """Remove a name at once, also while others have the file open and where it is read-only."""
        path = self._at(folder, name)
        if self.stat(folder, name).kind is Kind.FOLDER:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
        try:
            self._through_handle(path, _DISPOSITION_EX, struct.pack("<I", _DISPOSITION_FLAGS))
        except OSError as problem:
            if problem.errno not in _NO_FLAG:
                raise
            self._delete(path)

    def _delete(self, path: str) -> None:
        attributes: int = getattr(os.lstat(path), "st_file_attributes", 0)
        if not attributes & 0x1:
            self._kernel.do("DeleteFileW", path, path=path)
            return
        self._kernel.do("SetFileAttributesW", path, _NORMAL, path=path)
        try:
            self._kernel.do("DeleteFileW", path, path=path)
        except OSError:
            self._kernel.do("SetFileAttributesW", path, attributes, path=path)
            raise

    def rename(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        """Call MoveFileExW without MOVEFILE_REPLACE_EXISTING (and without leave to copy to another volume)."""
        path = self._at(folder, name)
        self._kernel.do("MoveFileExW", path, self._free_at(to_folder, to_name), _MOVE_WRITE_THROUGH, path=path)

    def replace(self, folder: Handle, name: str, to_name: str) -> None:
        """Rename over whatever has the new name, with POSIX's semantics where the file system has them.

        Not ReplaceFileW: it merges attributes and streams into the new file, and three of its errors leave the files
        half way between (1175, 1176, 1177).
        """
        path, to_path = self._at(folder, name), self._free_at(folder, to_name)
        wide = to_path.encode("utf-16-le", "surrogatepass")
        try:
            self._through_handle(path, _RENAME_EX, struct.pack("@IPI", _RENAME_FLAGS, 0, len(wide)) + wide + b"\0\0")
        except OSError as problem:
            if problem.errno not in _NO_FLAG:
                raise
            self._kernel.do("MoveFileExW", path, to_path, _MOVE_REPLACE | _MOVE_WRITE_THROUGH, path=path)

    def _through_handle(self, path: str, kind: int, data: bytes) -> None:
        """Call SetFileInformationByHandle on a handle that writes through."""
        flags = _FOLDERS_TOO | _THE_LINK_ITSELF | _WRITE_THROUGH
        opened = self._kernel.open(path, _DELETE | _READ_ATTRIBUTES, _SHARE_ALL, _OPEN_EXISTING, flags)
        try:
            handle = self._kernel.handle(opened)
            self._kernel.do("SetFileInformationByHandle", handle, kind, data, len(data), path=path)
        finally:
            os.close(opened)

    def exchange(self, folder: Handle, name: str, other: str) -> None:
        """Answer EINVAL: Windows has no such thing."""
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), name)

    # files

    def create(self, folder: Handle, name: str, mode: int) -> Handle:
        """Create a new file, open for reading and writing; who may read it is inherited from the folder."""
        path = self._free_at(folder, name)
        return self._kernel.open(path, _READ | _WRITE, _SHARE_ALL, _CREATE_NEW, _THE_LINK_ITSELF)

    def open(self, folder: Handle, name: str, *, write: bool = False) -> Handle:
        """Open an existing regular file."""
        path = self._at(folder, name)
        access = _READ | (_WRITE if write else 0)
        flags = _FOLDERS_TOO | _THE_LINK_ITSELF
        handle = self._kernel.open(path, access, _SHARE_ALL, _OPEN_EXISTING, flags)
        if not modes.S_ISREG(os.fstat(handle).st_mode) or stat_of(os.lstat(path)).kind is not Kind.FILE:
            os.close(handle)
            raise OSError(errno.EINVAL, "not a regular file", name)
        return handle
