"""Trying an operation while it is being typed: counts and the first of what it would do; nothing is queued by it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from app.engine import EngineClient, Request
from app.values import Change, DiffRow, Json, problem
from core.errors import Problem, ProblemCode

_SETTLE_MS = 250
_ROWS = 60


@dataclass(slots=True)
class Tried:
    """What came of it so far. `rows`: of the first changes, each with the rows of its file."""

    searched: int = 0
    matched: int = 0
    files: int = 0
    matches: int = 0
    is_over: bool = False
    changes: list[tuple[Change, list[DiffRow]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def mistake(self) -> tuple[str, int | None]:
        """What is wrong with the pattern, and at which character (from 0) if that is known; "" for nothing."""
        for one in self.problems:
            if one.code is ProblemCode.BAD_PATTERN:
                reason = str(one.values.get("reason", ""))
                at = re.search(r"^(.*) at position (\d+)", reason)
                return (at[1], int(at[2])) if at else (reason, None)
        return "", None


class Trial(QObject):
    """`changed` (Tried) whenever more is known, at most twenty times a second."""

    changed = Signal(object)
    trouble = Signal(object, object)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._request: Request | None = None
        self._wanted: Json | None = None
        self._wait = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._wait.timeout.connect(self._begin)

    def of(self, operation: Json | None) -> None:
        """Try an operation, in a moment; None for one that cannot be tried yet."""
        self.stop()
        self._wanted = operation
        if operation is not None:
            self._wait.start()

    def stop(self) -> None:
        """Try nothing any more."""
        self._wait.stop()
        if self._request is not None:
            self._request.abandon()
            self._engine.cancel(self._request)
            self._request = None

    def _begin(self) -> None:
        tried = Tried()
        request = self._request = self._engine.ask("sample", operation=self._wanted, at_most=_ROWS)

        def collect(event: str, answer: Json) -> None:
            tried.changes.append((Change.of(answer["change"]), [DiffRow(*row) for row in answer["rows"]]))

        def count(answer: Json) -> None:
            if answer["phase"] == "search":
                tried.searched, tried.matched = answer["files_done"], answer["matched"]
                self.changed.emit(tried)

        def finish(answer: Json) -> None:
            self._request = None
            tried.files, tried.matches, tried.is_over = answer["files"], answer["matches"], True
            tried.problems = [problem(one) for one in answer["problems"]]
            self.changed.emit(tried)

        request.part.connect(collect)
        request.progressed.connect(count)
        request.done.connect(finish)
        request.failed.connect(self._fail)

    def _fail(self, code: str, values: Json) -> None:
        self._request = None
        if code == "died":
            self._begin()
        elif code != "cancelled":
            self.trouble.emit(code, values)
