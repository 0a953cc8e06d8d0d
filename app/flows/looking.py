"""Looking at one change: its rows, and the single matches in it that can be left out."""

from __future__ import annotations

import base64

from PySide6.QtCore import QObject, Signal

from app.engine import EngineClient, Request
from app.flows.batch import BatchFlow, State
from app.flows.operations import card
from app.values import Change, DiffRow, DiffSummary, Figures, Json, Match

_LONG = 1 << 18  # bytes
_FIGURES_AT_ONCE = 8


class Look(QObject):
    """What is asked about the change that was chosen last; answers about earlier ones are dropped."""

    found = Signal(object, object, object, object)
    contents = Signal(object, object, object)
    text_read = Signal(object, object, object)
    figures = Signal(object)
    trouble = Signal(object, object)

    def __init__(self, engine: EngineClient, flow: BatchFlow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine, self._flow = engine, flow
        self._asked: list[Request] = []
        self._figuring: Request | None = None
        self._under_way: dict[int, Change] = {}
        self._unknown: list[Change] = []
        flow.state_changed.connect(self._make_way)

    def at(self, change: Change) -> None:
        """Compare a change; `found` (change, rows, summary, matches) follows, for the last one asked for.

        A long change is found twice: first its beginning, with None where its matches are not known yet.
        """
        if self._flow.summary is None or change.index < 0:
            return
        for request in self._asked:
            request.abandon()
        self._asked = []
        self._make_way()
        matches: list[Match] = []
        real: list[DiffRow] = []
        rows: list[DiffRow] = []
        has_ticks = bool(change.matches) and any(
            one["op"] in ("find_replace", "patch") for one in self._flow.operations
        )
        last = request = self._rows(change, rows, whole=True)
        summary: list[Json] = []

        def begin(event: str, answer: Json) -> None:
            """Show the beginning of a long change while the rest of it is on its way."""
            if len(rows) == len(answer["rows"]):
                known = None if has_ticks else matches
                self.found.emit(change, list(rows), DiffSummary("text", 0, 0, truncated=False), known)

        if max(change.size_before or 0, change.size_after or 0) > _LONG:
            request.part.connect(begin)
        request.done.connect(summary.append)
        # Rows come first: they are what a person waits for. The worker answers in order, so the last answer ends it.
        if any(one.get("skip") for one in self._flow.operations):
            last = self._rows(change, real, whole=False)
            last.done.connect(summary.append)
        if has_ticks:
            last = self._ask("hunks", change)
            last.part.connect(lambda event, answer: matches.extend(Match(*one) for one in answer["hunks"]))
        last.done.connect(
            lambda answer: self.found.emit(change, mixed(rows, real, matches), DiffSummary.of(summary[-1]), matches)
        )

    def up(self, changes: list[Change]) -> None:
        """Find out what changes come to; `figures` (by index) follows, a few at a time.

        Between two of these requests the engine can answer what a person waits for. What was asked for before and has
        not come yet is wanted no more.
        """
        self._unknown = [one for one in changes if one.index not in self._under_way]
        if self._figuring is None:
            self._figure()

    def _figure(self) -> None:
        """Ask for the figures of the next few changes, all of them small or one that is not."""
        self._figuring, self._under_way = None, {}
        plan = self._flow.summary.plan if self._flow.state is State.READY and self._flow.summary is not None else None
        if plan is None:
            self._unknown = []
        size = 0
        while self._unknown and len(self._under_way) < _FIGURES_AT_ONCE and size < _LONG:
            change = self._unknown.pop(0)
            size += (change.size_before or 0) + (change.size_after or 0)
            self._under_way[change.index] = change
        if not self._under_way:
            return
        request = self._figuring = self._engine.ask("figures", plan=plan, indices=list(self._under_way))

        def take(answer: Json) -> None:
            if self._flow.summary is not None and self._flow.summary.plan == plan:
                self.figures.emit({index: raw and Figures.of(raw) for index, raw in answer["figures"]})
            self._figure()

        def fail(code: str, values: Json) -> None:
            if code == "cancelled":
                self._unknown = [*self._under_way.values(), *self._unknown]
            self._figure()

        request.done.connect(take)
        request.failed.connect(fail)

    def _make_way(self) -> None:
        """Let the engine do at once what a person waits for; the figures are asked for again after that."""
        if self._figuring is not None:
            self._engine.cancel(self._figuring)

    def into(self, change: Change) -> None:
        """Fetch contents; `contents` (change, bytes before, bytes after) follows where they are not too large."""
        request = self._ask("content", change)
        request.done.connect(
            lambda answer: self.contents.emit(
                change, base64.b64decode(answer["before"]), base64.b64decode(answer["after"])
            )
        )

    def type_line(self, change: Change, number: int, text: str) -> None:
        """Queue what puts a text in the place of a line of what the file will be."""
        request = self._ask("typed", change, line=number, text=text)
        request.done.connect(lambda answer: self._flow.add(card(answer["operation"])))
        request.failed.connect(self.trouble)

    def read_text(self, path: str) -> None:
        """Read a file for editing; `text_read` (path, text, digest) follows."""
        request = self._engine.ask("read", path=path)
        request.done.connect(lambda answer: self.text_read.emit(path, answer["text"], answer["digest"]))
        request.failed.connect(self.trouble)

    def _rows(self, change: Change, into: list[DiffRow], *, whole: bool) -> Request:
        """Ask for the rows of a change; `whole`: as if no match were left out."""
        request = self._ask("diff", change, whole=whole)

        def collect(event: str, answer: Json) -> None:
            into.extend(DiffRow(*row) for row in answer["rows"])

        request.part.connect(collect)
        return request

    def _ask(self, do: str, change: Change, **values: object) -> Request:
        assert self._flow.summary is not None
        request = self._engine.ask(do, plan=self._flow.summary.plan, index=change.index, **values)
        self._asked.append(request)
        return request


def mixed(rows: list[DiffRow], real: list[DiffRow], matches: list[Match]) -> list[DiffRow]:
    """Return rows that show what will be where only some of a line's matches are left out.

    `rows` are those of all matches, so that what is left out stays in sight; `real` those of the batch as it is.
    """
    out = {match.line for match in matches if match.is_out}
    partly = out & {match.line for match in matches if not match.is_out}
    if not partly:
        return rows
    texts = {row.old_number: row.new_text for row in real if row.old_number in partly}
    return [
        row._replace(new_text=texts.get(row.old_number, row.new_text)) if row.old_number in partly else row
        for row in rows
    ]
