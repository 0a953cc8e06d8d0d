"""The content of an open file in blocks.

The first one is small: most files are, and to make room for a megabyte takes twenty times as long as to read
a few kilobytes into it.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.fs.api import FileSystem, Handle

FIRST = 1 << 16  # what the C library gives without asking the kernel for memory
BLOCK = 1 << 20


def blocks(fs: FileSystem, handle: Handle) -> Iterator[bytes]:
    """Yield everything from the beginning of a file, wherever its position is. Raises OSError."""
    offset, size = 0, FIRST
    while block := fs.read_at(handle, size, offset):
        yield block
        offset += len(block)
        size = BLOCK
