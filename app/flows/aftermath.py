"""A batch whose window was killed while it ran: noted before it begins, and told of at the next start.

The engine puts it back by itself when its window is gone, or it waits on the Recovery page when both were killed. A person
who starts again still has to be told what became of it: nobody was there to see.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

from app.engine import EngineClient
from app.flows.batch import BatchFlow, State
from app.values import Json, entry
from core import keeping
from core.history import Entry
from core.history import State as Became

_DOCUMENT = "running"
_AGAIN_MS = 500  # an engine that lost its window may still be putting back


class Aftermath(QObject):
    """`told` (name, entry) at most once, entry None where nothing had begun."""

    told = Signal(object, object)

    def __init__(self, engine: EngineClient, flow: BatchFlow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine, self._flow = engine, flow
        self._name, self._since = "", 0.0
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._ask)
        flow.state_changed.connect(self._note)

    def look(self) -> None:
        """Find out whether the last window was killed while a batch ran; `told` follows if so."""
        kept = keeping.kept_document(_DOCUMENT)
        since = kept.get("since")
        if isinstance(since, float):
            self._name, self._since = str(kept.get("name", "")), since
            self._ask()

    def _note(self, state: State) -> None:
        if state is State.APPLYING:
            _keep({"name": self._flow.name, "since": time.time()})
        elif state is State.OVER:
            _keep({})

    def _ask(self) -> None:
        found: list[Entry] = []
        request = self._engine.ask("history")
        request.part.connect(lambda event, answer: found.extend(map(entry, answer["entries"])))
        request.done.connect(lambda answer: self._take(answer, found))

    def _take(self, answer: Json, found: list[Entry]) -> None:
        mine = [one for one in found if one.started >= self._since and one.name == self._name]
        last = min(mine, key=lambda one: one.started, default=None)
        if last is not None and last.state is Became.RUNNING:
            self._again.start()
            return
        if not self._flow.is_busy:  # else the next batch has its own note by now
            _keep({})
        if last is None or last.state is not Became.NEEDS_ATTENTION:  # the Recovery page tells of that
            self.told.emit(self._name, last)


def _keep(document: Json) -> None:
    """Keep the note. Where the disk refuses, the batch itself will say so."""
    try:
        keeping.keep(_DOCUMENT, document)
    except OSError:
        return
