"""Which changes will be applied, and what they come to; counted as ticks change, never by looking at all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from app.values import Change


def is_tickable(change: Change) -> bool:
    """Whether a change can be left out: a problem is none, and a folder is made for what goes into it."""
    return change.index >= 0 and change.action != "folder"


@dataclass(slots=True)
class Totals:
    """Files, matches in them, and bytes of new content."""

    files: int = 0
    matches: int = 0
    bytes: int = 0

    def add(self, change: Change, sign: int = 1) -> None:
        """Count a change, or count it off again."""
        self.files += sign
        self.matches += sign * change.matches
        if change.action != "move":
            self.bytes += sign * (change.size_after or 0)


class Ticks:
    """Remembers by path, across evaluations, what is not ticked."""

    def __init__(self) -> None:
        self.unticked: set[str] = set()
        self._known: dict[str, Change] = {}
        self._all = Totals()
        self._out = Totals()

    def clear(self) -> None:
        """Know no changes any more; what is not ticked stays so."""
        self._known, self._all, self._out = {}, Totals(), Totals()

    def know(self, changes: Iterable[Change]) -> None:
        """Count more changes."""
        for change in changes:
            if is_tickable(change):
                self._known[change.path] = change
                self._all.add(change)
                if change.path in self.unticked:
                    self._out.add(change)

    def totals(self) -> Totals:
        """Return what the ticked changes come to."""
        every, out = self._all, self._out
        return Totals(every.files - out.files, every.matches - out.matches, every.bytes - out.bytes)

    @property
    def paths(self) -> Collection[str]:
        """The paths of all changes that can be ticked."""
        return self._known.keys()

    @property
    def some_are_out(self) -> bool:
        """Whether any of them is not ticked."""
        return self._out.files > 0

    def tick(self, paths: Iterable[str], *, ticked: bool) -> None:
        """Tick or untick."""
        wanted = set(paths)
        if len(wanted) >= len(self._known) and self._known.keys() <= wanted:
            self._tick_all(wanted, ticked=ticked)
            return
        changed = wanted & self.unticked if ticked else wanted - self.unticked
        for path in changed & self._known.keys():
            self._out.add(self._known[path], -1 if ticked else 1)
        if ticked:
            self.unticked -= changed
        else:
            self.unticked |= changed

    def _tick_all(self, wanted: set[str], *, ticked: bool) -> None:
        every = self._all
        self._out = Totals() if ticked else Totals(every.files, every.matches, every.bytes)
        self.unticked = self.unticked - wanted if ticked else self.unticked | wanted

    def is_ticked(self, change: Change) -> bool:
        """Whether a change will be applied."""
        return change.index >= 0 and change.path not in self.unticked

    def ticked(self) -> list[Change]:
        """Return the changes that will be applied."""
        return [change for path, change in self._known.items() if path not in self.unticked]

    def without(self) -> list[int]:
        """Return the indices of changes that are not ticked."""
        return sorted(self._known[path].index for path in self.unticked & self._known.keys())

    def knows(self, path: str) -> bool:
        """Whether something happens to a path."""
        return path in self._known

    def change(self, path: str) -> Change | None:
        """Return what happens to a path."""
        return self._known.get(path)

    def out_among(self, shown: Collection[Change], matches: Callable[[Change], bool]) -> int:
        """Count what is not ticked among the changes that match; looks at the fewer ones."""
        if len(shown) < len(self.unticked):
            return sum(is_tickable(change) and change.path in self.unticked for change in shown)
        return sum(matches(self._known[path]) for path in self.unticked & self._known.keys())
