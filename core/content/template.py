r"""What is put in the place of a match: groups by number and name, and upper and lower case.

`\1`, `\g<1>` and `\g<name>` stand for groups, `\0` for the whole match; `\U` and `\L` make everything up to `\E` upper
or lower case, `\u` and `\l` the next character; `\n`, `\t` and `\r` are what they always are, `\\` is a backslash.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import regex

_PIECE = regex.compile(r"\\(?:g<(?P<name>[^<>]*)>|(?P<number>\d{1,2})|(?P<case>[ULEul])|(?P<other>.))|\\", regex.DOTALL)
_OTHERS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_SAME = {"U": str.upper, "L": str.lower}
_NEXT = {"u": str.upper, "l": str.lower}
_PARTS = regex.compile(r"[-_]")

Part = tuple[str, str | int]  # ("text", …), ("group", number or name), ("case", letter)


class BadTemplate(ValueError):
    """The replacement cannot be read; the text says why."""


@lru_cache(maxsize=256)
def read(template: str) -> tuple[Part, ...]:
    """Take a replacement apart. Raises `BadTemplate`."""
    parts: list[Part] = []
    position = 0
    for piece in _PIECE.finditer(template):
        parts.append(("text", template[position : piece.start()]))
        parts.append(_part(piece))
        position = piece.end()
    parts.append(("text", template[position:]))
    return tuple(part for part in parts if part[1] != "")


def _part(piece: regex.Match[str]) -> Part:
    if piece["name"] is not None:
        return "group", int(piece["name"]) if piece["name"].isdecimal() else piece["name"]
    if piece["number"] is not None:
        return "group", int(piece["number"])
    if piece["case"] is not None:
        return "case", piece["case"]
    other = piece["other"]
    if other is None or (other.isalnum() and other not in _OTHERS):
        raise BadTemplate(f"“{piece[0]}” means nothing")
    return "text", _OTHERS.get(other, other)


def check(template: str, pattern: regex.Pattern[str]) -> None:
    """Raise `BadTemplate` if the replacement names a group that the pattern lacks."""
    for kind, value in read(template):
        if kind == "group" and not (value in pattern.groupindex if isinstance(value, str) else value <= pattern.groups):
            raise BadTemplate(f"there is no group “{value}”")


def expand(template: str, match: regex.Match[str]) -> str:
    """Return what is put in the place of a match; a group that took no part is empty."""
    found: list[str] = []
    same: Callable[[str], str] | None = None
    once: Callable[[str], str] | None = None
    for kind, value in read(template):
        if kind == "case":
            if value in _NEXT:
                once = _NEXT[str(value)]
            else:
                same, once = _SAME.get(str(value)), None
            continue
        text = str(value) if kind == "text" else (match[value] or "")
        text = same(text) if same else text
        if once and text:
            text, once = once(text[0]) + text[1:], None
        found.append(text)
    return "".join(found)


def like(old: str, new: str) -> str:
    """Return `new` in the case of `old`: UPPER, lower, Capitalised, and each part of names-with_parts for itself."""
    olds, news = _PARTS.split(old), _PARTS.split(new)
    if len(olds) > 1 and len(olds) == len(news) and old.upper() != old:
        marks = _PARTS.findall(new)
        parts = [_like(*pair) for pair in zip(olds, news, strict=True)]
        return "".join(part + mark for part, mark in zip(parts, [*marks, ""], strict=True))
    return _like(old, new)


def _like(old: str, new: str) -> str:
    if not old or not new:
        return new
    if old.upper() == old and old.lower() != old and (len(old) > 1 or len(new) == 1):
        return new.upper()
    if old.lower() == old and old.upper() != old:
        return new.lower() if new.upper() == new or new[1:].lower() == new[1:] else new[0].lower() + new[1:]
    if old[0].upper() == old[0] and old[0].lower() != old[0]:
        return new[0].upper() + new[1:]
    return new[0].lower() + new[1:] if old[0].lower() == old[0] and old[0].upper() != old[0] else new


def counted(template: str, number: str) -> str:
    r"""Return a replacement with a number in the place of `\#`."""
    text: str = _PIECE.sub(lambda piece: number if piece[0] == r"\#" else piece[0], template)
    return text
