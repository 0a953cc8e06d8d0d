"""What a watch has told so far: by path, and by the original that each leftover belongs to."""

from __future__ import annotations

from core.leftovers.identify import Leftover


class Known:
    """Leftovers by path."""

    def __init__(self) -> None:
        self._leftovers: dict[str, Leftover] = {}
        self._of: dict[str, set[str]] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._leftovers

    def take(self, leftover: Leftover) -> bool:
        """Remember a leftover; return whether anything about it is new."""
        if self._leftovers.get(leftover.path) == leftover:
            return False
        self._leftovers[leftover.path] = leftover
        if leftover.original:
            self._of.setdefault(leftover.original, set()).add(leftover.path)
        return True

    def forget(self, path: str) -> bool:
        """Forget a leftover; return whether it was known."""
        leftover = self._leftovers.pop(path, None)
        if leftover is None:
            return False
        others = self._of.get(leftover.original, set())
        others.discard(path)
        if not others:
            self._of.pop(leftover.original, None)
        return True

    def of_original(self, path: str) -> set[str]:
        """Return the leftovers that belong to a file."""
        return set(self._of.get(path, ()))

    def below(self, path: str) -> list[str]:
        """Return the leftovers at a path and below it."""
        start = path.rstrip("/") + "/"
        return [one for one in self._leftovers if one == path or one.startswith(start)]
