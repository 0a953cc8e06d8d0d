"""Bytes side by side, sixteen a row, with what differs in them."""

from __future__ import annotations

from collections.abc import Iterator

from app.values import DiffRow

_WIDE = 16
_AROUND = 2
_AT_MOST = 4_000


def rows(before: bytes, after: bytes) -> list[DiffRow]:
    """Return rows of what differs, with a little around it; a row of kind "@" where others are left out."""
    found: list[DiffRow] = []
    shown = 0
    for number in _wanted(before, after):
        if len(found) >= _AT_MOST:
            found.append(DiffRow("@", None, None, None, None))
            break
        if number > shown:
            found.append(DiffRow("@", None, None, None, None))
        shown = number + 1
        found.append(_row(before, after, number))
    return found


def _wanted(before: bytes, after: bytes) -> Iterator[int]:
    """Yield the numbers of rows that differ or are near one that does."""
    count = (max(len(before), len(after)) + _WIDE - 1) // _WIDE
    until = 0
    for number in range(count):
        if not _differs(before, after, number):
            continue
        yield from range(max(until, number - _AROUND), number)
        until = max(until, number)
        while until < min(count, number + _AROUND + 1):
            yield until
            until += 1
    if not until:
        yield from range(min(count, _WIDE))


def _differs(before: bytes, after: bytes, number: int) -> bool:
    part = slice(number * _WIDE, (number + 1) * _WIDE)
    return before[part] != after[part]


def _row(before: bytes, after: bytes, number: int) -> DiffRow:
    part = slice(number * _WIDE, (number + 1) * _WIDE)
    old, new = (_text(one[part], number) if len(one) > part.start else None for one in (before, after))
    kind = "=" if old == new else "+" if old is None else "-" if new is None else "~"
    return DiffRow(kind, None, old, None, new)


def _text(part: bytes, number: int) -> str:
    figures = " ".join(f"{byte:02x}" for byte in part)
    letters = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in part)
    return f"{number * _WIDE:08x}  {figures:<{3 * _WIDE - 1}}  {letters}"
