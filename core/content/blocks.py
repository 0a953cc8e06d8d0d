"""Content as it streams, cut where lines end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

MAX_LINE = 64 << 20  # bytes


class LineTooLong(ValueError):
    """A line is too long to be searched with a pattern."""


def end_of_lines(chunk: bytes) -> int:
    """Return where the last whole line of a chunk ends, 0 where none does."""
    return chunk.rfind(b"\n") + 1


def cut(chunks: Iterable[bytes], last_end: Callable[[bytes], int]) -> Iterator[bytes]:
    """Yield the content in blocks that end where `last_end` says of a chunk; the last one ends with the content.

    Raises:
        LineTooLong: a block would exceed 64 MiB.
    """
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        end = last_end(chunk)
        if end:
            yield b"".join([*parts, chunk[:end]])
            parts, size = [], 0
        parts.append(chunk[end:])
        size += len(chunk) - end
        if size > MAX_LINE:
            raise LineTooLong
    rest = b"".join(parts)
    if rest:
        yield rest
