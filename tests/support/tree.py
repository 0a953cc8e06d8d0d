"""Exact pictures of file trees, to say that a tree is just as it was."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

Snapshot = dict[bytes, tuple[object, ...]]


def snapshot(root: Path) -> Snapshot:
    """Return what lies below `root`: kind, mode, and content or target of everything; folders by kind and mode."""
    found: Snapshot = {}
    base = os.fsencode(root)
    for folder, inner, files in os.walk(base):
        for name in inner + files:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, base)] = _describe(path)
    return found


def _describe(path: bytes) -> tuple[object, ...]:
    info = os.lstat(path)
    mode = stat.S_IMODE(info.st_mode)
    if stat.S_ISLNK(info.st_mode):
        return "symlink", os.readlink(path)
    if stat.S_ISDIR(info.st_mode):
        return "folder", mode
    if not stat.S_ISREG(info.st_mode):
        return "special", mode
    with open(path, "rb") as file:
        return "file", mode, info.st_size, hashlib.file_digest(file, "sha256").hexdigest()


def difference(found: Snapshot, wanted: Snapshot) -> str:
    """Say in a few lines how two snapshots differ."""
    lines = [
        f"{path!r}: {found.get(path)} instead of {wanted.get(path)}"
        for path in sorted(found.keys() | wanted.keys())
        if found.get(path) != wanted.get(path)
    ]
    return "\n".join(lines[:12])
