"""A file system that hands every verb on to another one: what wrappers subclass that watch, stop or spoil calls.

A wrapper overrides the verbs it is about, or `call`, through which all of them go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.fs.api import FileSystem, Handle, Stat, Volume


class ForwardingFileSystem:
    """`core.fs.api.FileSystem`, as `inner` does it."""

    def __init__(self, inner: FileSystem) -> None:
        self.inner = inner

    def call(self, verb: str, *arguments: object, **options: object) -> Any:
        """Do a verb, named as in `core.fs.api`; whatever `inner` raises comes through."""
        return getattr(self.inner, verb)(*arguments, **options)

    def resolve(self, path: str) -> str:
        return self.call("resolve", path)

    def is_symlink(self, path: str) -> bool:
        return self.call("is_symlink", path)

    def mounts(self) -> frozenset[str]:
        return self.call("mounts")

    def open_folder(self, path: str) -> Handle:
        return self.call("open_folder", path)

    def close(self, handle: Handle) -> None:
        self.call("close", handle)

    def fstat(self, handle: Handle) -> Stat:
        return self.call("fstat", handle)

    def volume(self, folder: Handle) -> Volume:
        return self.call("volume", folder)

    def free_space(self, folder: Handle) -> int:
        return self.call("free_space", folder)

    def may_write(self, folder: Handle) -> bool:
        return self.call("may_write", folder)

    def list(self, folder: Handle) -> Iterator[str]:
        return self.call("list", folder)

    def sync_folder(self, folder: Handle) -> None:
        self.call("sync_folder", folder)

    def sync_volume(self, folder: Handle) -> None:
        self.call("sync_volume", folder)

    def lock(self, handle: Handle, *, exclusive: bool) -> bool:
        return self.call("lock", handle, exclusive=exclusive)

    def stat(self, folder: Handle, name: str) -> Stat:
        return self.call("stat", folder, name)

    def is_fixed(self, folder: Handle, name: str) -> bool:
        return self.call("is_fixed", folder, name)

    def is_layered(self, folder: Handle, name: str) -> bool:
        return self.call("is_layered", folder, name)

    def make_folder(self, folder: Handle, name: str, mode: int) -> None:
        self.call("make_folder", folder, name, mode)

    def remove_folder(self, folder: Handle, name: str) -> None:
        self.call("remove_folder", folder, name)

    def open_subfolder(self, folder: Handle, name: str) -> Handle:
        return self.call("open_subfolder", folder, name)

    def make_symlink(self, folder: Handle, name: str, target: str) -> None:
        self.call("make_symlink", folder, name, target)

    def read_symlink(self, folder: Handle, name: str) -> str:
        return self.call("read_symlink", folder, name)

    def link(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        self.call("link", folder, name, to_folder, to_name)

    def unlink(self, folder: Handle, name: str) -> None:
        self.call("unlink", folder, name)

    def rename(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        self.call("rename", folder, name, to_folder, to_name)

    def replace(self, folder: Handle, name: str, to_name: str) -> None:
        self.call("replace", folder, name, to_name)

    def exchange(self, folder: Handle, name: str, other: str) -> None:
        self.call("exchange", folder, name, other)

    def create(self, folder: Handle, name: str, mode: int) -> Handle:
        return self.call("create", folder, name, mode)

    def open(self, folder: Handle, name: str, *, write: bool = False) -> Handle:
        return self.call("open", folder, name, write=write)

    def read(self, handle: Handle, size: int) -> bytes:
        return self.call("read", handle, size)

    def read_at(self, handle: Handle, size: int, offset: int) -> bytes:
        return self.call("read_at", handle, size, offset)

    def write(self, handle: Handle, data: bytes) -> None:
        self.call("write", handle, data)

    def seek(self, handle: Handle, offset: int) -> None:
        self.call("seek", handle, offset)

    def truncate(self, handle: Handle, size: int) -> None:
        self.call("truncate", handle, size)

    def sync_file(self, handle: Handle) -> None:
        self.call("sync_file", handle)

    def start_writeback(self, handle: Handle, offset: int, size: int) -> None:
        self.call("start_writeback", handle, offset, size)

    def copy_content(self, source: Handle, target: Handle) -> None:
        self.call("copy_content", source, target)

    def copy_range(self, source: Handle, target: Handle, offset: int, size: int, to: int) -> int:
        return self.call("copy_range", source, target, offset, size, to)

    def copy_flags(self, source: Handle, target: Handle) -> None:
        self.call("copy_flags", source, target)

    def set_runnable(self, handle: Handle, *, runnable: bool) -> None:
        self.call("set_runnable", handle, runnable=runnable)

    def copy_metadata(self, source: Handle, target: Handle, *, times: bool, owner: bool = True) -> None:
        self.call("copy_metadata", source, target, times=times, owner=owner)
