"""What somebody decides about: a leftover as it was shown, and whether it is still that, and nobody is at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from core.fs import walk
from core.leftovers.catalogue import is_managed_path
from core.leftovers.identify import Identifier, Leftover
from core.leftovers.judge import Advice, Reason


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
class Fate:
    """What became of it. `left`: why it was left where it is, None when it went. `detail`: what the system said."""

    path: str
    left: Left | None = None
    detail: str = ""


def shown(found: Leftover) -> Shown:
    """Return what is to be remembered of a leftover when somebody decides about it."""
    return Shown(found.path, found.size, found.mtime, found.ino, found.changed, found.advice.value)


def hindrance(identifier: Identifier, one: Shown) -> Left | None:
    """Say why a file stays where it is, as far as that can be told before: it is identified and judged anew."""
    folder, _, name = one.path.rpartition("/")
    if walk.look(one.path) is None:
        return Left.MISSING
    found = identifier.identify(folder or "/", name)
    if found is None or is_managed_path(one.path):
        return Left.PROTECTED
    if (found.size, found.mtime) != (one.size, one.mtime) or one.ino not in (0, found.ino):
        return Left.CHANGED
    if one.changed not in (0.0, found.changed) or one.advice not in ("", found.advice.value):
        return Left.CHANGED
    return next((left for test, left in _STAYS if test(found)), None)


_STAYS: tuple[tuple[Callable[[Leftover], bool], Left], ...] = (
    (lambda found: found.advice in (Advice.PROTECTED, Advice.RECOVER), Left.PROTECTED),
    (lambda found: found.reason in (Reason.IN_USE, Reason.BATCH_RUNS), Left.IN_USE),
    (lambda found: found.reason is Reason.NOT_PLAIN, Left.NOT_PLAIN),
)
