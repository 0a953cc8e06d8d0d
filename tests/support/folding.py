"""A file system that takes upper and lower case for the same name, as those of memory cards do."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

from core.fs.api import Handle
from core.fs.real import RealFileSystem

_NAMED = frozenset({"exchange", "link", "open", "open_subfolder", "read_symlink", "remove_folder", "stat", "unlink"})


class FoldingFileSystem:
    """The real one, but a name is found however it is spelt, and none can be made beside its other spelling."""

    def __init__(self) -> None:
        self.real = RealFileSystem()

    def __getattr__(self, verb: str) -> Callable[..., object]:
        method: Callable[..., object] = getattr(self.real, verb)
        if verb not in _NAMED:
            return method
        return lambda folder, name, *more, **options: method(folder, self._found(folder, name), *more, **options)

    def rename(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        if self._found(to_folder, to_name) in self.real.list(to_folder):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), to_name)
        self.real.rename(folder, self._found(folder, name), to_folder, to_name)

    def _found(self, folder: Handle, name: str) -> str:
        return next((one for one in self.real.list(folder) if one.casefold() == name.casefold()), name)
