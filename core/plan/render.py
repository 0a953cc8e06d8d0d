"""New content, rendered: one code path for the digest in the plan, the preview, and the staged file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from typing import BinaryIO

from core.content.edit import Rewrite, Tally
from core.content.regions import Noter
from core.fs import files, reading
from core.fs.api import FileSystem, Handle
from core.plan.node import Node


def chunks(
    fs: FileSystem,
    node: Node,
    scratch: BinaryIO,
    tally: Tally | None = None,
    tap: Callable[[Iterator[bytes]], Iterator[bytes]] | None = None,
    noter: Noter | None = None,
    opened: Handle | None = None,
) -> Iterator[bytes]:
    """Yield the new content of a node; `tap` is put between what is read and the edits, which `noter` does if given.

    `opened`: the file that it is made of, where that is open already.
    """
    if node.slice is not None:
        stream = files.read_slice(scratch, *node.slice)
    elif opened is not None:
        stream = reading.blocks(fs, opened)
    else:
        stream = read(fs, node.source or node.origin)
    if tap is not None:
        stream = tap(stream)
    return edited(node.edits, stream, tally or Tally(), noter)


def edited(
    edits: tuple[Rewrite, ...], stream: Iterator[bytes], tally: Tally, noter: Noter | None = None
) -> Iterator[bytes]:
    """Yield what becomes of a content by edits, in their order."""
    for one in edits:
        stream = one.run(stream, tally) if noter is None else noter.run(one, stream, tally)
    return stream


def read(fs: FileSystem, path: str) -> Iterator[bytes]:
    """Yield a file's content, opened without following a symlink."""
    handle = open_file(fs, path)
    try:
        yield from reading.blocks(fs, handle)
    finally:
        fs.close(handle)


def open_file(fs: FileSystem, path: str, *, write: bool = False) -> Handle:
    """Open a regular file by its path."""
    folder, name = os.path.split(path)
    parent = fs.open_folder(folder)
    try:
        return fs.open(parent, name, write=write)
    finally:
        fs.close(parent)


def digest(stream: Iterator[bytes]) -> tuple[int, str]:
    """Return (size, SHA-256 in hex) of a stream."""
    total, sha = 0, hashlib.sha256()
    for chunk in stream:
        total += len(chunk)
        sha.update(chunk)
    return total, sha.hexdigest()
