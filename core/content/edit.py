"""Find and replace on a stream of bytes.

A literal without case folding is a search over bytes, wherever line ends are. Everything else works line by line, as
grep and sed do: `regex` owns the meaning of patterns, and a match never contains a line end. Lines are decoded as
UTF-8 with escapes for whatever is not, so bytes outside the matches come out as they went in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import regex

from core.content.blocks import cut, end_of_lines

BLOCK = 1 << 20
_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Edit:
    r"""What to find and what to put there; with `regex`, `\1` and `\g<name>` in `replace` stand for groups."""

    find: str
    replace: str
    regex: bool = False
    ignore_case: bool = False

    def run(self, chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
        """Do what the function `run` does."""
        return run(self, chunks, tally)


class BadPattern(ValueError):
    """The pattern or the replacement cannot be used; the text says why and where."""


@dataclass(slots=True)
class Tally:
    """Counts matches while a stream runs."""

    matches: int = 0


class Rewrite(Protocol):
    """Whatever makes new content of old: edits, searches, conversions, patches."""

    def run(self, chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
        """Yield the new content, and count the matches."""
        ...


def check(edit: Edit) -> None:
    """Raise `BadPattern` if the edit cannot be used."""
    if not edit.find:
        raise BadPattern("there is nothing to find")
    try:
        _encode(edit.find + edit.replace)
    except UnicodeEncodeError as error:
        raise BadPattern("it has a character that no file can hold") from error
    if not edit.regex:
        if edit.ignore_case and "\n" in edit.find:
            raise BadPattern("a search that ignores case cannot contain a line end")
        return
    pattern = _compile(edit)
    try:
        # A template is compiled the first time it is expanded; a match of an always-matching pattern with the same
        # groups brings its errors to light before any file is read.
        probe = regex.compile(f"(?:{edit.find})|", pattern.flags).search("")
        if probe is not None:
            probe.expand(edit.replace)
    except (regex.error, IndexError) as error:
        raise BadPattern(f"replacement: {error}") from error


def run(edit: Edit, chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
    """Yield the content with every match replaced.

    Raises:
        TimeoutError: the pattern takes too long on one line.
        LineTooLong: a line exceeds 64 MiB.
    """
    if edit.regex or edit.ignore_case:
        return _by_line(edit, chunks, tally)
    return literal(_encode(edit.find), _encode(edit.replace), chunks, tally)


def literal(find: bytes, replacement: bytes, chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
    """Yield the content with some bytes replaced by others, wherever they are."""
    rest = b""
    keep = len(find) - 1  # bytes that may be the beginning of a match
    for chunk in chunks:
        buffer = rest + chunk if rest else chunk
        # Matches are taken from the left, and what follows the last one may be the beginning of the next. To split and
        # to join looks at everything once; to find, count and replace did so three times.
        parts = buffer.split(find)
        last = parts[-1]
        cut = max(0, len(last) - keep)
        rest, parts[-1] = last[cut:], last[:cut]
        tally.matches += len(parts) - 1
        yield replacement.join(parts)
    yield rest


def _by_line(edit: Edit, chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
    pattern = _compile(edit)
    literal = None if edit.regex else edit.replace
    for block in cut(chunks, end_of_lines):
        lines = block.split(b"\n")
        last = lines.pop()  # "" behind a line end: not a line
        changed = [_line(pattern, edit.replace, literal, line, tally) for line in lines]
        if last:
            changed.append(_line(pattern, edit.replace, literal, last, tally)[:-1])
        yield b"".join(changed)


def _line(pattern: regex.Pattern[str], template: str, literal: str | None, line: bytes, tally: Tally) -> bytes:
    ending = b"\r\n" if line.endswith(b"\r") else b"\n"
    text = line.removesuffix(b"\r").decode("utf-8", "surrogateescape")
    parts, position = [], 0
    for match in pattern.finditer(text, timeout=_TIMEOUT_SECONDS):
        parts.append(text[position : match.start()])
        parts.append(match.expand(template) if literal is None else literal)
        position = match.end()
        tally.matches += 1
    if not parts:
        return line + b"\n"
    parts.append(text[position:])
    return _encode("".join(parts)) + ending


@lru_cache(maxsize=64)
def _compile(edit: Edit) -> regex.Pattern[str]:
    flags = regex.V0 | (regex.IGNORECASE | regex.FULLCASE if edit.ignore_case else 0)
    try:
        return regex.compile(edit.find if edit.regex else regex.escape(edit.find), flags)
    except regex.error as error:
        raise BadPattern(str(error)) from error


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
