"""The parts of a unified diff, fitted to a content: where the lines are that each is about, and what becomes of them."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from core.content.edit import Tally
from core.content.patch import Hunk


class Part(NamedTuple):
    """A part of a diff, fitted: bytes from `begin` to `end`, which begin in `line` (from 1), become `new`."""

    id: str
    line: int
    begin: int
    end: int
    new: bytes


@dataclass(frozen=True, slots=True)
class Splices:
    """A rewrite by place: parts in order and without overlap. Those with an id in `skip` are not made.

    `diff`: where they come from.
    """

    parts: tuple[Part, ...]
    skip: frozenset[str] = frozenset()
    diff: str = ""

    def run(self, chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
        """Yield the new content."""
        rest = [(one.begin, one.end, one.new) for one in self.parts if one.id not in self.skip]
        tally.matches += len(rest)
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


def idents(hunks: list[Hunk], name: bytes) -> list[str]:
    """Return an id for each part of the diff of a file: made of its lines, and whether it is the first such one."""
    seen: Counter[bytes] = Counter()
    found = []
    for hunk in hunks:
        essence = b"".join(hunk.before) + b"\0" + b"".join(hunk.after)
        seen[essence] += 1
        sha = hashlib.blake2b(name + b"\0%d\0" % seen[essence] + essence, digest_size=8)
        found.append(sha.hexdigest())
    return found


def fit(
    hunks: list[Hunk], content: bytes, name: bytes = b"", skip: frozenset[str] = frozenset(), diff: str = ""
) -> tuple[Splices, list[tuple[int, int]]]:
    """Find where every part fits, nearest to where it says; return (splices, parts that are off: (number, lines)).

    `name` is that of the file in the diff, `diff` where that lies; parts with an id in `skip` need not fit.

    Raises:
        Misfit: the lines that a part is about are not there.
    """
    starts = [0, *(found.end() for found in re.finditer(rb"\n", content))]
    if starts[-1] == len(content):
        starts.pop()
    parts: list[Part] = []
    moved: list[tuple[int, int]] = []
    drift = low = 0
    for number, (hunk, ident) in enumerate(zip(hunks, idents(hunks, name), strict=True), 1):
        expected = hunk.start - 1 + drift if hunk.before else hunk.start + drift
        line = _place(hunk, content, starts, expected, low)
        if line is None and ident in skip:
            continue
        if line is None:
            raise Misfit(number, max(1, expected + 1))
        if line != expected and ident not in skip:
            moved.append((number, line - expected))
        drift += line - expected
        begin = starts[line] if line < len(starts) else len(content)
        parts += _changed_lines(hunk, ident, line, begin)
        low = line + len(hunk.before)
    return Splices(tuple(parts), skip, diff), moved


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


def _changed_lines(hunk: Hunk, ident: str, line: int, begin: int) -> Iterator[Part]:
    """Yield what a part does at a line (from 0) without the lines that are the same at its beginning and end."""
    first = 0
    while first < min(len(hunk.before), len(hunk.after)) and hunk.before[first] == hunk.after[first]:
        begin += len(hunk.before[first])
        first += 1
    before, after = hunk.before[first:], hunk.after[first:]
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    if before or after:
        yield Part(ident, line + first + 1, begin, begin + sum(map(len, before)), b"".join(after))
