"""The verbs of `core.fs.api` on simulated disks."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator

from core.fs.api import Handle, Kind, Stat, Volume
from tests.support.simulated.effects import Entry
from tests.support.simulated.handles import Handles, error

_SPACE = 1 << 40


class SimulatedFileSystem(Handles):
    """A `core.fs.api.FileSystem`. `before` is told of every verb just before it is done, and may raise.

    `exchange`, `links` and `one_step` say whether two names can be exchanged, whether a file can have two of them, and
    whether a rename is one step or a link and an unlink; `flushes` whether the volume's own flush is to be trusted.
    `boot` changes the device numbers, as a remount does.
    """

    # folders

    def close(self, handle: Handle) -> None:
        self._open.pop(handle, None)

    def fstat(self, handle: Handle) -> Stat:
        return self._stat(self._open[handle].ino)

    def volume(self, folder: Handle) -> Volume:
        return Volume(f"simulated:{self._inode(folder).disk}", "simulated", self._flushes)

    def mounts(self) -> frozenset[str]:
        return frozenset()

    def is_fixed(self, folder: Handle, name: str) -> bool:
        return False

    def is_layered(self, folder: Handle, name: str) -> bool:
        return False

    def copy_flags(self, source: Handle, target: Handle) -> None:
        """Its files have none."""

    def free_space(self, folder: Handle) -> int:
        return _SPACE

    def may_write(self, folder: Handle) -> bool:
        return True

    def list(self, folder: Handle) -> Iterator[str]:
        self._enter("list", folder)
        return iter(list(self._names(folder)))

    def sync_folder(self, folder: Handle) -> None:
        self._enter("sync_folder", folder)
        self.storage.sync(self._open[folder].ino)

    def sync_volume(self, folder: Handle) -> None:
        self._enter("sync_volume", folder)
        self.storage.sync(self._open[folder].ino, whole=True)

    def lock(self, handle: Handle, *, exclusive: bool) -> bool:
        mine = self._open[handle]
        for other in self._open.values():
            held = other.exclusive if other is not mine and other.ino == mine.ino else None
            if held is not None and (exclusive or held):
                return False
        mine.exclusive = exclusive
        return True

    # names

    def stat(self, folder: Handle, name: str) -> Stat:
        self._enter("stat", folder, name)
        return self._stat(self._at(folder, name))

    def make_folder(self, folder: Handle, name: str, mode: int) -> None:
        self._enter("make_folder", folder, name, mode)
        self._demand_free(folder, name)
        number = self.storage.new(Kind.FOLDER, self._inode(folder).disk, mode & ~_umask())
        self._change(Entry(self._open[folder].ino, name, 0, number))

    def remove_folder(self, folder: Handle, name: str) -> None:
        self._enter("remove_folder", folder, name)
        number = self._at(folder, name)
        if self.live.inodes[number].kind is not Kind.FOLDER:
            raise error(errno.ENOTDIR, name)
        if self.live.names[number]:
            raise error(errno.ENOTEMPTY, name)
        self._change(Entry(self._open[folder].ino, name, number, 0))

    def open_subfolder(self, folder: Handle, name: str) -> Handle:
        self._enter("open_subfolder", folder, name)
        number = self._at(folder, name)
        if self.live.inodes[number].kind is not Kind.FOLDER:
            raise error(errno.ENOTDIR, name)
        return self._handle(number)

    def make_symlink(self, folder: Handle, name: str, target: str) -> None:
        self._enter("make_symlink", folder, name, target)
        self._demand_free(folder, name)
        number = self.storage.new(Kind.SYMLINK, self._inode(folder).disk, 0o777, os.fsencode(target))
        self._change(Entry(self._open[folder].ino, name, 0, number))

    def read_symlink(self, folder: Handle, name: str) -> str:
        inode = self.live.inodes[self._at(folder, name)]
        if inode.kind is not Kind.SYMLINK:
            raise error(errno.EINVAL, name)
        return os.fsdecode(inode.data)

    def link(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        self._enter("link", folder, name, to_folder, to_name)
        number = self._at(folder, name)
        if not self._can_link:
            raise error(errno.EPERM, name)
        self._demand_free(to_folder, to_name)
        self._demand_one_disk(folder, to_folder)
        self._change(Entry(self._open[to_folder].ino, to_name, 0, number))

    def unlink(self, folder: Handle, name: str) -> None:
        self._enter("unlink", folder, name)
        number = self._at(folder, name)
        if self.live.inodes[number].kind is Kind.FOLDER:
            raise error(errno.EISDIR, name)
        self._change(Entry(self._open[folder].ino, name, number, 0))

    def rename(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        self._enter("rename", folder, name, to_folder, to_name)
        number = self._at(folder, name)
        self._demand_free(to_folder, to_name)
        self._demand_one_disk(folder, to_folder)
        if self.live.inodes[number].kind is Kind.FOLDER and self._is_in(number, self._open[to_folder].ino):
            raise error(errno.EINVAL, name)
        source, target = self._open[folder].ino, self._open[to_folder].ino
        come, go = Entry(target, to_name, 0, number), Entry(source, name, number, 0)
        by_halves = self.storage.profile.moves_by_halves and source != target
        if self.live.inodes[number].kind is Kind.FOLDER or (self._one_step and not by_halves):
            self._change(come, go)
            return
        self._change(come)
        if not self._one_step:
            self._enter("unlink", folder, name)
        self._change(go)

    def _is_in(self, folder: int, inner: int) -> bool:
        below = [folder]
        for one in below:
            below += self.live.names.get(one, {}).values()
        return inner in below

    def _demand_one_disk(self, folder: Handle, to_folder: Handle) -> None:
        if self._inode(folder).disk != self._inode(to_folder).disk:
            raise error(errno.EXDEV)

    def replace(self, folder: Handle, name: str, to_name: str) -> None:
        self._enter("replace", folder, name, to_name)
        number, there = self._at(folder, name), self._names(folder).get(to_name, 0)
        if number != there:  # two names of one file: nothing happens, as rename(2) says
            ino = self._open[folder].ino
            self._change(Entry(ino, to_name, there, number), Entry(ino, name, number, 0))

    def exchange(self, folder: Handle, name: str, other: str) -> None:
        self._enter("exchange", folder, name, other)
        if not self.can_exchange:
            raise error(errno.EINVAL, name)
        ino, first, second = self._open[folder].ino, self._at(folder, name), self._at(folder, other)
        if first != second:
            self._change(Entry(ino, name, first, second), Entry(ino, other, second, first))

    # files

    def create(self, folder: Handle, name: str, mode: int) -> Handle:
        self._enter("create", folder, name, mode)
        self._demand_free(folder, name)
        number = self.storage.new(Kind.FILE, self._inode(folder).disk, mode & ~_umask())
        self._change(Entry(self._open[folder].ino, name, 0, number))
        return self._handle(number, write=True)

    def open(self, folder: Handle, name: str, *, write: bool = False) -> Handle:
        self._enter("open", folder, name)
        number = self._at(folder, name)
        if self.live.inodes[number].kind is Kind.SYMLINK:
            raise error(errno.ELOOP, name)
        if self.live.inodes[number].kind is not Kind.FILE:
            raise error(errno.EINVAL, name)
        return self._handle(number, write=write)

    def read(self, handle: Handle, size: int) -> bytes:
        self._enter("read", handle, size)
        state = self._open[handle]
        block = self._inode(handle).data[state.position : state.position + size]
        state.position += len(block)
        return block

    def read_at(self, handle: Handle, size: int, offset: int) -> bytes:
        self._enter("read_at", handle, size, offset)
        return self._inode(handle).data[offset : offset + size]

    def write(self, handle: Handle, data: bytes) -> None:
        self._enter("write", handle, data)
        if not self._open[handle].is_writable:
            raise error(errno.EBADF)
        self.put(handle, data)

    def put(self, handle: Handle, data: bytes) -> None:
        """Write at the position, asking nobody: what is left of a write that fails half way."""
        state = self._open[handle]
        self.storage.write(state.ino, state.position, bytes(data))
        state.position += len(data)

    def seek(self, handle: Handle, offset: int) -> None:
        self._open[handle].position = offset

    def truncate(self, handle: Handle, size: int) -> None:
        self._enter("truncate", handle, size)
        self.storage.truncate(self._open[handle].ino, size)

    def sync_file(self, handle: Handle) -> None:
        ino = self._open[handle].ino
        try:
            self._enter("sync_file", handle)
        except OSError:
            self.storage.fail_sync(ino)
            raise
        self.storage.sync(ino)

    def start_writeback(self, handle: Handle, offset: int, size: int) -> None:
        pass

    def copy_content(self, source: Handle, target: Handle) -> None:
        self._enter("copy_content", source, target)
        self.storage.write(self._open[target].ino, 0, self._inode(source).data)

    def copy_range(self, source: Handle, target: Handle, offset: int, size: int, to: int) -> int:
        self._enter("copy_range", source, target, offset, size, to)
        data = self._inode(source).data[offset : offset + size]
        self.storage.write(self._open[target].ino, to, data)
        return len(data)

    def set_runnable(self, handle: Handle, *, runnable: bool) -> None:
        self._enter("set_runnable", handle)
        old = self._inode(handle)
        mode = old.mode | (old.mode & 0o444) >> 2 if runnable else old.mode & ~0o111
        self.storage.attributes(self._open[handle].ino, mode, old.mtime_ns)

    def copy_metadata(self, source: Handle, target: Handle, *, times: bool, owner: bool = True) -> None:
        self._enter("copy_metadata", source, target)
        old, new = self._inode(source), self._inode(target)
        self.storage.attributes(self._open[target].ino, old.mode, old.mtime_ns if times else new.mtime_ns)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
