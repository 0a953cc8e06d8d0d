"""Small things the program remembers, beside the journals: settings, the session, presets. One JSON file each.

They are written whole or not at all, but not synced: after a power cut the document before the last one may be there,
which is worth less than a window that waits for the disk at every change. Nothing about files of the user is in them.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from typing import TextIO

from core.fs import places

_AT_MOST = 64 << 20


def load(name: str, state: str | None = None) -> dict[str, object]:
    """Return a document, empty where there is none or where it cannot be read as one."""
    try:
        with open(_path(name, state), encoding="ascii") as file:
            found = json.loads(file.read(_AT_MOST))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def store(name: str, value: dict[str, object], state: str | None = None) -> None:
    """Replace a document. Raises OSError; the one before is there then."""
    path = _path(name, state)
    folder = os.path.dirname(path)
    places.make_private_folder(folder)
    handle, draft = tempfile.mkstemp(prefix=f".{name}-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(value, file)
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise


def open_log(name: str, state: str | None = None) -> TextIO | None:
    """Open a file for the end of what is in it, for whoever writes while everything breaks; None where it cannot be."""
    path = _path(name, state).removesuffix(".json") + ".log"
    try:
        places.make_private_folder(os.path.dirname(path))
        return open(path, "a", encoding="utf-8")
    except OSError:
        return None


def take_log(name: str, state: str | None = None) -> str:
    """Return what was written to a log, and empty it."""
    path = _path(name, state).removesuffix(".json") + ".log"
    try:
        with open(path, "r+", encoding="utf-8", errors="replace") as file:
            text = file.read(_AT_MOST)
            file.truncate(0)
    except OSError:
        return ""
    return text


def _path(name: str, state: str | None) -> str:
    return os.path.join(places.state_folder(state), "kept", f"{name}.json")
