"""From what was queued to what was applied. The page shows what this says and tells it what the user wants."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto

from PySide6.QtCore import QObject, QTimer, Signal

from app import short_texts
from app.engine import EngineClient, Request
from app.flows import operations, rescue
from app.flows.operations import Card
from app.flows.queue import Queue
from app.values import Change, Json, PlanSummary, Progress, Result, problem
from app.words import _
from core.errors import Problem

_SETTLE_MS = 60
_LOOKED_AT_AGAIN = 20_000  # files; more would keep the engine from what a person asks for
_SETTLE_TICKS_MS = 500  # ticks in a preview show at once; the plan follows when a person pauses


class State(Enum):
    """What the flow is doing."""

    EMPTY = auto()
    PLANNING = auto()
    READY = auto()
    APPLYING = auto()
    CANCELLING = auto()
    TIDYING = auto()  # the files are as they will be, for certain
    OVER = auto()


class BatchFlow(QObject):
    """One batch at a time. `defaults`: what operations say about files where they say nothing themselves."""

    state_changed = Signal(object)
    cards_changed = Signal()
    planning_began = Signal()
    changes_found = Signal(object)
    planned = Signal(object, object)
    trouble = Signal(object, object)
    progressed = Signal(object)
    certain = Signal(object)
    stale = Signal(object)
    over = Signal(object)

    def __init__(
        self, engine: EngineClient, parent: QObject | None = None, defaults: Callable[[], Json] = dict
    ) -> None:
        super().__init__(parent)
        self._engine, self._defaults = engine, defaults
        self._planning: Request | None = None
        self._problems: list[Problem] = []
        self.notes: list[Problem] = []  # worth knowing, and in nobody's way
        self._again: list[str] = []  # files that alone are to be looked at again
        self._wait = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._wait.timeout.connect(self._plan)
        self._applying: Request | None = None
        self._applied_at = 0.0
        self._is_done = False
        self.queue = Queue(self)
        self.queue.changed.connect(self.evaluate)
        self.given_name = ""
        self.state = State.EMPTY
        self.summary: PlanSummary | None = None

    # queueing

    @property
    def cards(self) -> list[Card]:
        """What is queued."""
        return self.queue.cards

    @property
    def name(self) -> str:
        """What the batch is called: as the person said, else by what is queued first."""
        return short_texts.in_a_line(self.given_name) or short_texts.batch_name(
            [card.title for card in self.cards if card.is_on]
        )

    @property
    def operations(self) -> list[Json]:
        """The operations of all cards that are switched on."""
        return [one for card in self.cards if card.is_on for one in card.operations]

    def add(self, card: Card) -> None:
        """Queue something. An undo is a batch by itself, so it takes the place of what was queued, or leaves it."""
        if card.kind == "undo" or self.is_undo:
            self.queue.put(_("Add {title}", title=card.title), [card])
        else:
            self.queue.add(card)

    @property
    def is_undo(self) -> bool:
        """Whether the batch takes another one back."""
        return any(card.kind == "undo" for card in self.cards)

    def leave_out_problems(self) -> None:
        """Take what has problems out of the batch: from a search only those files, else the operation."""
        if self.is_undo:
            self.choose_for_undo({}, rest="skip")
            return
        bad: dict[int, set[str]] = {}
        for found in self._problems:
            if found.operation is not None:
                bad.setdefault(found.operation, set()).add(found.path)
        self.queue.put(_("Leave out what has problems"), operations.left_out(self.cards, bad))

    def leave_out(self, number: int, ids: set[str], *, is_out: bool) -> None:
        """Leave single matches of the operation with that number out, or take them in again."""
        self._wait.setInterval(_SETTLE_TICKS_MS)
        what = _("Leave out a match") if is_out else _("Take a match in")
        self.queue.put(what, operations.with_skip(self.cards, number, ids, is_out=is_out))

    def choose_for_undo(self, choices: dict[str, str], rest: str = "") -> None:
        """Say what becomes of files that are not as the batch left them: "skip" or "take", by path or for all."""
        (card,) = self.cards
        operation = card.operations[0]
        new = {**operation, "rest": rest or operation["rest"], "choices": {**operation["choices"], **choices}}
        self.queue.exchange(card, replace(card, operations=(new,)), _("Decide about a file"))

    def start_over(self) -> None:
        """Empty the batch; undo brings it back."""
        self.given_name = ""
        self.queue.put(_("Start over"), [])

    # planning

    def evaluate(self) -> None:
        """Plan again, after a moment: typing and dropping come in bursts."""
        self.cards_changed.emit()
        if self._planning is not None:
            self._planning.abandon()
            self._engine.cancel(self._planning)
            self._planning = None
        self.summary = None
        self._again = []
        if not self.operations:
            self._wait.stop()
            self.planning_began.emit()
            self._enter(State.EMPTY)
            return
        self._enter(State.PLANNING)
        self._wait.start()

    def _plan(self) -> None:
        defaults = self._defaults()
        wanted = [operations.with_defaults(one, defaults) for one in self.operations]
        self._wait.setInterval(_SETTLE_MS)
        self._problems, self.notes = [], []
        self.planning_began.emit()
        request = self._planning = self._ask(wanted)
        request.part.connect(self._take_part)
        request.progressed.connect(self._take_progress)
        request.done.connect(self._take_plan)
        request.failed.connect(self._planning_failed)

    def _ask(self, wanted: list[Json]) -> Request:
        if self.is_undo:
            return self._engine.ask("undo", **{key: wanted[0][key] for key in ("txn", "rest", "choices")})
        return self._engine.ask("evaluate", operations=wanted, again=self._again)

    def _take_part(self, event: str, answer: Json) -> None:
        if event == "changes":
            found = [Change.of(one) for one in answer["changes"]]
            self.changes_found.emit(found)
        elif event == "problems":
            self._problems += map(problem, answer["problems"])
        elif event == "notes":
            self.notes += map(problem, answer["notes"])

    def _take_progress(self, answer: Json) -> None:
        self.progressed.emit(Progress.of(answer))

    def _take_plan(self, answer: Json) -> None:
        self._planning = None
        self._count_found(dict(answer["found"]))
        self.summary = PlanSummary(**{key: answer[key] for key in PlanSummary.__dataclass_fields__})
        self._enter(State.READY)
        self.planned.emit(self.summary, self._problems)

    def _count_found(self, found: dict[int, int]) -> None:
        """Say on the cards of searches in how many files they found something."""
        first, noted = 0, []
        for card in self.cards:
            if card.is_on and card.is_search:
                numbers = range(first, first + len(card.operations))
                noted.append(card.with_found(sum(found.get(number, 0) for number in numbers)))
            else:
                noted.append(card)
            first += len(card.operations) if card.is_on else 0
        self.queue.note(noted)
        self.cards_changed.emit()

    def _planning_failed(self, code: str, values: Json) -> None:
        self._planning = None
        self._enter(State.EMPTY)
        if code == "died":
            self.evaluate()
        else:
            self.trouble.emit(code, values)

    def look_again(self) -> None:
        """Plan files again that another program has saved meanwhile; `stale` (paths) says which. Ticks stay."""
        if self.state is not State.READY or self.summary is None or self.summary.files > _LOOKED_AT_AGAIN:
            return
        paths: list[str] = []
        request = self._engine.ask("stale", plan=self.summary.plan)

        def finish(answer: Json) -> None:
            if paths and self.state is State.READY:
                self.stale.emit(paths)
                self.evaluate()
                self._again = paths

        request.part.connect(lambda event, answer: paths.extend(answer["paths"]))
        request.done.connect(finish)

    # applying

    def apply(self, without: list[int]) -> None:
        """Apply the plan, without these changes."""
        if self.state is not State.READY or self.summary is None:
            return
        self._enter(State.APPLYING)
        self._applied_at = time.time()
        request = self._applying = self._engine.ask("apply", plan=self.summary.plan, without=without, name=self.name)
        request.part.connect(self._take_end)
        request.progressed.connect(self._take_progress)
        request.done.connect(self._applied)
        request.failed.connect(self._apply_failed)

    def _take_end(self, event: str, answer: Json) -> None:
        """The files are as they will be, for certain; the engine only tidies up."""
        self._enter(State.TIDYING)
        self.certain.emit(event)

    def cancel(self) -> None:
        """Put everything back; what the engine does before it begins with this batch makes no difference."""
        if self.state is State.APPLYING and self._applying is not None:
            self._enter(State.CANCELLING)
            self._engine.cancel(self._applying)

    def dismiss(self) -> None:
        """Put the result away: an applied batch is over, any other is planned again."""
        if self.state is not State.OVER:
            return
        if self._is_done:
            self.given_name = ""
            self.queue.forget()
        else:
            self.evaluate()

    def _applied(self, answer: Json) -> None:
        self._end(Result.of(answer))

    def _apply_failed(self, code: str, values: Json) -> None:
        if code == "cancelled":  # before it had begun
            self._end(Result("rolled_back", self.summary.files if self.summary else 0, reason="cancelled"))
        elif code == "died":
            # A new engine runs already; what the old one left is put right by it, at once.
            self._enter(State.CANCELLING)
            rescue.begin(self._engine, self._applied_at, self._take_progress, self._end)
        else:
            self._end(Result("failed", error=str(values.get("reason", code))))

    def _end(self, result: Result) -> None:
        self._is_done = result.outcome == "committed"
        self._enter(State.OVER)
        self.over.emit(result)

    @property
    def problems(self) -> list[Problem]:
        """What speaks against the plan."""
        return self._problems

    @property
    def is_busy(self) -> bool:
        """Whether files are being changed, or put back."""
        return self.state in (State.APPLYING, State.CANCELLING, State.TIDYING)

    def _enter(self, state: State) -> None:
        self.state = state
        self.state_changed.emit(state)
