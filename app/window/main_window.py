"""The window: the rail, the pages, the menus, and what happens when it is closed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app import history_page_texts, texts, window_texts
from app.engine import EngineClient
from app.flows import operations
from app.flows.aftermath import Aftermath
from app.flows.batch import BatchFlow, State
from app.flows.checking import Checking
from app.flows.choice import Choice
from app.flows.history import HistoryFlow
from app.flows.leftovers import LeftoversFlow
from app.flows.looking import Look
from app.flows.plans import PlanFiles
from app.flows.preferences import Preferences
from app.flows.recovery import RecoveryFlow
from app.flows.trial import Trial
from app.settings import Value, file_defaults
from app.theme.theme import Theme
from app.values import Progress
from app.window.attention import Attention
from app.window.batch_page import BatchPage
from app.window.chooser import Chooser
from app.window.closing import ask_before_closing
from app.window.interrupted import Interrupted
from app.window.menus import Menus
from app.window.rail import Rail
from app.window.recovery_page import RecoveryPage
from app.window.remembering import Remembering
from app.window.strips import Strips
from app.window.verbs import Verbs

if TYPE_CHECKING:
    from app.window.history_page import HistoryPage
    from app.window.leftovers_page import LeftoversPage
    from app.window.settings_page import SettingsPage

_P = TypeVar("_P", bound=QWidget)
_PAGES = (
    ("batch", texts.BATCH, "Ctrl+1"),
    ("leftovers", texts.LEFTOVERS, "Ctrl+2"),
    ("history", history_page_texts.TITLE, "Ctrl+3"),
    ("recovery", texts.RECOVERY, "Ctrl+4"),
    ("settings", texts.SETTINGS, "Ctrl+5"),
)


class MainWindow(QMainWindow):
    """Everything a person sees. `closed` when it is gone for good and the engines may go, too."""

    closed = Signal()
    page_shown = Signal()

    def __init__(
        self,
        engine: EngineClient,
        theme: Theme,
        chooser: Chooser | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        super().__init__()
        self.engine, self._theme = engine, theme
        self._is_closing = False
        self.chooser = chooser or Chooser()
        self.preferences = preferences or Preferences(parent=self)
        self._make_flows(engine)
        self._make_pages(theme)
        self._arrange()
        self._connect()
        self._page = "batch"
        self.interrupted = Interrupted(self)
        self.remembering = Remembering(self)
        self.attention = Attention(self, self.flow, self.preferences)
        self.menus = Menus(self)
        self.show_page("batch")

    def _make_flows(self, engine: EngineClient) -> None:
        self.choice = Choice(engine, self)
        self.flow = BatchFlow(engine, self, lambda: file_defaults(self.preferences.values))
        self.look, self.plans = Look(engine, self.flow, self), PlanFiles(engine, self.flow, self)
        self.recovery_flow = RecoveryFlow(engine, self)
        self.aftermath = Aftermath(engine, self.flow, self)
        self.checking = Checking(engine, self.flow, self)
        self.leftovers_flow = LeftoversFlow(engine, self)
        self.history_flow = HistoryFlow(engine, self)
        self.trial = Trial(engine, self)

    def _make_pages(self, theme: Theme) -> None:
        self.verbs = Verbs(
            self,
            self.flow,
            self.choice,
            self.chooser,
            theme,
            self.preferences,
            self.look,
            self.trial,
            self.plans,
        )
        self.rail, self.stack = Rail(theme), QStackedWidget()
        for name, text, shortcut in _PAGES:
            self.rail.add(name, text, name, shortcut, at_end=name == "settings")
        self.rail.show_button("recovery", visible=False, count=0)
        self.batch = self._placed(BatchPage(self.flow, self.choice, self.look, self.plans, self.verbs, theme))
        self.recovery = self._placed(RecoveryPage(self.recovery_flow, theme))
        self.strips = Strips(theme, partial(self.show_page, "recovery"))

    # Pages that are read and made when they are shown for the first time: the first window does not wait for them.

    @cached_property
    def leftovers(self) -> LeftoversPage:
        """What crashes left behind."""
        from app.window.leftovers_page import LeftoversPage

        return self._placed(LeftoversPage(self.leftovers_flow, self.chooser, self._theme))

    @cached_property
    def history(self) -> HistoryPage:
        """What became of every batch."""
        from app.window.history_page import HistoryPage

        page = self._placed(HistoryPage(self.history_flow, self.chooser, self._theme))
        page.undo.connect(lambda one: self._take_back(one.txn, one.name))
        return page

    @cached_property
    def settings(self) -> SettingsPage:
        """What a person chooses once and for all."""
        from app.window.settings_page import SettingsPage

        return self._placed(SettingsPage(self.preferences, self.chooser, self._theme))

    def _placed(self, page: _P) -> _P:
        self.stack.addWidget(page)
        return page

    def begin(self, paths: list[str], report: str = "") -> None:
        """Look for interrupted batches, show the last session, and choose what was named at the start.

        `report`: of a session that ended badly.
        """
        self.remembering.restore()
        self.recovery_flow.look()
        self.aftermath.look()
        self.verbs.take(paths)
        if report:
            self.strips.tell(report, now=False)

    def come(self, paths: list[str]) -> None:
        """Come to the front, because a second start was there with these paths."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        if paths:
            self.show_page("batch")
            self.verbs.take(paths)

    def tell_report(self, report: str) -> None:
        """Say quietly that something went wrong inside."""
        self.strips.tell(report, now=True)

    def log_out(self, refuse: Callable[[], object]) -> None:
        """Close because the session of the desktop ends; what runs is put back first, so the end has to wait."""
        if self.flow.is_busy:
            refuse()
        self.put_back_and_close()

    def show_page(self, name: str) -> None:
        """Show a page."""
        self._page = name
        self.stack.setCurrentWidget(getattr(self, name))
        self.rail.select(name)
        self.interrupted.show_waiting()
        if name == "history":
            self.history.look()
        if name == "leftovers":
            self.leftovers_flow.begin()
            if not self.leftovers_flow.roots and (watched := self.preferences.values.paths("watched")):
                self.leftovers_flow.watch(watched)
        self.page_shown.emit()

    @property
    def page(self) -> str:
        """The name of the page that is shown."""
        return self._page

    @property
    def theme(self) -> Theme:
        """What it looks like."""
        return self._theme

    def changeEvent(self, event: QEvent) -> None:
        """Look whether files have changed, when a person comes back from another program."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.flow.look_again()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go at once when no batch runs; otherwise ask, and never harm."""
        if self.flow.is_busy and not self._is_closing:
            event.ignore()
            ask_before_closing(self, self.put_back_and_close)
            return
        if self.flow.is_busy:
            event.ignore()  # goes by itself when everything is put back
            return
        event.accept()
        self.remembering.keep()
        self.closed.emit()

    def put_back_and_close(self) -> None:
        """Cancel what runs, put everything back, then close: what SIGTERM and logging out ask for as well."""
        self._is_closing = True
        if self.flow.is_busy:
            self.flow.cancel()
        else:
            self.close()

    # making

    def _arrange(self) -> None:
        self.setWindowTitle(texts.TITLE)
        self.resize(QSize(1240, 820))
        self.setMinimumSize(QSize(760, 520))
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.strips)
        column.addWidget(self.stack, 1)
        row.addLayout(column, 1)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.show_page)
        self.flow.state_changed.connect(self._follow_batch)
        self.batch.progressed.connect(self._show_percent)
        self.aftermath.told.connect(self.strips.tell_closed)
        self.engine.unavailable.connect(self._say_unavailable)
        self.leftovers_flow.counted.connect(lambda number: self.rail.show_count("leftovers", number))
        self.leftovers_flow.queued.connect(self._queue)
        self.leftovers_flow.roots_changed.connect(self._keep_watched)
        self.preferences.changed.connect(self._obey)
        self.checking.checked.connect(self.batch.result.show_checked)
        self.batch.result.undo.connect(self._take_back)
        self.batch.result.report.connect(lambda txn: self.history.save_report(txn, "markdown"))

    # following

    def _follow_batch(self, state: State) -> None:
        if not self.flow.is_busy:
            self.setWindowTitle(texts.TITLE)
        if state is State.OVER:
            self.recovery_flow.look()
            if self._is_closing:
                self.close()
            else:
                self.history_flow.tidy()

    def _show_percent(self, now: Progress) -> None:
        if now.files_total:
            percent = 100 * now.files_done // now.files_total
            self.setWindowTitle(f"{percent} % {texts.PHASES[now.phase]} – {texts.TITLE}")

    def _obey(self, name: str, value: Value) -> None:
        if name == "theme":
            self._theme.choose(str(value))
        elif name == "reduced_motion":
            self._theme.reduce_motion(reduced=value is True)
        elif name == "watched" and self.leftovers_flow.watcher is not None:
            self.leftovers_flow.watch_only(self.preferences.values.paths("watched"))

    def _keep_watched(self) -> None:
        self.preferences.choose("watched", tuple(self.leftovers_flow.roots))

    def _take_back(self, txn: str, name: str) -> None:
        """Show on the batch page what undoing a batch would do; nothing is written by that."""
        if self.flow.is_busy:
            return
        self.flow.dismiss()
        self._queue(operations.undo(txn, history_page_texts.undo_name(name)))

    def _queue(self, card: object) -> None:
        self.flow.add(card)  # type: ignore[arg-type]
        self.show_page("batch")

    def _say_unavailable(self, why: str) -> None:
        self.batch.trouble.say(f"{texts.NOTHING_CHANGED} {window_texts.unavailable(why)}")
