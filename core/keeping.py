"""What the program keeps for itself, and how it shows a path: the light side of `core.api`, which hands it on.

The window starts with this. It needs nothing of what makes plans and runs batches, for that is done in another process;
importing all of it took as long as everything else at a start together.
"""

from __future__ import annotations

from typing import TextIO

from core.content.quoting import quoted
from core.fs import kept, places
from core.txn.pending import Pending

__all__ = ["Pending", "crash_log", "keep", "kept_document", "last_crash", "shown", "state_folder"]


def shown(path: str) -> str:
    """Return a path as it may stand in one line of text."""
    return quoted(path)


def state_folder(chosen: str | None = None) -> str:
    """Return the state directory that would be used."""
    return places.state_folder(chosen)


def kept_document(name: str, *, state: str | None = None) -> dict[str, object]:
    """Return what the program keeps under a name (settings, session, presets); empty where there is nothing readable."""
    return kept.load(name, state)


def keep(name: str, value: dict[str, object], *, state: str | None = None) -> None:
    """Keep something under a name, whole or not at all. Raises OSError; what was kept before is kept then."""
    kept.store(name, value, state)


def crash_log(*, state: str | None = None) -> TextIO | None:
    """Open the file in which a process that breaks says where; None where the disk refuses."""
    return kept.open_log("crash", state)


def last_crash(*, state: str | None = None) -> str:
    """Return what broken processes have said since this was asked for last."""
    return kept.take_log("crash", state)
