"""After a batch every file of it is looked at again, and read where its content is new: its result says what came of that."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.engine import EngineClient, Request
from app.flows.batch import BatchFlow, State
from app.values import Json, Result

_AT_MOST = 1 << 30  # bytes; more takes so long that a person asks for it, in History


class Checking(QObject):
    """`checked` (how many files are not as the batch left them) while the result is shown."""

    checked = Signal(object)

    def __init__(self, engine: EngineClient, flow: BatchFlow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._asked: Request | None = None
        flow.over.connect(self._begin)
        flow.state_changed.connect(self._follow)

    def _begin(self, result: Result) -> None:
        if result.outcome != "committed" or not result.txn or result.bytes > _AT_MOST:
            return
        self._asked = self._engine.ask("verify", txn=result.txn)
        self._asked.done.connect(self._take)

    def _take(self, answer: Json) -> None:
        self._asked = None
        if answer["checked"]:
            self.checked.emit(len(answer["differences"]))

    def _follow(self, state: State) -> None:
        """Let go of it when somebody goes on: the engine is to be free for that."""
        if state is not State.OVER and self._asked is not None:
            self._asked.abandon()
            self._engine.cancel(self._asked)
            self._asked = None
