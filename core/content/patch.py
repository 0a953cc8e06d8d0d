"""Unified diffs, as `git diff` and `diff -u` write them: read, and fitted to a content. Bytes throughout."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core.content.edit import Tally

_RANGE = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_HEADERS = {
    b"old mode ": "old_mode",
    b"new mode ": "new_mode",
    b"new file mode ": "made_mode",
    b"deleted file mode ": "gone_mode",
    b"rename from ": "rename_from",
    b"rename to ": "rename_to",
    b"copy from ": "copy_from",
    b"copy to ": "copy_to",
}


class BadPatch(ValueError):
    """It is no unified diff; the text says why and where."""


@dataclass(slots=True)
class Hunk:
    """One part: `before` lines at line `start` (from 1; 0 in a file with none) become `after` lines."""

    start: int
    before: list[bytes]
    after: list[bytes]


@dataclass(slots=True)
class FilePatch:
    """What happens to one file. Paths as in the diff, b"" for none; headers that are missing are b""."""

    old: bytes = b""
    new: bytes = b""
    hunks: list[Hunk] = field(default_factory=list)
    binary: bool = False
    headers: dict[str, bytes] = field(default_factory=dict)


def parse(data: bytes) -> list[FilePatch]:
    """Read a diff. Raises `BadPatch`."""
    return _Reader(_lines(data)).read()


def _lines(data: bytes) -> list[bytes]:
    """Split at line feeds alone: a carriage return belongs to the content."""
    found = data.split(b"\n")
    last = found.pop()
    return [line + b"\n" for line in found] + ([last] if last else [])


class _Reader:
    def __init__(self, lines: list[bytes]) -> None:
        self._lines = lines
        self._at = 0
        self._found: list[FilePatch] = []

    def read(self) -> list[FilePatch]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.startswith(b"diff --git "):
                self._found.append(FilePatch())
                self._git_names(line)
            elif line.startswith(b"--- ") and self._next().startswith(b"+++ "):
                self._names(line)
                continue
            elif line.startswith(b"@@ ") and self._found:
                self._hunk(line)
                continue
            elif self._found:
                self._header(line)
            self._at += 1
        if not self._found:
            raise BadPatch("it has no file in it")
        return self._found

    def _next(self) -> bytes:
        return self._lines[self._at + 1] if self._at + 1 < len(self._lines) else b""

    def _git_names(self, line: bytes) -> None:
        """Take the names from the first line; they are needed where neither hunks nor a rename say them again."""
        rest = line[len(b"diff --git ") :].rstrip(b"\r\n")
        half = len(rest) // 2
        if rest[:1] != b'"' and rest[half : half + 1] == b" " and rest[2:half] == rest[half + 3 :]:
            self._found[-1].old, self._found[-1].new = rest[:half], rest[half + 1 :]

    def _names(self, line: bytes) -> None:
        # Behind the headers of git these are the names of the same file.
        if not self._found or self._found[-1].hunks or "names" in self._found[-1].headers:
            self._found.append(FilePatch())
        last = self._found[-1]
        last.old, last.new = _name(line[4:]), _name(self._next()[4:])
        last.headers["names"] = b"1"
        self._at += 2

    def _header(self, line: bytes) -> None:
        last = self._found[-1]
        for start, key in _HEADERS.items():
            if line.startswith(start):
                last.headers[key] = _name(line[len(start) :])
        if line.startswith((b"GIT binary patch", b"Binary files ")):
            last.binary = True

    def _hunk(self, line: bytes) -> None:
        found = _RANGE.match(line)
        if found is None:
            raise BadPatch(f"line {self._at + 1}: this is no range of lines")
        olds, news = int(found[2] or 1), int(found[4] or 1)
        hunk = Hunk(int(found[1]), [], [])
        first = self._at
        self._at += 1
        while len(hunk.before) < olds or len(hunk.after) < news:
            if self._at >= len(self._lines):
                raise BadPatch(f"line {first + 1}: the part that begins here ends too early")
            self._line_of(hunk, self._lines[self._at])
            self._at += 1
        self._no_line_end(hunk)
        if (len(hunk.before), len(hunk.after)) != (olds, news):
            raise BadPatch(f"line {first + 1}: the part that begins here has other lines than it says")
        self._found[-1].hunks.append(hunk)

    def _line_of(self, hunk: Hunk, line: bytes) -> None:
        match line[:1]:
            case b" " | b"\n" | b"\r":  # mail programs take the blank from an empty line
                text = line[1:] if line[:1] == b" " else line
                hunk.before.append(text)
                hunk.after.append(text)
            case b"-":
                hunk.before.append(line[1:])
            case b"+":
                hunk.after.append(line[1:])
            case b"\\":
                self._cut(hunk, self._lines[self._at - 1][:1])
            case _:
                raise BadPatch(f"line {self._at + 1}: this belongs to no part")

    def _no_line_end(self, hunk: Hunk) -> None:
        if self._at < len(self._lines) and self._lines[self._at].startswith(b"\\"):
            self._cut(hunk, self._lines[self._at - 1][:1])
            self._at += 1

    @staticmethod
    def _cut(hunk: Hunk, kind: bytes) -> None:
        """Take the line end from the last line of one side, or of both."""
        for lines, kinds in ((hunk.before, b"- "), (hunk.after, b"+ ")):
            if kind in (kinds[:1], b" ") and lines:
                lines[-1] = lines[-1].removesuffix(b"\n")


def _name(text: bytes) -> bytes:
    """Return a path as a diff writes it: up to a tab, or quoted like a string of C."""
    text = text.rstrip(b"\r\n")
    if text.startswith(b'"'):
        return _ESCAPE.sub(_unescape, text[1 : text.rfind(b'"')])
    return text.partition(b"\t")[0]


def _unescape(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 255]) if len(code) == 3 else _LETTERS.get(code, code)


@dataclass(frozen=True, slots=True)
class Splices:
    """A rewrite by place: bytes from `begin` to `end` become `new`; in order and without overlap."""

    splices: tuple[tuple[int, int, bytes], ...]

    def run(self, chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
        """Yield the new content."""
        tally.matches += len(self.splices)
        rest = list(self.splices)
        base = 0
        for chunk in chunks:
            at, end = 0, base + len(chunk)
            while rest and rest[0][0] < end:
                begin, stop, new = rest[0]
                yield chunk[at : max(at, begin - base)]
                if stop > end:  # the old bytes go on in the next chunk
                    rest[0] = (end, stop, new)
                    at = len(chunk)
                    break
                yield new
                at = stop - base
                rest.pop(0)
            yield chunk[at:]
            base = end
        for _, _, new in rest:
            yield new


class Misfit(ValueError):
    """A part fits nowhere; `number` counts from 1, `line` is where it was expected."""

    def __init__(self, number: int, line: int) -> None:
        super().__init__(number, line)
        self.number = number
        self.line = line


def fit(hunks: list[Hunk], content: bytes) -> tuple[Splices, list[tuple[int, int]]]:
    """Find where every part fits, nearest to where it says; return (splices, parts that are off: (number, lines)).

    Raises:
        Misfit: the lines that a part is about are not there.
    """
    starts = [0, *(found.end() for found in re.finditer(rb"\n", content))]
    if starts[-1] == len(content):
        starts.pop()
    splices: list[tuple[int, int, bytes]] = []
    moved: list[tuple[int, int]] = []
    drift = low = 0
    for number, hunk in enumerate(hunks, 1):
        expected = hunk.start - 1 + drift if hunk.before else hunk.start + drift
        line = _place(hunk, content, starts, expected, low)
        if line is None:
            raise Misfit(number, max(1, expected + 1))
        if line != expected:
            moved.append((number, line - expected))
        drift += line - expected
        begin = starts[line] if line < len(starts) else len(content)
        splices += _changed_lines(hunk, begin)
        low = line + len(hunk.before)
    return Splices(tuple(splices)), moved


def _place(hunk: Hunk, content: bytes, starts: list[int], expected: int, low: int) -> int | None:
    """Return the line at which a part fits that is nearest to the expected one, and not before `low`."""
    block = b"".join(hunk.before)
    if not block:
        return expected if low <= expected <= len(starts) else None
    best: int | None = None
    at = starts[low] if low < len(starts) else len(content)
    while (at := content.find(block, at)) != -1:
        line = bisect_left(starts, at)
        is_line = line < len(starts) and starts[line] == at
        ends_well = block.endswith(b"\n") or at + len(block) == len(content)
        if is_line and ends_well and (best is None or abs(line - expected) < abs(best - expected)):
            best = line
        if best is not None and line > expected:
            break
        at += 1
    return best


def _changed_lines(hunk: Hunk, begin: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield the splice of a part, without the lines that are the same at its beginning and end."""
    first = 0
    while first < min(len(hunk.before), len(hunk.after)) and hunk.before[first] == hunk.after[first]:
        begin += len(hunk.before[first])
        first += 1
    before, after = hunk.before[first:], hunk.after[first:]
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    if before or after:
        yield begin, begin + sum(map(len, before)), b"".join(after)
