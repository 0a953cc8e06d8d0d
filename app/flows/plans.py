"""Plan files: opened into the queue, and saved from it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.engine import EngineClient
from app.flows import operations
from app.flows.batch import BatchFlow
from app.values import Json
from app.words import _


class PlanFiles(QObject):
    """`saved` (path) after a plan was written."""

    saved = Signal(object)
    trouble = Signal(object, object)

    def __init__(self, engine: EngineClient, flow: BatchFlow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine, self._flow = engine, flow

    def open(self, path: str) -> None:
        """Queue what a plan file says, behind what is queued already."""
        request = self._engine.ask("open_plan", path=path)
        request.done.connect(self._queue)
        request.failed.connect(self.trouble)

    def look(self, path: str, otherwise: Callable[[], object]) -> None:
        """Open a file if it is a plan; else do something else with it."""
        request = self._engine.ask("open_plan", path=path)
        request.done.connect(self._queue)
        request.failed.connect(
            lambda code, values: otherwise() if code == "bad_plan" else self.trouble.emit(code, values)
        )

    def save(self, path: str) -> None:
        """Write what is queued as a plan file."""
        request = self._engine.ask("save_plan", path=path, name=self._flow.name, operations=self._flow.operations)
        request.done.connect(lambda answer: self.saved.emit(path))
        request.failed.connect(self.trouble)

    def _queue(self, answer: Json) -> None:
        if not self._flow.cards:
            self._flow.given_name = answer["name"]
        self._flow.queue.put(_("Open a plan"), [*self._flow.cards, *operations.cards(answer["operations"])])
