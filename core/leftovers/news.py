"""What a scan or a watch has to say, as it goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from core.leftovers.identify import Leftover


@dataclass(frozen=True, slots=True)
class Found:
    """Leftovers that are there, or of which something else is known now."""

    leftovers: tuple[Leftover, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """Paths of leftovers that were found before and are none any more."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was seen, in folders.

    `watched`: their changes arrive at once. `polled`: they are looked at from time to time. `live`: the first look is
    over and changes arrive.
    """

    folders: int = 0
    watched: int = 0
    polled: int = 0
    unreadable: int = 0
    live: bool = False


News = Found | Gone | Coverage

_TELL_SECONDS = 0.25
_AT_ONCE = 500


class Pile:
    """News that wait to be told: at once when much has come up, else a few times a second."""

    def __init__(self) -> None:
        self._found: dict[str, Leftover] = {}
        self._gone: set[str] = set()
        self._coverage = Coverage()
        self._told = time.monotonic()

    def put(self, found: Leftover) -> None:
        """Take in a leftover; an older word about the same path is void."""
        self._gone.discard(found.path)
        self._found[found.path] = found

    def drop(self, path: str) -> None:
        """Take in that a leftover is gone."""
        self._found.pop(path, None)
        self._gone.add(path)

    def tell(self, coverage: Coverage, *, now: bool = False) -> Iterator[News]:
        """Yield all that waits, if it is time or `now`; the coverage comes last, where it is another."""
        moment = time.monotonic()
        if not now and moment - self._told < _TELL_SECONDS and len(self._found) < _AT_ONCE:
            return
        self._told = moment
        gone, self._gone = sorted(self._gone), set()
        found, self._found = list(self._found.values()), {}
        if gone:
            yield Gone(tuple(gone))
        for start in range(0, len(found), _AT_ONCE):
            yield Found(tuple(found[start : start + _AT_ONCE]))
        if coverage != self._coverage:
            self._coverage = coverage
            yield coverage
