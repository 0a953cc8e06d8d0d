"""Counts what was tried, so that the end of a run can say how much that was."""

from __future__ import annotations


class Tried:
    """Call it with what was tried, each time."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def __call__(self, what: str, number: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + number
