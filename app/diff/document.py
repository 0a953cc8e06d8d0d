"""What the view paints: rows with the spans that differ, and the same as text for screen readers."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from app.values import DiffRow


class Side(NamedTuple):
    """One side of a row: line number, text as it is shown, and the span [start, end) that differs."""

    number: int
    text: str
    start: int
    end: int


class Line(NamedTuple):
    """A row as it is painted; a side is None where there is no line."""

    kind: str
    old: Side | None
    new: Side | None


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


def unified(lines: list[Line], at_most: int = 400) -> str:
    """Return the same as text, for screen readers."""
    found: list[str] = []
    for one in lines[:at_most]:
        if one.kind == "@":
            found.append("lines left out")
        elif one.kind == "=" and one.new is not None:
            found.append(f"{one.new.number}: {one.new.text}")
        else:
            if one.old is not None:
                found.append(f"{one.old.number} removed: {one.old.text}")
            if one.new is not None:
                found.append(f"{one.new.number} added: {one.new.text}")
    return "\n".join(found)


def _in_word(text: str, at: int) -> bool:
    return (
        0 < at < len(text)
        and (text[at - 1].isalnum() or text[at - 1] == "_")
        and (text[at].isalnum() or text[at] == "_")
    )
