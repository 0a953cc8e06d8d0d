"""Moves leftovers to the desktop's trash, each only while it is the file that was shown and nobody is at it.

It is the desktop's own move, by path, so this is a look and then an act: what another program renames into place
between the two goes to the trash instead, from where it can be brought back. Clearing into History has no such moment.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.fs import trash, walk
from core.leftovers.identify import Identifier
from core.leftovers.shown import Fate, Left, Shown, hindrance
from core.progress import Cancelled, CancelToken


def to_trash(identifier: Identifier, wanted: Iterable[Shown], token: CancelToken) -> list[Fate]:
    """Move each, and say what became of it. Cancel leaves the rest where it is, and is no error."""
    results = []
    for one in wanted:
        try:
            token.check()
        except Cancelled:
            break
        results.append(_move(identifier, one))
    return results


def _move(identifier: Identifier, one: Shown) -> Fate:
    seen = walk.look(one.path)
    if seen is not None and seen.kind != "file":  # the library cannot take a symlink that leads nowhere
        return Fate(one.path, Left.NOT_PLAIN)
    if (left := hindrance(identifier, one)) is not None:
        return Fate(one.path, left)
    try:
        trash.move(one.path)
    except OSError as error:
        return Fate(one.path, Left.REFUSED, error.strerror or str(error))
    return Fate(one.path)
