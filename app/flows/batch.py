"""From what was queued to what was applied. The page shows what this says and tells it what the user wants."""

from __future__ import annotations

import time
from collections import Counter
from enum import Enum, auto

from PySide6.QtCore import QObject, QTimer, Signal

from app.engine import EngineClient, Request
from app.flows.operations import Card, find_and_replace
from app.values import Change, DiffRow, DiffSummary, Json, PlanSummary, Progress, Result, problem
from core.errors import Problem

_SETTLE_MS = 60


class State(Enum):
    """What the flow is doing."""

    EMPTY = auto()
    PLANNING = auto()
    READY = auto()
    APPLYING = auto()
    CANCELLING = auto()
    OVER = auto()


class BatchFlow(QObject):
    """One batch at a time."""

    state_changed = Signal(object)
    cards_changed = Signal()
    planning_began = Signal()
    changes_found = Signal(object)
    planned = Signal(object, object)
    trouble = Signal(object, object)
    diff_found = Signal(object, object)
    progressed = Signal(object)
    over = Signal(object)
    text_read = Signal(object, object, object)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._planning: Request | None = None
        self._diffing: Request | None = None
        self._problems: list[Problem] = []
        self._rows: list[DiffRow] = []
        self._wait = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._wait.timeout.connect(self._plan)
        self._changed: Counter[int] = Counter()
        self._applied_at = 0.0
        self.cards: list[Card] = []
        self.name = ""
        self.state = State.EMPTY
        self.summary: PlanSummary | None = None

    # queueing

    def add(self, card: Card) -> None:
        """Queue something."""
        self.cards.append(card)
        self.evaluate()

    def remove(self, card: Card) -> None:
        """Take something out of the queue."""
        self.cards.remove(card)
        self.evaluate()

    def move(self, card: Card, by: int) -> None:
        """Let something happen earlier or later."""
        at = self.cards.index(card)
        self.cards.insert(max(0, min(len(self.cards) - 1, at + by)), self.cards.pop(at))
        self.evaluate()

    def switch(self, card: Card, *, is_on: bool) -> None:
        """Switch something off without forgetting it, or on again."""
        card.is_on = is_on
        self.evaluate()

    def search(self, paths: list[str], find: str, replacement: str, *, regex: bool, ignore_case: bool) -> None:
        """Queue find and replace in files, and in all text files below folders."""
        found: list[str] = []
        request = self._engine.ask("list", roots=paths, text_only=True)

        def collect(event: str, answer: Json) -> None:
            found.extend(entry["path"] for entry in answer["files"])

        def queue() -> None:
            if found:
                self.add(find_and_replace(found, find, replacement, regex=regex, ignore_case=ignore_case))
            else:
                self.trouble.emit("no_text_files", {})

        request.part.connect(collect)
        request.done.connect(queue)
        request.failed.connect(self.trouble)

    def read_text(self, path: str) -> None:
        """Read a file for editing; `text_read` (path, text, digest) follows."""
        request = self._engine.ask("read", path=path)
        request.done.connect(lambda answer: self.text_read.emit(path, answer["text"], answer["digest"]))
        request.failed.connect(self.trouble)

    def leave_out_problems(self) -> None:
        """Take the operations that have problems out of the batch."""
        bad = {found.operation for found in self._problems}
        first = 0
        for card in (card for card in self.cards if card.is_on):
            kept = [one for number, one in enumerate(card.operations, first) if number not in bad]
            first += len(card.operations)
            card.operations = kept
        self.cards = [card for card in self.cards if card.operations]
        self.evaluate()

    def start_over(self) -> None:
        """Forget the batch."""
        self.cards.clear()
        self.name = ""
        self.evaluate()

    # planning

    def evaluate(self) -> None:
        """Plan again, after a moment: typing and dropping come in bursts."""
        self.cards_changed.emit()
        if self._planning is not None:
            self._planning.abandon()
            self._planning = None
            self._engine.cancel()
        self.summary = None
        if not any(card.is_on for card in self.cards):
            self._wait.stop()
            self.planning_began.emit()
            self._enter(State.EMPTY)
            return
        self._enter(State.PLANNING)
        self._wait.start()

    def _plan(self) -> None:
        operations = [one for card in self.cards if card.is_on for one in card.operations]
        self._problems = []
        self._changed.clear()
        self.planning_began.emit()
        request = self._planning = self._engine.ask("evaluate", operations=operations)
        request.part.connect(self._take_part)
        request.progressed.connect(self._take_progress)
        request.done.connect(self._take_plan)
        request.failed.connect(self._planning_failed)

    def _take_part(self, event: str, answer: Json) -> None:
        if event == "changes":
            found = [Change.of(one) for one in answer["changes"]]
            self._changed.update(change.operation for change in found)
            self.changes_found.emit(found)
        elif event == "problems":
            self._problems += [problem(one) for one in answer["problems"]]

    def _take_progress(self, answer: Json) -> None:
        self.progressed.emit(_progress(answer))

    def _take_plan(self, answer: Json) -> None:
        self._planning = None
        self._count_found()
        self.summary = PlanSummary(**{key: answer[key] for key in PlanSummary.__dataclass_fields__})
        self._enter(State.READY)
        self.planned.emit(self.summary, self._problems)

    def _count_found(self) -> None:
        """Say on the cards of searches in how many files they found something."""
        first = 0
        for card in (card for card in self.cards if card.is_on):
            numbers = range(first, first + len(card.operations))
            first += len(card.operations)
            if card.searched:
                card.show_found(sum(self._changed[number] for number in numbers))
        self.cards_changed.emit()

    def _planning_failed(self, code: str, values: Json) -> None:
        self._planning = None
        self._enter(State.EMPTY)
        if code == "died":
            self.evaluate()
        else:
            self.trouble.emit(code, values)

    # looking

    def show(self, change: Change) -> None:
        """Compare one change; `diff_found` (rows, summary) follows, for the last one asked for."""
        if self.summary is None or change.index < 0:
            return
        if self._diffing is not None:
            self._diffing.abandon()
        rows: list[DiffRow] = []
        request = self._diffing = self._engine.ask("diff", plan=self.summary.plan, index=change.index)

        def collect(event: str, answer: Json) -> None:
            rows.extend(DiffRow(*row) for row in answer["rows"])

        def finish(answer: Json) -> None:
            self._diffing = None
            self.diff_found.emit(rows, DiffSummary.of(answer))

        def give_up(code: str, values: Json) -> None:
            self._diffing = None

        request.part.connect(collect)
        request.done.connect(finish)
        request.failed.connect(give_up)

    # applying

    def apply(self, without: list[int]) -> None:
        """Apply the plan, without these changes."""
        if self.state is not State.READY or self.summary is None:
            return
        self._enter(State.APPLYING)
        self._applied_at = time.time()
        request = self._engine.ask("apply", plan=self.summary.plan, without=without, name=self.name)
        request.progressed.connect(self._take_progress)
        request.done.connect(self._applied)
        request.failed.connect(self._apply_failed)

    def cancel(self) -> None:
        """Put everything back."""
        if self.state is State.APPLYING:
            self._enter(State.CANCELLING)
            self._engine.cancel()

    def dismiss(self) -> None:
        """Put the result away: an applied batch is over, any other is planned again."""
        if self.state is not State.OVER:
            return
        if self._is_done:
            self.start_over()
        else:
            self.evaluate()

    _is_done = False

    def _applied(self, answer: Json) -> None:
        result = Result.of(answer)
        self._is_done = result.outcome == "committed"
        self._end(result)

    def _apply_failed(self, code: str, values: Json) -> None:
        self._is_done = False
        if code == "died":
            # A new engine runs already; what the old one left is put right by it, at once.
            self._enter(State.CANCELLING)
            self._engine.ask("pending").done.connect(self._put_back_dead)
        else:
            self._end(Result("failed", error=str(values.get("reason", code))))

    def _put_back_dead(self, answer: Json) -> None:
        """End the batch whose engine died: put back, or finished where it was complete already."""
        mine = [one for one in answer["batches"] if one["started"] >= self._applied_at and not one["alive"]]
        if not mine:
            self._end(Result("died"))
            return
        request = self._engine.ask("recover", txn=mine[0]["txn"], how="put_back")
        request.progressed.connect(self._take_progress)
        request.done.connect(self._recovered)
        request.failed.connect(lambda code, values: self._end(Result("needs_recovery", error=code)))

    def _recovered(self, answer: Json) -> None:
        outcome = {"put_back": "rolled_back", "finished": "committed"}.get(answer["result"], "needs_recovery")
        self._is_done = outcome == "committed"
        kept, failed = tuple(answer["kept"]), tuple((path, why) for path, why in answer["failed"])
        self._end(Result(outcome, answer["files"], reason="died", kept=kept, failed=failed))

    def _end(self, result: Result) -> None:
        self._enter(State.OVER)
        self.over.emit(result)

    @property
    def problems(self) -> list[Problem]:
        """What speaks against the plan."""
        return self._problems

    @property
    def is_busy(self) -> bool:
        """Whether files are being changed, or put back."""
        return self.state in (State.APPLYING, State.CANCELLING)

    def _enter(self, state: State) -> None:
        self.state = state
        self.state_changed.emit(state)


def _progress(answer: Json) -> Progress:
    return Progress(**{key: answer[key] for key in Progress.__dataclass_fields__})
