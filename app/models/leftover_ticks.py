"""Which leftovers will be cleared: what the engine advises to clear, as far as a person has not chosen otherwise.

Counted as leftovers come and go, never by looking at all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.leftover_texts import is_clearable
from app.values import Leftover

# The engine's own limits (`core.leftovers.clear`), which a test compares: above them nothing of a kind is preselected.
FILES_AT_MOST = 1_000
BYTES_AT_MOST = 1 << 30


@dataclass(slots=True)
class Sum:
    """Files, and their bytes."""

    files: int = 0
    bytes: int = 0

    def add(self, one: Leftover, sign: int = 1) -> None:
        """Count one, or count it off again."""
        self.files += sign
        self.bytes += sign * one.size

    @property
    def is_too_much(self) -> bool:
        """Whether this is a person's decision."""
        return self.files > FILES_AT_MOST or self.bytes > BYTES_AT_MOST


class LeftoverTicks:
    """Knows how many leftovers there are in each group, and which are ticked."""

    def __init__(self) -> None:
        self.groups: Counter[str] = Counter()
        self._advised: dict[int, Sum] = {}  # by kind, what is advised to be cleared
        self._advised_chosen: dict[int, Sum] = {}  # of that, what a person has ticked or unticked
        self._ticked = Sum()  # what a person has ticked
        self._chosen: dict[str, bool] = {}

    def clear(self) -> None:
        """Know nothing any more."""
        self.__init__()  # type: ignore[misc]

    def take(self, old: Leftover | None, new: Leftover | None) -> None:
        """Count what has come, gone or changed; of a file that is another one now nothing is chosen any more."""
        if old is not None:
            self._count(old, -1)
            if new is None or (old.ino, old.size, old.mtime) != (new.ino, new.size, new.mtime):
                self._chosen.pop(old.path, None)
        if new is not None:
            self._count(new, 1)

    def _count(self, one: Leftover, sign: int) -> None:
        self.groups[one.advice] += sign
        if one.advice == "clear":
            self._advised.setdefault(one.number, Sum()).add(one, sign)
        self._count_choice(one, sign)

    def _count_choice(self, one: Leftover, sign: int) -> None:
        chosen = self._chosen.get(one.path)
        if chosen is None or not is_clearable(one):
            return
        if one.advice == "clear":
            self._advised_chosen.setdefault(one.number, Sum()).add(one, sign)
        if chosen:
            self._ticked.add(one, sign)

    def choose(self, leftovers: Iterable[Leftover], *, ticked: bool) -> None:
        """Tick or untick those that may be cleared at all."""
        chosen = self._chosen
        for one in leftovers:  # there may be a hundred thousand, and the window waits: so no calls but these
            before = chosen.get(one.path)
            if before is ticked or not is_clearable(one):
                continue
            chosen[one.path] = ticked
            if before is None and one.advice == "clear":
                self._advised_chosen.setdefault(one.number, Sum()).add(one)
            if ticked or before:
                self._ticked.add(one, 1 if ticked else -1)

    def is_ticked(self, one: Leftover) -> bool:
        """Whether one will be cleared."""
        if not is_clearable(one):
            return False
        return self._chosen.get(one.path, one.advice == "clear" and not self._advised[one.number].is_too_much)

    def total(self) -> Sum:
        """Return what the ticked ones come to."""
        total = Sum(self._ticked.files, self._ticked.bytes)
        for number, one in self._advised.items():
            if not one.is_too_much:
                chosen = self._advised_chosen.get(number, Sum())
                total.files += one.files - chosen.files
                total.bytes += one.bytes - chosen.bytes
        return total
