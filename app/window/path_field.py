"""A field for a path or a name, whatever bytes it is made of. Those that are no plain text are typed by their number."""

from __future__ import annotations

import os
import re

from PySide6.QtWidgets import QLineEdit

_ESCAPED = re.compile(rb"\\(x([0-9a-fA-F]{2})|\\)")


class PathField(QLineEdit):
    """Shows a path as it is where all of it can be seen; else, or with `is_escaped`, as `window_texts.BY_PATH` says."""

    def __init__(self, path: str, name: str, *, is_escaped: bool = False) -> None:
        self.is_escaped = is_escaped or not path.isprintable()
        super().__init__(typed(path) if self.is_escaped else path)
        self.setAccessibleName(name)

    def path(self) -> str:
        """Return what is typed, with lone surrogates for bytes that are no text."""
        return path_of(self.text()) if self.is_escaped else self.text()


def path_of(text: str) -> str:
    """Return the path that a text stands for, in which a backslash, an x and two digits stand for a byte."""
    raw = _ESCAPED.sub(lambda found: bytes([int(found[2], 16)]) if found[2] else b"\\", os.fsencode(text))
    return os.fsdecode(raw)


def typed(path: str) -> str:
    """Return the text that stands for a path; the other way round."""
    return "".join(map(_typed, path))


def _typed(one: str) -> str:
    if one == "\\":
        return "\\\\"
    if one.isprintable():
        return one
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(one))
