"""What is around the changed places of a large file: so much of it as people look at, and nothing else is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core.content.regions import Region
from core.fs.api import FileSystem, Handle
from core.plan import render

_LINES = 3  # shown before and behind a change
_AROUND = 4096  # bytes that are looked at to find them
_OF_A_LONG_LINE = 200  # bytes shown of a line that is longer than that
_AT_MOST = 1 << 20  # bytes; changes beside one another are shown together up to that
_CUT = "…\n".encode()


class Window(NamedTuple):
    """Part of a file before and after, from line `old` and line `new` on, both counted from 1."""

    old: int
    new: int
    before: bytes
    after: bytes


def windows(fs: FileSystem, path: str, regions: Iterable[Region]) -> Iterator[Window]:
    """Yield the changed parts of a file, of which the regions say what changes. Raises OSError."""
    handle = render.open_file(fs, path)
    try:
        drift = 0
        for group in _groups(regions):
            window = _window(fs, handle, group, drift)
            drift += window.after.count(b"\n") - window.before.count(b"\n")
            yield window
    finally:
        fs.close(handle)


def _groups(regions: Iterable[Region]) -> Iterator[list[Region]]:
    """Put together what is shown together: regions so near that their surroundings overlap."""
    group: list[Region] = []
    size = end = 0
    for region in regions:
        size += region.length + len(region.new)
        near = group and region.begin - end <= 2 * _AROUND and size + region.begin - group[0].begin <= _AT_MOST
        if group and not near:
            yield group
            group, size = [], region.length + len(region.new)
        group.append(region)
        end = region.begin + region.length
    if group:
        yield group


def _window(fs: FileSystem, handle: Handle, group: list[Region], drift: int) -> Window:
    first, end = group[0].begin, group[-1].begin + group[-1].length
    start = max(0, first - _AROUND)
    head = _last_lines(_read(fs, handle, start, first), whole=start == 0)
    old = _read(fs, handle, first, end)
    tail = _first_lines(_read(fs, handle, end, end + _AROUND), at_start=old.endswith(b"\n"))
    parts, at = [head], 0
    for region in group:
        parts += [old[at : region.begin - first], region.new]
        at = region.begin - first + region.length
    line = group[0].line - head.count(b"\n")
    return Window(line, line + drift, head + old + tail, b"".join([*parts, tail]))


def _read(fs: FileSystem, handle: Handle, begin: int, end: int) -> bytes:
    parts: list[bytes] = []
    while begin < end and (block := fs.read_at(handle, end - begin, begin)):
        parts.append(block)
        begin += len(block)
    return b"".join(parts)


def _last_lines(data: bytes, *, whole: bool) -> bytes:
    """Return the last lines and the begun one; `whole`: whether the file begins with the data."""
    lines = data.split(b"\n")
    if not whole:
        if len(lines) == 1:
            return "…".encode() + data[-_OF_A_LONG_LINE:]
        del lines[0]  # cut by where the data begin
    return b"\n".join(lines[-_LINES - 1 :])


def _first_lines(data: bytes, *, at_start: bool) -> bytes:
    """Return the rest of the begun line (`at_start`: there is none) and some lines more."""
    wanted, at = _LINES + (not at_start), 0
    for _ in range(wanted):
        found = data.find(b"\n", at)
        if found == -1:
            return data[:at] or (data if len(data) < _AROUND else data[:_OF_A_LONG_LINE] + _CUT)
        at = found + 1
    return data[:at]
