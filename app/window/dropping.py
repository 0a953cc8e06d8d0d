"""Files that are dropped on the window."""

from __future__ import annotations

import os
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData

_LIST = "text/uri-list"
_HERE = (b"file:///", b"file://localhost/")


def local_paths(data: QMimeData) -> list[str]:
    """Return the local paths in dropped data.

    Read from the bytes of the list: as text, names that are not UTF-8 would be mangled.
    """
    lines = bytes(data.data(_LIST).data()).splitlines()
    return [path for line in lines if (path := _path(line.strip()))]


def _path(line: bytes) -> str:
    for prefix in _HERE:
        if line.startswith(prefix):
            raw = unquote_to_bytes(line[len(prefix) - 1 :])
            return os.fsdecode(raw.rstrip(b"/") or b"/")
    return ""
