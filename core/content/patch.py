"""Unified diffs, as `git diff` and `diff -u` write them, read. Bytes throughout."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from core.content import gitbinary
from core.content.gitbinary import Blob

NOTHING = b"/dev/null"
_RANGE = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_INDEX = re.compile(rb"index ([0-9a-f]+)\.\.([0-9a-f]+)(?: (\d+))?")
_BINARY = re.compile(rb"(literal|delta) (\d+)\r?\n")
_QUOTED = re.compile(rb'("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*")')
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
    """What happens to one file. Paths as in the diff, b"" for none.

    `binary`: it is no text; `blob`: what becomes of it then, if the diff says so.
    """

    old: bytes = b""
    new: bytes = b""
    hunks: list[Hunk] = field(default_factory=list)
    binary: bool = False
    blob: Blob | None = None
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
            elif line.startswith(b"GIT binary patch") and self._found:
                self._binary()
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
        if found := _QUOTED.fullmatch(rest):
            self._found[-1].old, self._found[-1].new = _name(found[1]), _name(found[2])
        elif rest[half : half + 1] == b" " and rest[2:half] == rest[half + 3 :]:
            self._found[-1].old, self._found[-1].new = rest[:half], rest[half + 1 :]

    def _names(self, line: bytes) -> None:
        # Behind the headers of git these are the names of the same file.
        if not self._found or self._found[-1].hunks or "names" in self._found[-1].headers:
            self._found.append(FilePatch())
        last = self._found[-1]
        last.old, last.new = _name_or_nothing(line[4:]), _name_or_nothing(self._next()[4:])
        last.headers["names"] = b"1"
        self._at += 2

    def _header(self, line: bytes) -> None:
        last = self._found[-1]
        for start, key in _HEADERS.items():
            if line.startswith(start):
                last.headers[key] = _name(line[len(start) :])
        if found := _INDEX.match(line):
            last.headers |= {"old_hash": found[1], "new_hash": found[2], "mode": found[3] or b""}
        if line.startswith(b"Binary files "):
            last.binary = True

    def _binary(self) -> None:
        """Read the part that leads forward; the one that leads back, if any, follows it."""
        last, first = self._found[-1], self._at + 1
        last.binary = True
        while (found := _BINARY.match(self._next())) is not None:
            self._at += 1
            lines: list[bytes] = []
            while self._next().strip():
                self._at += 1
                lines.append(self._lines[self._at].rstrip(b"\r\n"))
            self._at += 1
            try:
                blob = gitbinary.decode(int(found[2]), lines, is_delta=found[1] == b"delta")
            except gitbinary.BadBlob as error:
                raise BadPatch(f"line {first}: {error}") from error
            last.blob = last.blob or blob
        self._at += 1

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


def _name_or_nothing(text: bytes) -> bytes:
    """Return a path, or `NOTHING` for a file that was last changed in 1970: `diff -N` says so of one that is not there."""
    time = text.rstrip(b"\r\n").rpartition(b"\t")[2].decode("ascii", "replace")
    try:
        is_nothing = datetime.fromisoformat(re.sub(r"\.0+", "", time)).timestamp() == 0
    except ValueError:
        is_nothing = False
    return NOTHING if is_nothing else _name(text)


def _unescape(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 255]) if len(code) == 3 else _LETTERS.get(code, code)
