"""Finds leftovers in and below folders, once. Lists every name, looks only at those that are some leftover's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.fs import walk
from core.leftovers import catalogue
from core.leftovers.identify import Identifier, Leftover
from core.progress import CancelToken, Meter, Phase


class Scan:
    """One scan. After it, `folders` and `unreadable` say what it has seen."""

    def __init__(self, identifier: Identifier, meter: Meter, token: CancelToken) -> None:
        self._identifier = identifier
        self._meter = meter
        self._token = token
        self._walk = walk.Walk(skip=catalogue.UNMEANT_FOLDERS)

    @property
    def folders(self) -> int:
        """How many folders have been read."""
        return self._walk.folders

    @property
    def unreadable(self) -> int:
        """How many folders could not be read."""
        return self._walk.unreadable

    def leftovers(self, roots: Iterable[str]) -> Iterator[Leftover]:
        """Yield what is found, as it is found. Raises `Cancelled` through the token."""
        self._meter.enter(Phase.CHECK)
        for root in roots:
            for path in self._walk.names(root, self._is_wanted):
                self._token.check()
                found = self._identifier.identify(path)
                if found is not None:
                    yield found

    def _is_wanted(self, name: str) -> bool:
        self._meter.files_done += 1
        if self._meter.files_done % 4096 == 0:  # a folder without any leftover must not hold up Cancel
            self._token.check()
        return catalogue.match(name) is not None


def outermost(paths: Iterable[str]) -> list[str]:
    """Return the paths that lie in no other of them."""
    kept: list[str] = []
    for path in sorted({path.rstrip("/") or "/" for path in paths}):
        if not kept or not path.startswith(kept[-1].rstrip("/") + "/"):
            kept.append(path)
    return kept
