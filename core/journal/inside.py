"""What is in a folder, as one digest: a folder that is deleted goes with all of it, so all of it has to be what was seen.

A file is known by its size, its time and, where those last, its inode number. One that was written so lately that another
write would leave no trace in those is read as well.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator

from core import names
from core.fs import reading
from core.fs.api import FileSystem, Handle, Kind, Stat
from core.journal import records


def digest(fs: FileSystem, folder: Handle, name: str, read_ns: int, *, leaving: Collection[str] = ()) -> str:
    """Return SHA-256 in hex over all names below a folder that are not ours, and what they stand for, in a fixed order.

    `read_ns`: when it was taken first, in nanoseconds since 1970. `leaving`: paths below the folder that are elsewhere by
    the time it goes. Raises OSError.
    """
    total = hashlib.sha256()
    _add(total, fs, folder, name, "", read_ns, leaving)
    return total.hexdigest()


def _add(
    total: hashlib._Hash, fs: FileSystem, folder: Handle, name: str, above: str, read_ns: int, leaving: Collection[str]
) -> None:
    inner = fs.open_subfolder(folder, name)
    try:
        for one in sorted(fs.list(inner)):
            path = above + one
            if path in leaving or names.is_ours(one):
                continue
            stat = fs.stat(inner, one)
            total.update(os.fsencode(path) + b"\0")
            total.update(" ".join(map(str, _known(stat))).encode() + b"\0")
            if stat.kind is Kind.FOLDER:
                _add(total, fs, inner, one, f"{path}/", read_ns, leaving)
            elif records.is_fresh(stat, read_ns):
                for block in _blocks(fs, inner, one):
                    total.update(block)
    finally:
        fs.close(inner)


def _known(stat: Stat) -> tuple[object, ...]:
    """Return what is to be the same; a folder's own time changes with what leaves it."""
    if stat.kind is Kind.FOLDER:
        return stat.kind.value, stat.lasting_ino
    return stat.kind.value, stat.lasting_ino, stat.size, stat.mtime_ns


def _blocks(fs: FileSystem, folder: Handle, name: str) -> Iterator[bytes]:
    handle = fs.open(folder, name)
    try:
        yield from reading.blocks(fs, handle)
    finally:
        fs.close(handle)
