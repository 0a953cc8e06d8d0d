"""Which later batch has changed a file: the one that is in the way of an undo."""

from __future__ import annotations

import contextlib
from functools import cached_property

from core.errors import HoldfastError
from core.history import Entry, State
from core.history.entries import History
from core.history.track import track
from core.journal.home import Home


class Later:
    """The batches after one that are in force. Their journals are read only when somebody asks."""

    def __init__(self, home: Home, history: History, txn: str) -> None:
        self._home = home
        self._history = history
        self._txn = txn

    def touching(self, path: str) -> Entry | None:
        """Return the newest of them that has changed a path, None where none has."""
        return self._touched.get(path)

    @cached_property
    def _touched(self) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for entry in self._later():
            with contextlib.suppress(HoldfastError, KeyError), track(self._home, entry.txn) as steps:
                for file in steps.files():
                    found.setdefault(file.path, entry)
                    if file.to:
                        found.setdefault(file.to, entry)
        return found

    def _later(self) -> list[Entry]:
        """Return the entries, newest first; those that only took each other back did nothing."""
        header = self._history.known[self._txn].header
        started = header.started if header is not None else 0.0
        return [
            entry
            for entry in self._history.entries()
            if entry.state is State.APPLIED and entry.started > started and entry.txn != self._txn
        ]
