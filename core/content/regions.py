"""What an edit changes in a large file, noted while it is searched: the changed places alone, in the order of the file.

They are enough to show the change and to make the new content of the old one without reading what stays. Only edits are
noted that keep most of a file as it is, in encodings whose line ends are one byte.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from core.content.blocks import cut, end_of_lines
from core.content.edit import Edit, Rewrite, Tally
from core.content.occurs import occurs
from core.content.search import Search, Splice, spliced

LARGE = 32 << 20  # bytes; smaller files are read and compared as a whole
_AT_MOST = 128 << 20  # bytes of notes on one file
_HEAD = struct.Struct("<QQQQ")

Blocks = Iterator[tuple[bytes, list[Splice], int]]  # (what is there, what changes in it, matches in it)


class Region(NamedTuple):
    """A changed place: `length` bytes at `begin` of the old content become `new`. `line`: the old one, from 1."""

    begin: int
    length: int
    new: bytes
    line: int


class Noter:
    """Does what an edit does and notes what it changes; `write` takes the notes, which `read` understands."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self.size = 0
        self.is_whole = True  # whether everything was noted

    def run(self, rewrite: Rewrite, chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
        """Yield the new content, as `rewrite.run` does."""
        base, line = 0, 1
        for block, splices, matches in _blocks(rewrite, chunks):
            tally.matches += matches
            at = 0
            for begin, end, new in splices:
                line += block.count(b"\n", at, begin)
                at = begin
                self._note(Region(base + begin, end - begin, new, line))
            line += block.count(b"\n", at)
            base += len(block)
            yield spliced(block, splices)

    def _note(self, region: Region) -> None:
        self.size += _HEAD.size + len(region.new)
        self.is_whole = self.is_whole and self.size <= _AT_MOST
        if self.is_whole:
            self._write(_HEAD.pack(region.begin, region.length, len(region.new), region.line) + region.new)


def can_note(rewrites: tuple[Rewrite, ...]) -> bool:
    """Whether a `Noter` knows this kind of change."""
    if len(rewrites) != 1:
        return False
    one = rewrites[0]
    return isinstance(one, Edit) or (isinstance(one, Search) and one.codec.width == 1)


def read(chunks: Iterable[bytes]) -> Iterator[Region]:
    """Yield the regions that were noted."""
    rest = b""
    for chunk in chunks:
        data, at = rest + chunk, 0
        while len(data) - at >= _HEAD.size:
            begin, length, size, line = _HEAD.unpack_from(data, at)
            end = at + _HEAD.size + size
            if end > len(data):
                break
            yield Region(begin, length, data[at + _HEAD.size : end], line)
            at = end
        rest = data[at:]


def _blocks(rewrite: Rewrite, chunks: Iterable[bytes]) -> Blocks:
    if isinstance(rewrite, Search):
        if rewrite.is_plain:
            return _literal(*rewrite.as_bytes(), chunks)
        return ((block, splices, len(splices)) for block, splices in rewrite.splices(chunks))
    assert isinstance(rewrite, Edit)
    if rewrite.regex or rewrite.ignore_case:
        return _by_line(rewrite, chunks)
    find, put = (text.encode("utf-8", "surrogateescape") for text in (rewrite.find, rewrite.replace))
    return _literal(find, put, chunks)


def _literal(find: bytes, put: bytes, chunks: Iterable[bytes]) -> Blocks:
    """Take matches from the left, as `core.content.edit.literal` does; one may begin in a chunk and end in the next."""
    rest = b""
    for chunk in chunks:
        buffer = rest + chunk
        splices, end = _found(find, put, buffer)
        stop = max(end, len(buffer) - len(find) + 1, 0)
        yield buffer[:stop], splices, len(splices)
        rest = buffer[stop:]
    splices, _ = _found(find, put, rest)
    yield rest, splices, len(splices)


def _found(find: bytes, put: bytes, buffer: bytes) -> tuple[list[Splice], int]:
    splices: list[Splice] = []
    end = 0
    if not occurs(find, buffer):
        return splices, end
    while (start := buffer.find(find, end)) != -1:
        end = start + len(find)
        splices.append(Splice(start, end, put))
    return splices, end


def _by_line(edit: Edit, chunks: Iterable[bytes]) -> Blocks:
    """Note whole lines: an edit with a pattern does not say where in a line its matches are."""
    for block in cut(chunks, end_of_lines):
        tally = Tally()
        changed = b"".join(edit.run([block], tally)) != block
        yield block, list(_changed_lines(edit, block)) if changed else [], tally.matches


def _changed_lines(edit: Edit, block: bytes) -> Iterator[Splice]:
    at = 0
    for line in _lines(block):
        new = b"".join(edit.run([line], Tally()))
        if new != line:
            yield Splice(at, at + len(line), new)
        at += len(line)


def _lines(block: bytes) -> list[bytes]:
    lines = block.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])
