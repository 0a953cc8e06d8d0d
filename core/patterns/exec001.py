"""EXEC-001: type-safe reading. A file becomes the value that its ending promises, or an error that says where not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from core.content import formats
from core.content.formats import FormatError
from core.fs import files

__all__ = ["FormatError", "TypeSafeFileHandler"]


class TypeSafeFileHandler:
    """Reads files by their ending; `register` adds endings or replaces readers."""

    def __init__(self) -> None:
        self._own: dict[str, Callable[[bytes], Any]] = {}

    def register(self, extension: str, reader: Callable[[bytes], Any]) -> None:
        """Read files with that ending (".yaml") with `reader`, which takes bytes and raises ValueError."""
        self._own[extension.lower()] = reader

    def dispatch_by_extension(self, path: str | os.PathLike[str]) -> Any:
        """Read a file and return its parsed value; see `core.content.formats.parse`.

        Raises:
            FormatError: it is not what its ending says; `path`, `line` and `reason` tell where and why.
            OSError: it cannot be read, or is a folder.
        """
        name = os.fspath(path)
        data = b"".join(files.read_blocks(name))
        reader = self._own.get(PurePath(name).suffix.lower())
        if reader is None:
            return formats.parse(name, data)
        try:
            return reader(data)
        except ValueError as error:
            raise FormatError(name, str(error)) from error
