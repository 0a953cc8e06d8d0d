"""Interrupted batches: which there are, and what the user decides about each."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.engine import EngineClient
from app.values import Json, interrupted
from core.keeping import Pending


class RecoveryFlow(QObject):
    """Asks at start, and after every batch that did not end well."""

    found = Signal(object)
    progressed = Signal(object, object)
    ended = Signal(object, object)
    trouble = Signal(object, object)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.batches: list[Pending] = []
        self.is_busy = False

    def look(self) -> None:
        """Ask what waits; `found` follows."""
        request = self._engine.ask("pending")
        request.done.connect(self._take)

    def decide(self, batch: Pending, how: str) -> None:
        """Put a batch back ("put_back") or finish it ("finish"); `ended` (batch, answer) follows."""
        self.is_busy = True
        request = self._engine.ask("recover", txn=batch.txn, how=how)
        request.progressed.connect(lambda answer: self.progressed.emit(batch, answer))
        request.done.connect(lambda answer: self._end(batch, answer))
        request.failed.connect(self._fail)

    def _take(self, answer: Json) -> None:
        self.batches = [interrupted(one) for one in answer["batches"]]
        self.found.emit(self.batches)

    def _end(self, batch: Pending, answer: Json) -> None:
        self.is_busy = False
        self.ended.emit(batch, answer)
        self.look()

    def _fail(self, code: str, values: Json) -> None:
        self.is_busy = False
        self.trouble.emit(code, values)
        self.look()
