"""Plain reading of whole files by path, for plan files and sources, and scratch files that leave no trace."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

BLOCK = 1 << 20


def open_input(path: str) -> BinaryIO:
    """Open a file for reading from the start; "-" copies standard input to a scratch file first.

    Nothing but a regular file is accepted elsewhere: a FIFO would wait for a writer that never comes.
    """
    if path != "-":
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb")
    file = scratch()
    while block := sys.stdin.buffer.read(BLOCK):
        file.write(block)
    file.seek(0)
    return file


def open_draft(path: str, mode: str, **kwargs: Any) -> IO[Any]:
    """Open a draft that exists, as `open` would."""
    return open(path, mode, **kwargs)


def exists(path: str) -> bool:
    """Whether there is anything under that name, be it a symlink that leads nowhere."""
    return os.path.lexists(path)


def scratch() -> BinaryIO:
    """Return an empty file without a name, open for reading and writing; it vanishes with the process."""
    return tempfile.TemporaryFile(prefix="holdfast-")


def read_blocks(path: str) -> Iterator[bytes]:
    """Yield a file's content."""
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            yield block


def files_below(root: str) -> Iterator[str]:
    """Yield every regular file below a folder (or the file itself), in a stable order, following no symlink."""
    if not os.path.isdir(root) or os.path.islink(root):
        yield root
        return
    for folder, inner, found in os.walk(root):
        inner.sort()
        for name in sorted(found):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def read_slice(file: BinaryIO, offset: int, length: int) -> Iterator[bytes]:
    """Yield part of a scratch file, leaving its position alone."""
    file.flush()
    end = offset + length
    while offset < end:
        block = os.pread(file.fileno(), min(BLOCK, end - offset), offset)
        yield block
        offset += len(block)
