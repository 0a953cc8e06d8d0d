"""Looking at places that may be attics, or may not be there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from core.fs import places
from core.fs.api import FileSystem, Handle, Kind, Stat


@contextlib.contextmanager
def opened(fs: FileSystem, path: str) -> Iterator[Handle | None]:
    """Open a folder for a while; None where it cannot be."""
    try:
        handle = fs.open_folder(path)
    except OSError:
        yield None
        return
    try:
        yield handle
    finally:
        fs.close(handle)


def is_private(stat: Stat) -> bool:
    """Whether an attic is this user's, and nobody else's."""
    return stat.uid == places.user() and not stat.mode & 0o077


def size_of(fs: FileSystem, folder: Handle, name: str) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    stat = fs.stat(folder, name)
    if stat.kind is not Kind.FOLDER:
        return stat.size
    inner = fs.open_subfolder(folder, name)
    try:
        return sum(size_of(fs, inner, entry) for entry in fs.list(inner))
    finally:
        fs.close(inner)
