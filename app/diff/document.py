"""What the view paints: rows with the spans that differ and the matches in them, and the same as text."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple, overload

from app.values import DiffRow, Match
from app.words import _

_SIDES = tuple(DiffRow._fields.index(name) for name in ("old_text", "new_text"))


class Side(NamedTuple):
    """One side of a row: line number (0 for none), text as it is shown, and the span [start, end) that differs."""

    number: int
    text: str
    start: int
    end: int


class Line(NamedTuple):
    """A row as it is painted; a side is None where there is no line. `matches`: what can be left out of it."""

    kind: str
    old: Side | None
    new: Side | None
    matches: tuple[Match, ...] = ()

    @property
    def is_ticked(self) -> bool | None:
        """Whether its matches are in; None where only some are."""
        out = sum(match.is_out for match in self.matches)
        return None if 0 < out < len(self.matches) else out == 0

    @property
    def is_out(self) -> bool:
        """Whether it stays as it is, because all of its matches are left out."""
        return bool(self.matches) and all(match.is_out for match in self.matches)


class Lines(Sequence[Line]):
    """Rows as they are painted. What differs within a row is worked out when it is looked at: most never are."""

    def __init__(self, rows: Sequence[DiffRow] = (), matches: Iterable[Match] = ()) -> None:
        self.rows = rows
        self._matches = _by_line(matches)
        self._known: dict[int, Line] = {}

    @property
    def has_matches(self) -> bool:
        """Whether anything in it can be left out."""
        return bool(self._matches)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> Line: ...

    @overload
    def __getitem__(self, at: slice) -> list[Line]: ...

    def __getitem__(self, at: int | slice) -> Line | list[Line]:
        """Return a row, or some of them."""
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self.rows)))]
        number = range(len(self.rows))[at]
        known = self._known.get(number)
        if known is None:
            matches = self._matches_of(number) if self._matches else ()
            known = self._known[number] = line(self.rows[number])._replace(matches=matches)
        return known

    def _matches_of(self, number: int) -> tuple[Match, ...]:
        """Return the matches that a row is made by, or that are in it."""
        row = self.rows[number]
        if row.old_number is not None:
            here = self._matches.get(row.old_number, ())
            # What only adds lines is shown where they are.
            return tuple(match for match in here if row.kind != "=" or not _only_adds_lines(match))
        if row.kind != "+":
            return ()
        at = bisect_left(self._stays, number)
        above = (self.rows[self._stays[at - 1]].old_number or 0) if at else 0
        longer = (match for match in self._matches.get(above, ()) if match.new.count("\n") > match.old.count("\n"))
        return (*longer, *(match for match in self._matches.get(above + 1, ()) if _only_adds_lines(match)))

    @cached_property
    def _stays(self) -> list[int]:
        """The rows that are no new lines."""
        return [number for number, row in enumerate(self.rows) if row.kind != "+"]

    def leave_out(self, ids: set[str], *, is_out: bool) -> None:
        """Leave matches out, or take them in, in all rows that they are in."""
        for matches in self._matches.values():
            matches[:] = [match._replace(is_out=is_out) if match.id in ids else match for match in matches]
        self._known.clear()

    def changes(self, number: int) -> bool:
        """Whether a row changes something."""
        row = self.rows[number]
        return row.kind not in "=@#" and not (self._matches and self[number].is_out)


def _by_line(matches: Iterable[Match]) -> dict[int, list[Match]]:
    """Return matches by the line that they are in before the batch.

    A later search counts the lines that the ones before it have made: those are taken off again.
    """
    found: dict[int, list[Match]] = defaultdict(list)
    grown: dict[int, tuple[list[int], list[int]]] = {}  # by operation: lines, and how many there are more after each
    for match in matches:
        earlier = 0
        for operation, (lines, totals) in grown.items():
            before = bisect_left(lines, match.line)
            earlier += totals[before - 1] if before and operation != match.operation else 0
        for at in range(match.line - earlier, match.line - earlier + _lines_of(match.old)):
            found[at].append(match)
        by = match.new.count("\n") - match.old.count("\n")
        if by and not match.is_out:
            lines, totals = grown.setdefault(match.operation, ([], []))
            lines.append(match.line)
            totals.append(by + (totals[-1] if totals else 0))
    return found


def _lines_of(text: str) -> int:
    """Return in how many lines a text is."""
    return max(1, text.count("\n") + (not text.endswith("\n")))


def _only_adds_lines(match: Match) -> bool:
    return not match.old and match.new.endswith("\n")


def line(row: DiffRow) -> Line:
    """Work out what differs within a row."""
    old = None if row.old_text is None else visible(row.old_text)
    new = None if row.new_text is None else visible(row.new_text)
    before = after = (0, 0)
    if row.kind == "~" and old is not None and new is not None:
        before, after = spans(old, new)
    return Line(
        row.kind,
        None if old is None else Side(row.old_number or 0, old, *before),
        None if new is None else Side(row.new_number or 0, new, *after),
    )


def spans(old: str, new: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the spans between the common beginning and the common end, widened to whole words."""
    start = 0
    limit = min(len(old), len(new))
    while start < limit and old[start] == new[start]:
        start += 1
    end = 0
    while end < limit - start and old[-1 - end] == new[-1 - end]:
        end += 1
    while start and _in_word(old, start) and _in_word(new, start):
        start -= 1
    while end and _in_word(old, len(old) - end) and _in_word(new, len(new) - end):
        end -= 1
    return (start, len(old) - end), (start, len(new) - end)


def visible(text: str) -> str:
    """Return text with everything shown that would otherwise be unseen or would reorder what is around it."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\t":
        return "\t"
    if character == "\r":
        return "␍"
    if "\udc80" <= character <= "\udcff":  # a byte that is no UTF-8
        return f"‹{ord(character) - 0xDC00:02X}›"
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs"):
        return f"‹U+{ord(character):04X}›"
    return character


def is_typable(text: str) -> bool:
    """Whether a text can be edited in a field of one line without anything in it being lost."""
    return visible(text) == text


def spoken(one: Line) -> str:
    """Say a row in words."""
    if one.kind == "@":
        return _("lines left out")
    if one.kind == "#":
        return one.old.text if one.old else ""
    if one.kind == "=" and one.new is not None:
        return f"{one.new.number}: {one.new.text}"
    parts = []
    if one.is_out:
        parts.append(_("left out"))
    if one.old is not None:
        parts.append(_("{number} removed: {text}", number=one.old.number, text=one.old.text))
    if one.new is not None:
        parts.append(_("{number} added: {text}", number=one.new.number, text=one.new.text))
    return "\n".join(parts)


def unified(shown: Sequence[Line], at_most: int = 100) -> str:
    """Return the same as text, for screen readers."""
    return "\n".join(map(spoken, shown[:at_most]))


def _in_word(text: str, at: int) -> bool:
    return (
        0 < at < len(text)
        and (text[at - 1].isalnum() or text[at - 1] == "_")
        and (text[at].isalnum() or text[at] == "_")
    )


def longest(rows: Sequence[DiffRow]) -> int:
    """Return the length of the longest text on any side; there may be fifty thousand, and the window waits for it."""
    return max(max(map(len, filter(None, map(itemgetter(side), rows))), default=0) for side in _SIDES)
