"""What Linux and macOS have in common: POSIX's calls on names in open folders (`openat`, `renameat` and their like).

What each kernel added to them (renaming without replacing, exchanging, real flushes, copies inside the kernel) is in
`linux` and `macos`, which fill in the rest.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat as modes
from abc import ABC, abstractmethod
from collections.abc import Iterator

from core.fs import abilities, copying
from core.fs.api import Handle, Kind, Stat, Volume

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# On the way to a folder only searching is needed: the folder above a home often may not be read.
_STEP_FLAGS = FOLDER_FLAGS | getattr(os, "O_PATH", 0)
# O_NONBLOCK: opening a FIFO that took a file's place must fail at once instead of waiting for a writer.
_FILE_FLAGS = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
# What a folder's fsync answers on file systems that have no such thing (CIFS, sshfs, gocryptfs): the promise is lower
# there and `doctor` says so. EIO is never among them.
_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF})


class PosixFileSystem(ABC):
    """`core.fs.api.FileSystem`, up to the verbs for which each kernel has its own calls."""

    def __init__(self) -> None:
        self._lasting: dict[int, bool] = {}  # by device: whether inode numbers last

    def resolve(self, path: str) -> str:
        """Return the absolute path with every symlink followed; ELOOP for a loop."""
        resolved = os.path.realpath(path)
        if os.path.islink(resolved):  # realpath leaves a loop as it is
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        return resolved

    def is_symlink(self, path: str) -> bool:
        """Look at the last part alone."""
        return os.path.islink(path)

    def open_folder(self, path: str) -> Handle:
        """Walk down from the root, each component opened without following a symlink."""
        if not path.startswith("/"):
            raise OSError(errno.EINVAL, "not an absolute path", path)
        parts = [part for part in path.split("/") if part not in ("", ".")]
        handle = os.open("/", _STEP_FLAGS if parts else FOLDER_FLAGS)
        for number, part in enumerate(parts, 1):
            try:
                if part == "..":
                    raise OSError(errno.EINVAL, "not a plain path", path)
                inner = os.open(part, _STEP_FLAGS if number < len(parts) else FOLDER_FLAGS, dir_fd=handle)
            except OSError as error:
                error.filename = path
                raise
            finally:
                os.close(handle)
            handle = inner
        return handle

    def close(self, handle: Handle) -> None:
        """Close; whatever must be durable was synced before, and Linux frees the number even on EINTR."""
        with contextlib.suppress(OSError):
            os.close(handle)

    def fstat(self, handle: Handle) -> Stat:
        """Stat an open folder or file."""
        return self._told(os.fstat(handle), handle)

    @abstractmethod
    def volume(self, folder: Handle) -> Volume:
        """Return the identity of the file system that holds the folder."""

    def free_space(self, folder: Handle) -> int:
        """Bytes that this user may still write there."""
        space = os.fstatvfs(folder)
        return space.f_frsize * (space.f_bfree if os.geteuid() == 0 else space.f_bavail)

    def may_write(self, folder: Handle) -> bool:
        """Ask for the effective user; a read-only mount answers no as well."""
        return os.access(".", os.W_OK | os.X_OK, dir_fd=folder, effective_ids=True)

    def list(self, folder: Handle) -> Iterator[str]:
        """Names in the folder, in no order."""
        try:
            # A position of its own: two listings of one handle would take the names from one another.
            own = os.open(".", FOLDER_FLAGS, dir_fd=folder)
        except FileNotFoundError:  # removed meanwhile, so there is nothing in it
            return
        try:
            with os.scandir(own) as entries:
                for entry in entries:
                    yield entry.name
        finally:
            os.close(own)

    def sync_folder(self, folder: Handle) -> None:
        """Fsync; "there is no such thing here" is not an error, a write error is."""
        try:
            self._flush(folder)
        except OSError as error:
            if error.errno not in _NO_FOLDER_SYNC:
                raise
        # After an error xfs shuts the whole file system down, and from then on its folders have nothing left to sync and
        # say yes; the folder itself tells (EIO).
        os.fstat(folder)

    @abstractmethod
    def sync_volume(self, folder: Handle) -> None:
        """Flush everything on the folder's file system."""

    def lock(self, handle: Handle, *, exclusive: bool) -> bool:
        """Call flock without waiting."""
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def stat(self, folder: Handle, name: str) -> Stat:
        """Stat a name, not following a symlink."""
        return self._told(os.stat(name, dir_fd=folder, follow_symlinks=False), folder)

    def is_layered(self, folder: Handle, name: str) -> bool:
        """Answer no, where there are no overlays."""
        return False

    def make_folder(self, folder: Handle, name: str, mode: int) -> None:
        """Make an empty folder."""
        os.mkdir(name, mode, dir_fd=folder)

    def remove_folder(self, folder: Handle, name: str) -> None:
        """Remove an empty folder."""
        os.rmdir(name, dir_fd=folder)

    def open_subfolder(self, folder: Handle, name: str) -> Handle:
        """Open a folder inside a folder, following no symlink."""
        return os.open(name, FOLDER_FLAGS, dir_fd=folder)

    def make_symlink(self, folder: Handle, name: str, target: str) -> None:
        """Make a symlink."""
        os.symlink(target, name, dir_fd=folder)

    def read_symlink(self, folder: Handle, name: str) -> str:
        """Return what a symlink says."""
        return os.readlink(name, dir_fd=folder)

    def link(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        """Give a file a second name."""
        os.link(name, to_name, src_dir_fd=folder, dst_dir_fd=to_folder, follow_symlinks=False)

    def unlink(self, folder: Handle, name: str) -> None:
        """Remove a name that is not a folder."""
        os.unlink(name, dir_fd=folder)

    def rename(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        """Rename without replacing; where the kernel cannot exclude it, by link and unlink, and for folders by a check."""
        try:
            self._rename_exclusively(folder, name, to_folder, to_name)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOSYS):
                raise
            self._rename_without_flag(folder, name, to_folder, to_name)

    @abstractmethod
    def _rename_exclusively(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        """Rename by the kernel's flag for it; EEXIST when it is taken, EINVAL or ENOSYS where there is none."""

    def _rename_without_flag(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        if self.stat(folder, name).kind is Kind.FILE and self._links(folder, name, to_folder, to_name):
            with contextlib.suppress(FileNotFoundError):  # somebody was faster; the new name is there all the same
                self.unlink(folder, name)
            return
        try:
            self.stat(to_folder, to_name)
        except FileNotFoundError:
            os.rename(name, to_name, src_dir_fd=folder, dst_dir_fd=to_folder)
        else:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), to_name)

    def _links(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> bool:
        """Give a file a second name; False where that cannot be."""
        with contextlib.suppress(PermissionError, NotImplementedError):
            self.link(folder, name, to_folder, to_name)
            return True
        return False

    def replace(self, folder: Handle, name: str, to_name: str) -> None:
        """Rename over whatever has the new name."""
        os.replace(name, to_name, src_dir_fd=folder, dst_dir_fd=folder)

    @abstractmethod
    def exchange(self, folder: Handle, name: str, other: str) -> None:
        """Exchange two names in one step."""

    def create(self, folder: Handle, name: str, mode: int) -> Handle:
        """Create a new file, open for reading and writing."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.open(name, flags, mode, dir_fd=folder)

    def open(self, folder: Handle, name: str, *, write: bool = False) -> Handle:
        """Open an existing regular file."""
        handle = os.open(name, _FILE_FLAGS | (os.O_RDWR if write else os.O_RDONLY), dir_fd=folder)
        if not modes.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError(errno.EINVAL, "not a regular file", name)
        return handle

    def read(self, handle: Handle, size: int) -> bytes:
        """Read at the position."""
        return os.read(handle, size)

    def read_at(self, handle: Handle, size: int, offset: int) -> bytes:
        """Read at an offset."""
        return os.pread(handle, size, offset)

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
        """Flush the file: fdatasync may leave the mode and the attributes of a new file behind."""
        self._flush(handle)

    @abstractmethod
    def _flush(self, handle: Handle) -> None:
        """Make a file or a folder durable, as far as the kernel can tell."""

    @abstractmethod
    def start_writeback(self, handle: Handle, offset: int, size: int) -> None:
        """Begin to write a range, where there is a call for it; it is a hint, so its errors show at the barrier."""

    @abstractmethod
    def copy_content(self, source: Handle, target: Handle) -> None:
        """Copy everything."""

    def copy_range(self, source: Handle, target: Handle, offset: int, size: int, to: int) -> int:
        """Read and write."""
        return copying.part(source, target, offset, size, to)

    def set_runnable(self, handle: Handle, *, runnable: bool) -> None:
        """Change the bits of the mode, set-id and sticky bits left aside."""
        mode = modes.S_IMODE(os.fstat(handle).st_mode)
        os.fchmod(handle, mode | (mode & 0o444) >> 2 if runnable else mode & ~0o111)

    @abstractmethod
    def copy_metadata(self, source: Handle, target: Handle, *, times: bool, owner: bool = True) -> None:
        """Copy owner, mode, ACL, labels, attributes and times."""

    def _told(self, raw: os.stat_result, beside: Handle) -> Stat:
        known = self._lasting.get(raw.st_dev)
        if known is None:
            known = self._keeps_inodes(beside, raw)
            if os.fstat(beside).st_dev == raw.st_dev:  # else something is mounted under that name
                self._lasting[raw.st_dev] = known
        return _stat(raw, lasts=known)

    def _keeps_inodes(self, handle: Handle, raw: os.stat_result) -> bool:
        try:
            return abilities.keeps_inodes(self.volume(handle).type)
        except OSError:  # nothing is known of it
            return False


def _stat(raw: os.stat_result, *, lasts: bool) -> Stat:
    mode = raw.st_mode
    if modes.S_ISREG(mode):
        kind = Kind.FILE
    elif modes.S_ISDIR(mode):
        kind = Kind.FOLDER
    elif modes.S_ISLNK(mode):
        kind = Kind.SYMLINK
    else:
        kind = Kind.SPECIAL
    fields = (
        kind,
        raw.st_ino,
        raw.st_dev,
        raw.st_size,
        raw.st_mtime_ns,
        modes.S_IMODE(mode),
        raw.st_uid,
        raw.st_gid,
        raw.st_nlink,
        raw.st_blocks * 512,
        lasts,
    )
    return tuple.__new__(Stat, fields)  # a call less than `Stat(...)`: every file is looked at four times
