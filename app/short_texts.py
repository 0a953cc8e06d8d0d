"""Names and texts that somebody else has written, as they may stand in a line of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.words import _

_LONGEST = 120  # characters of a path in a question


def in_a_line(name: str) -> str:
    """Return a name that somebody gave a batch as it may stand in a line: a plan may come from anywhere."""
    return "".join(one if one.isprintable() else "·" for one in name)


def shortened(path: str) -> str:
    """Return a path for a question, whose box would grow with it: the middle of a very long one is left out."""
    return path if len(path) <= _LONGEST else f"{path[: _LONGEST // 2]}…{path[-_LONGEST // 2 :]}"


def short(text: str) -> str:
    """Return the beginning of a text, in one line and with something for what cannot be printed."""
    plain = "".join(one if one.isprintable() else "·" for one in text.replace("\n", "⏎"))
    if not plain:
        return _("nothing")
    return plain if len(plain) <= 28 else plain[:27] + "…"


def pairs_title(pairs: Sequence[Mapping[str, str]]) -> str:
    """Name a search by what it finds and what it puts there."""
    first = f"{short(pairs[0]['find'])} → {short(pairs[0]['replace'])}"
    return first if len(pairs) == 1 else _("{first} and {number} more", first=first, number=len(pairs) - 1)


def batch_name(titles: list[str]) -> str:
    """Name a batch by what is queued first."""
    return (
        ""
        if not titles
        else titles[0]
        if len(titles) == 1
        else _("{first} and {number} more", first=titles[0], number=len(titles) - 1)
    )
