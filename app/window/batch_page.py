"""The batch: what is queued, which files it changes, what changes in each, and Apply."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app import history_texts, texts, window_texts
from app.flows import fixes
from app.flows.batch import BatchFlow, State
from app.flows.choice import Choice
from app.flows.looking import Look
from app.flows.plans import PlanFiles
from app.models.files import FilesModel
from app.theme.theme import Theme
from app.values import Change, DiffRow, DiffSummary, Json, Match, PlanSummary, Progress, Result
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
from app.words import _
from core.errors import Fix, Problem

_BEGIN = (
    _("Drop files or folders here"),
    _("Choose what is to change, then say how. You see every change first; nothing is written until you apply."),
)
_GO_ON = (_("Now say what to do with them"), _("Find and replace, replace, edit, rename or delete: it is only queued."))


class BatchPage(QWidget):
    """Shows a `BatchFlow`. `progressed` is for the window's title."""

    progressed = Signal(object)

    def __init__(
        self, flow: BatchFlow, choice: Choice, look: Look, plans: PlanFiles, verbs: Verbs, theme: Theme
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAcceptDrops(True)
        self._flow, self._choice, self._look, self._verbs = flow, choice, look, verbs
        self._current: Change | None = None
        self.model = FilesModel(self)
        self.head = BatchHead(theme, verbs, self.model.filter)
        self.chosen = ChosenBar(choice, theme, verbs.on_choice())
        self.cards = CardsStrip(flow, verbs, theme)
        self.trouble = Notice(theme)
        self.problems = Notice(theme, _("Leave these out"), flow.leave_out_problems)
        self.table = FilesTable(self.model, theme, verbs.fill_menu)
        self.diff = DiffPanel(theme)
        self.actions_bar = ActionBar(self.apply, flow.start_over)
        self.progress = ProgressPanel(theme, flow.cancel)
        self.result = ResultBar(theme, flow.dismiss)
        self._empty = Empty(theme, "drop", *_BEGIN, self._buttons(verbs))
        self._middle, self._foot = QStackedWidget(), QStackedWidget()
        self._arrange()
        self._connect(plans)
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
            self._verbs.take(paths)

    # making

    def _buttons(self, verbs: Verbs) -> list[QPushButton]:
        return [
            button(_("Choose files…"), verbs.choose_files, primary=True),
            button(_("Choose a folder…"), verbs.choose_folder),
            button(_("Open a plan…"), verbs.open_plan),
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

    def _connect(self, plans: PlanFiles) -> None:
        flow = self._flow
        flow.state_changed.connect(self._enter)
        flow.planning_began.connect(self._begin)
        flow.changes_found.connect(self.model.append)
        flow.planned.connect(self._take_plan)
        flow.trouble.connect(self._say_trouble)
        flow.cards_changed.connect(self._show_name)
        flow.stale.connect(lambda paths: self.trouble.say(window_texts.stale(paths)))
        for source in (self._look, plans):
            source.trouble.connect(self._say_trouble)
        plans.saved.connect(lambda path: self.trouble.say(window_texts.plan_saved(path)))
        self._look.found.connect(self._show_diff)
        self._look.contents.connect(self.diff.show_contents)
        self.diff.view.ticked.connect(self._leave_out)
        self.diff.view.typed.connect(self._type)
        flow.progressed.connect(self._take_progress)
        flow.certain.connect(self.progress.show_end)
        flow.over.connect(self._show_result)
        self._choice.changed.connect(self._show_middle)
        self._choice.refused.connect(self._say_refused)
        self.table.current.connect(self._choose)
        self.table.in_sight.connect(self._look_up_figures)
        self._look.figures.connect(self.model.set_figures)
        self.table.dropped.connect(self._verbs.replace_by)
        self.model.ticks_changed.connect(self._count)
        self.model.arranged.connect(self._select_again)
        self.model.arranged.connect(self._count)

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
        self.model.set_notes(self._flow.notes)
        self.model.settle()
        if problems:
            self.problems.say(f"{texts.NOTHING_CHANGED} {texts.stand_in_the_way(len(problems))}")
        self._count()
        self._select_again()
        self._look_up_figures()
        if not self.model.changes:
            self.diff.show_nothing(_("Nothing changes."))

    def _select_again(self) -> None:
        """Make the file that was looked at the current one, or the first where it is not shown."""
        row = self.model.row_of(self._current.path) if self._current else -1
        select_row(self.table, max(0, row))

    def _choose(self, change: Change | None) -> None:
        if change is None:
            self.diff.show_nothing()
            return
        self._current = change
        found = self.model.remarks.problem(change)
        if found is not None:
            self.diff.show_nothing(window_texts.problem(found), self._fixes(found))
        else:
            self._look.at(change)

    def _look_up_figures(self) -> None:
        """Ask what the changes in sight come to, where that is not known yet."""
        if self._flow.state is State.READY:
            self._look.up([change for change in self.table.rows_in_sight() if self.model.remarks.lacks_figures(change)])

    def _fixes(self, found: Problem) -> list[tuple[str, Callable[[], object]]]:
        """Return buttons for what can be done about a problem; those that only look again become one."""
        offered = {window_texts.FIXES[fix]: fix for fix in fixes.possible(found, self._flow.cards)}
        return [(words, lambda fix=fix: self._fix(found, fix)) for words, fix in offered.items()]  # type: ignore[misc]

    def _fix(self, found: Problem, fix: Fix) -> None:
        if fix in (Fix.SKIP, Fix.TAKE):
            self._flow.choose_for_undo({found.path: fix.value})
        elif fix in fixes.LOOK_AGAIN:
            self._flow.evaluate()
        else:
            self._flow.queue.put(window_texts.FIXES[fix], fixes.fixed(found, fix, self._flow.cards))

    def _show_diff(self, change: Change, rows: list[DiffRow], summary: DiffSummary, matches: list[Match]) -> None:
        if self._current is not None and self._current.path == change.path:
            self.diff.show_change(change, rows, summary, matches)
            if summary.kind == "binary":
                self._look.into(change)

    def _leave_out(self, matches: tuple[Match, ...], is_out: bool) -> None:  # noqa: FBT001 - a slot
        """Leave matches out of the batch; where none is left, it is the file that is left out."""
        change = self._current
        if change is None or self.model.is_locked:
            return
        left = [one for line in self.diff.view.lines for one in line.matches if not one.is_out]
        if is_out and not left:
            self.model.tick([change.path], ticked=False)
            ids = {one.id for line in self.diff.view.lines for one in line.matches}
            for number in {one.operation for one in matches}:
                self._flow.leave_out(number, ids, is_out=False)
            return
        for number in {one.operation for one in matches}:
            self._flow.leave_out(number, {one.id for one in matches if one.operation == number}, is_out=is_out)

    def _type(self, number: int, text: str) -> None:
        if self._current is not None and not self.model.is_locked:
            self._look.type_line(self._current, number, text)

    def _take_progress(self, now: Progress) -> None:
        if self._flow.is_busy:
            self.progress.take(now)
            self.progressed.emit(now)

    def _show_result(self, result: Result) -> None:
        if result.outcome == "committed":
            self.model.mark_applied()
        self.result.show_result(result, self._flow.name)
        self.result.button.setFocus()

    def _say_trouble(self, code: str, values: Json) -> None:
        if code == "cannot_undo":
            self.trouble.say(f"{texts.NOTHING_CHANGED} {history_texts.cannot_undo(str(values.get('why', '')))}")
        else:
            self.trouble.say(texts.trouble(code, str(values.get("reason", ""))))

    def _say_refused(self, paths: list[str]) -> None:
        self.trouble.say(
            _("Nothing was changed. Neither file nor folder: {paths}.", paths=", ".join(map(texts.shown, paths)))
        )

    def _count(self) -> None:
        flow = self._flow
        totals = self.model.totals
        self.actions_bar.show_state(flow.state, flow.summary, totals, self.model.hidden)
        operations = sum(card.is_on for card in flow.cards)
        problems = flow.summary.problems if flow.summary else 0
        self._show_name()
        self.head.show_summary(texts.planned(operations, totals.files, totals.matches, problems) if operations else "")

    def _show_name(self) -> None:
        self.head.show_name(self._flow.name or texts.NEW_BATCH)

    def _show_middle(self) -> None:
        self._empty.say(*(_GO_ON if self._choice.entries else _BEGIN))
        self._middle.setCurrentIndex(1 if self._flow.cards else 0)
