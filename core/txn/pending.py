"""An unresolved batch as a value: what recovery finds, and what the window shows without knowing how it was found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pending:
    """An unresolved batch, as a person needs to see it. `switched`: files that have their new content now.

    `restarted`: the machine was started again since the batch began, so it has stopped together with it.
    """

    txn: str
    name: str
    started: float
    state: str
    files: int
    switched: int
    alive: bool
    foreign: bool
    folders: tuple[str, ...]
    paths: tuple[str, ...]
    restarted: bool = False
