"""Differences between two contents: as a unified diff, and as rows for a side-by-side view.

libgit2 does the comparing (by pygit2: kept well, wheels everywhere, and several times faster than difflib on large
files). Contents above `LARGE` are not compared: the places that an edit changes are shown, else sizes and digests
speak for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.content.git import pygit2

LARGE = 32 << 20
_BINARY_PROBE = 8000


class Row(NamedTuple):
    """A row of a side-by-side view; a side that has no line there is (None, None). Texts keep no line end.

    `kind`: "=" unchanged, "~" changed, "-" removed, "+" added, "@" lines left out.
    """

    kind: str
    old_number: int | None
    old_text: str | None
    new_number: int | None
    new_text: str | None


def is_binary(content: bytes) -> bool:
    """Whether content is no text, by the rule that git has: a zero byte near the beginning."""
    return b"\0" in content[:_BINARY_PROBE]


def unified(before: bytes, after: bytes, old_name: str, new_name: str) -> Iterator[str]:
    """Yield the lines of a unified diff, without line ends; names as they are to be shown."""
    yield from names(old_name, new_name)
    yield from hunks(before, after)


def names(old_name: str, new_name: str) -> Iterator[str]:
    """Yield the two lines that the diff of a file begins with."""
    yield f"--- {old_name}"
    yield f"+++ {new_name}"


def hunks(before: bytes, after: bytes, old_line: int = 1, new_line: int = 1) -> Iterator[str]:
    """Yield the lines of the hunks of contents that are parts of larger ones, from those lines on."""
    patch = pygit2.Patch.create_from(before, after)
    for hunk in patch.hunks:
        if old_line == new_line == 1:
            yield hunk.header.rstrip("\n")
        else:
            old, new = hunk.old_start + old_line - 1, hunk.new_start + new_line - 1
            yield f"@@ -{old},{hunk.old_lines} +{new},{hunk.new_lines} @@"
        for line in hunk.lines:
            text = _text(line.raw_content)
            if line.origin in " +-":
                yield line.origin + text
            else:
                yield "\\ No newline at end of file"


def rows(before: bytes, after: bytes, old_line: int = 1, new_line: int = 1, shown: int = 0) -> Iterator[Row]:
    """Yield the rows of the hunks, a row of kind "@" where lines are left out before one.

    For contents that are parts of larger ones: the lines they begin with, and the last line that is shown already.
    """
    patch = pygit2.Patch.create_from(before, after)
    old_by, new_by = old_line - 1, new_line - 1
    for hunk in patch.hunks:
        if hunk.old_start + old_by > shown + 1:
            yield Row("@", hunk.old_start + old_by, None, hunk.new_start + new_by, None)
        shown = hunk.old_start + hunk.old_lines - 1 + old_by
        removed: list[tuple[int, str]] = []
        added: list[tuple[int, str]] = []
        for line in hunk.lines:
            text = _text(line.raw_content)
            if line.origin == "-":
                removed.append((line.old_lineno + old_by, text))
            elif line.origin == "+":
                added.append((line.new_lineno + new_by, text))
            elif line.origin == " ":
                yield from _pair(removed, added)
                removed, added = [], []
                yield Row("=", line.old_lineno + old_by, text, line.new_lineno + new_by, text)
        yield from _pair(removed, added)


def count(before: bytes, after: bytes) -> tuple[int, int]:
    """Return how many lines are new, and how many are there no more."""
    _, added, removed = pygit2.Patch.create_from(before, after).line_stats
    return added, removed


def _pair(removed: list[tuple[int, str]], added: list[tuple[int, str]]) -> Iterator[Row]:
    both = min(len(removed), len(added))
    for old, new in zip(removed, added, strict=False):
        yield Row("~", *old, *new)
    for old in removed[both:]:
        yield Row("-", *old, None, None)
    for new in added[both:]:
        yield Row("+", None, None, *new)


def _text(raw: bytes) -> str:
    return raw.removesuffix(b"\n").decode("utf-8", "surrogateescape")
