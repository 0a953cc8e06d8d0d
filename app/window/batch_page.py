"""The batch: what is queued, which files it changes, what changes in each, and Apply."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app import texts
from app.flows.batch import BatchFlow, State
from app.flows.choice import Choice
from app.models.files import FilesModel
from app.theme.theme import Theme
from app.values import Change, DiffRow, DiffSummary, Json, PlanSummary, Progress, Result
from app.window.action_bar import ActionBar
from app.window.batch_head import BatchHead
from app.window.cards import CardsStrip
from app.window.chosen import ChosenBar
from app.window.diff_panel import DiffPanel
from app.window.dropping import local_paths
from app.window.empty import Empty
from app.window.files_table import FilesTable
from app.window.notice import Notice
from app.window.parts import button
from app.window.progress_panel import ProgressPanel
from app.window.result_bar import ResultBar
from app.window.tables import select_row
from app.window.verbs import Verbs
from core.errors import Problem

_BEGIN = (
    "Drop files or folders here",
    "Choose what is to change, then say how. You see every change first; nothing is written until you apply.",
)
_GO_ON = ("Now say what to do with them", "Find and replace, replace, edit, rename or delete: it is only queued.")


class BatchPage(QWidget):
    """Shows a `BatchFlow`. `progressed` is for the window's title."""

    progressed = Signal(object)

    def __init__(self, flow: BatchFlow, choice: Choice, verbs: Verbs, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAcceptDrops(True)
        self._flow, self._choice = flow, choice
        self._current: Change | None = None
        self.model = FilesModel(self)
        self.head = BatchHead(theme, verbs, self.model.filter)
        self.chosen = ChosenBar(choice, theme, verbs.on_choice())
        self.cards = CardsStrip(flow, theme)
        self.trouble = Notice(theme)
        self.problems = Notice(theme, "Leave these out", flow.leave_out_problems)
        self.table = FilesTable(self.model, theme, verbs.fill_menu)
        self.diff = DiffPanel(theme)
        self.actions_bar = ActionBar(self.apply, flow.start_over)
        self.progress = ProgressPanel(theme, flow.cancel)
        self.result = ResultBar(theme, flow.dismiss)
        self._empty = Empty(theme, "drop", *_BEGIN, self._buttons(verbs))
        self._middle, self._foot = QStackedWidget(), QStackedWidget()
        self._arrange()
        self._connect()
        self._enter(flow.state)

    def apply(self) -> None:
        """Apply what is ticked."""
        if self.actions_bar.apply_button.isEnabled():
            self._flow.apply(self.model.without())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and not self._flow.is_busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = local_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self._choice.add(paths)

    # making

    def _buttons(self, verbs: Verbs) -> list[QPushButton]:
        return [
            button("Choose files…", verbs.choose_files, primary=True),
            button("Choose a folder…", verbs.choose_folder),
        ]

    def _arrange(self) -> None:
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.diff)
        splitter.setSizes([320, 340])
        self._middle.addWidget(self._empty)
        self._middle.addWidget(splitter)
        for foot in (self.actions_bar, self.progress, self.result):
            self._foot.addWidget(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        for part in (self.head, self.chosen, self.cards, self.trouble, self.problems):
            column.addWidget(part)
        column.addWidget(self._middle, 1)
        column.addWidget(self._foot)

    def _connect(self) -> None:
        flow = self._flow
        flow.state_changed.connect(self._enter)
        flow.planning_began.connect(self._begin)
        flow.changes_found.connect(self.model.append)
        flow.planned.connect(self._take_plan)
        flow.trouble.connect(self._say_trouble)
        flow.diff_found.connect(self._show_diff)
        flow.progressed.connect(self._take_progress)
        flow.over.connect(self._show_result)
        self._choice.changed.connect(self._show_middle)
        self._choice.refused.connect(self._say_refused)
        self.table.current.connect(self._choose)
        self.model.ticks_changed.connect(self._count)
        self.head.filtered.connect(self._select_again)
        self.head.filtered.connect(self._count)

    # following the flow

    def _enter(self, state: State) -> None:
        is_busy = self._flow.is_busy
        for part in (self.head, self.chosen, self.cards):
            part.setEnabled(not is_busy)
        self.model.is_locked = is_busy or state is State.OVER
        if state is State.APPLYING:
            self.trouble.say("")
            self.progress.begin()
        elif state is State.CANCELLING:
            self.progress.begin_cancelling()
        foot = self.progress if is_busy else self.result if state is State.OVER else self.actions_bar
        self._foot.setCurrentWidget(foot)
        self._show_middle()
        self._count()

    def _begin(self) -> None:
        self.model.clear()
        if not self._flow.cards:
            self.model.forget_ticks()
            self._current = None
        self.problems.say("")

    def _take_plan(self, summary: PlanSummary, problems: list[Problem]) -> None:
        self.model.set_problems(problems)
        self.model.settle()
        if problems:
            self.problems.say(f"{texts.NOTHING_CHANGED} {texts.stand_in_the_way(len(problems))}")
        self._count()
        self._select_again()
        if not self.model.changes:
            self.diff.show_nothing("Nothing changes.")

    def _select_again(self) -> None:
        """Make the file that was looked at the current one, or the first where it is not shown."""
        row = self.model.row_of(self._current.path) if self._current else -1
        select_row(self.table, max(0, row))

    def _choose(self, change: Change | None) -> None:
        if change is None:
            self.diff.show_nothing()
            return
        self._current = change
        found = self.model.problem_of(change)
        if found is not None:
            self.diff.show_nothing(texts.problem(found))
        else:
            self._flow.show(change)

    def _show_diff(self, rows: list[DiffRow], summary: DiffSummary) -> None:
        if self._current is not None:
            self.diff.show_change(self._current, rows, summary)

    def _take_progress(self, now: Progress) -> None:
        if self._flow.is_busy:
            self.progress.take(now)
            self.progressed.emit(now)

    def _show_result(self, result: Result) -> None:
        if result.outcome == "committed":
            self.model.mark_applied()
        self.result.show_result(result)
        self.result.button.setFocus()

    def _say_trouble(self, code: str, values: Json) -> None:
        self.trouble.say(texts.trouble(code, str(values.get("reason", ""))))

    def _say_refused(self, paths: list[str]) -> None:
        self.trouble.say(f"{texts.NOTHING_CHANGED} Neither file nor folder: {', '.join(map(texts.shown, paths))}.")

    def _count(self) -> None:
        flow = self._flow
        ticked = self.model.ticked()
        self.actions_bar.show_state(flow.state, flow.summary, ticked, self.model.hidden)
        operations = sum(card.is_on for card in flow.cards)
        matches = sum(change.matches for change in ticked)
        problems = flow.summary.problems if flow.summary else 0
        self.head.show_name(flow.name or texts.NEW_BATCH)
        self.head.show_summary(texts.planned(operations, len(ticked), matches, problems) if operations else "")

    def _show_middle(self) -> None:
        self._empty.say(*(_GO_ON if self._choice.entries else _BEGIN))
        self._middle.setCurrentIndex(1 if self._flow.cards else 0)
