"""Moves leftovers to the desktop's trash, each only while it is the file that was shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.fs import trash, walk
from core.leftovers.catalogue import Family, is_managed_path
from core.leftovers.identify import what
from core.progress import Cancelled, CancelToken


class Left(StrEnum):
    """Why a file was left where it is."""

    MISSING = "missing"
    CHANGED = "changed"
    PROTECTED = "protected"
    NOT_PLAIN = "not_a_plain_file"
    IN_USE = "in_use"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as it was shown: size in bytes, times in seconds since 1970; `ino` and `changed` 0 where they are not known.

    `advice`: what was said of it, "" where somebody chose it whatever was said.
    """

    path: str
    size: int
    mtime: float
    ino: int = 0
    changed: float = 0.0
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Trashed:
    """What became of it. `left`: why it was left where it is, None when it went. `detail`: what the system said."""

    path: str
    left: Left | None = None
    detail: str = ""


def to_trash(wanted: Iterable[Shown], token: CancelToken) -> list[Trashed]:
    """Move each, and say what became of it. Cancel leaves the rest where it is, and is no error."""
    results = []
    for one in wanted:
        try:
            token.check()
        except Cancelled:
            break
        results.append(_move(one))
    return results


def _move(one: Shown) -> Trashed:
    seen = walk.look(one.path)
    if seen is None:
        return Trashed(one.path, Left.MISSING)
    match = what(one.path)
    # Ours may be somebody's only original, and what is part of something that lives must stay with it.
    if match is None or match.signature.family in (Family.SIDE, Family.PROTECTED) or is_managed_path(one.path):
        return Trashed(one.path, Left.PROTECTED)
    if seen.kind != "file":
        return Trashed(one.path, Left.NOT_PLAIN)
    if (seen.size, seen.mtime) != (one.size, one.mtime) or one.ino not in (0, seen.ino):
        return Trashed(one.path, Left.CHANGED)
    try:
        trash.move(one.path)
    except OSError as error:
        return Trashed(one.path, Left.REFUSED, error.strerror or str(error))
    return Trashed(one.path)
