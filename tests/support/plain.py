"""A file system that can neither exchange two names nor rename without replacing, like many on the network."""

from __future__ import annotations

import errno
import os

from core.fs.api import FileSystem, Handle
from core.fs.real import RealFileSystem
from tests.support.stopping import StoppingFileSystem


class PlainFileSystem(RealFileSystem):
    """This machine's, without what Linux added to rename. `outer` is told of the calls that a rename is made of."""

    def __init__(self, outer: FileSystem | None = None) -> None:
        super().__init__()
        self._outer = outer or self

    def exchange(self, folder: Handle, name: str, other: str) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), name)

    def rename(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        RealFileSystem._rename_without_flag(self._outer, folder, name, to_folder, to_name)  # type: ignore[arg-type]


class LinklessFileSystem(PlainFileSystem):
    """One that has no hard links either, like those of memory cards."""

    def link(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), name)


class PlainStoppingFileSystem(StoppingFileSystem):
    """A plain file system that is stopped at a call."""

    def __post_init__(self) -> None:
        self.real = PlainFileSystem(self)  # type: ignore[arg-type]


class LinklessStoppingFileSystem(StoppingFileSystem):
    """A file system without links that is stopped at a call."""

    def __post_init__(self) -> None:
        self.real = LinklessFileSystem(self)  # type: ignore[arg-type]
