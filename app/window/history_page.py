"""History: every batch, what became of its files, and undo."""

from __future__ import annotations

import os

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import history_page_texts, history_texts, texts, window_texts
from app.flows.history import HistoryFlow
from app.models.history import Column, EntriesModel, FileColumn, FileEntriesModel
from app.theme.theme import Theme
from app.values import DiffRow, DiffSummary, Json
from app.window.chooser import Chooser
from app.window.diff_panel import DiffPanel
from app.window.empty import Empty
from app.window.history_rows import EntriesDelegate, FileEntriesDelegate
from app.window.notice import Notice
from app.window.parts import button, label, lay_out
from app.window.tables import Words, select_row, table_of
from app.words import _
from core.history import Entry, FileEntry

_WIDTHS: dict[int, int] = {Column.WHEN: 120, Column.FILES: 70, Column.STATE: 170, Column.UNTIL: 140, Column.SPACE: 90}
_FILE_WIDTHS: dict[int, int] = {FileColumn.DEED: 90, FileColumn.SINCE: 170}
_WORDS: Words = {Column.STATE: history_texts.STATES.values()}
_FILE_WORDS: Words = {FileColumn.DEED: history_texts.DEEDS.values()}


class HistoryPage(QWidget):
    """Shows a `HistoryFlow`. `undo` (entry) when a batch is to be taken back."""

    undo = Signal(object)

    def __init__(self, flow: HistoryFlow, chooser: Chooser, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self._flow, self._chooser = flow, chooser
        self.model, self.files_model = EntriesModel(), FileEntriesModel()
        self.table = table_of(self.model, EntriesDelegate(theme, self), _WIDTHS, Column.NAME, _("Batches"), _WORDS)
        self.files = table_of(
            self.files_model,
            FileEntriesDelegate(theme, self),
            _FILE_WIDTHS,
            FileColumn.FILE,
            _("Files of the batch"),
            _FILE_WORDS,
        )
        self.diff = DiffPanel(theme)
        self.notice = Notice(theme)
        self.figures, self.reason = label("", "dim", wraps=True), label("", "dim", wraps=True)
        self.filter = QLineEdit(placeholderText=_("Filter batches"))
        self.filter.setAccessibleName(_("Filter batches"))
        self.filter.setFixedWidth(220)
        self.undo_button = button(_("Undo this batch…"), self._undo, primary=True)
        self.pin_button = button(_("Keep for good"), self._pin)
        self.free_button = button(_("Free space…"), self._ask_what_expires)
        self.report_button = QPushButton(_("Save a report"))
        self.report_button.setMenu(self._make_reports())
        self._let_report(possible=False)
        for one in (self.undo_button, self.pin_button):
            one.setEnabled(False)  # until it is known which batch that would be about
        self._middle = QStackedWidget()
        self._chosen = ""
        self._arrange(theme)
        self._connect()

    def look(self) -> None:
        """Show what there is now."""
        self._flow.look()

    def save_report(self, txn: str, how: str) -> None:
        """Ask where a report is to be written."""
        name = f"report{history_page_texts.REPORTS[how]}"
        self._chooser.save(self, _("Save a report"), name, lambda found: self._flow.report(txn, how, found[0]))

    # making

    def _make_reports(self) -> QMenu:
        menu = QMenu(self.report_button)
        self.reports: dict[str, QAction] = {}
        for how in history_page_texts.REPORTS:
            self.reports[how] = menu.addAction(history_page_texts.REPORT_NAMES[how])
            self.reports[how].triggered.connect(lambda checked, how=how: self._report(how))
        return menu

    def _arrange(self, theme: Theme) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(history_page_texts.TITLE, "title"))
        words.addWidget(self.figures)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addLayout(words, 1)
        head.addWidget(self.filter)
        head.addWidget(self.free_button)
        below = QSplitter(Qt.Orientation.Horizontal)
        splitter = QSplitter(Qt.Orientation.Vertical)
        for one, first, second in ((below, self.files, self.diff), (splitter, self.table, below)):
            one.setChildrenCollapsible(False)
            one.addWidget(first)
            one.addWidget(second)
        splitter.setSizes([300, 400])
        below.setSizes([430, 570])
        self._middle.addWidget(Empty(theme, "history", *history_page_texts.NO_BATCHES, []))
        self._middle.addWidget(splitter)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.reason, 1)
        for part in (self.report_button, self.pin_button, self.undo_button):
            foot.addWidget(part)
        lay_out(self, head, self.notice, self._middle, foot)

    def _connect(self) -> None:
        flow = self._flow
        flow.found.connect(self._show)
        flow.files_found.connect(self._show_files)
        flow.verified.connect(self._show_drifts)
        flow.compared.connect(self._show_compared)
        flow.would_expire.connect(self._ask_to_expire)
        flow.expired.connect(self._say_expired)
        if flow.dropped:
            self.notice.say(history_page_texts.was_expired(flow.dropped))
        flow.reported.connect(lambda path: self.notice.say(window_texts.report_saved(path)))
        flow.trouble.connect(lambda code, values: self.notice.say(texts.trouble(code, str(values.get("reason", "")))))
        self.filter.textChanged.connect(self.model.filter)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.files.selectionModel().currentRowChanged.connect(self._choose_file)

    # following

    def _show(self, entries: list[Entry], figures: Json) -> None:
        self.figures.setText(history_page_texts.figures(figures))
        self._middle.setCurrentIndex(1 if entries else 0)
        chosen = self._chosen
        self.model.put(entries)
        for part in (self.reason, self.report_button, self.pin_button, self.undo_button):
            part.setVisible(bool(entries))
        if entries:
            row = max(0, self.model.row_of(chosen))
            if self.table.currentIndex().row() != row:
                select_row(self.table, row)

    def _choose(self, current: QModelIndex, previous: QModelIndex) -> None:
        entry = self.model.at(current.row()) if current.isValid() else None
        self._chosen = entry.txn if entry else ""
        self.files_model.put([], history_page_texts.LOOKING)
        self.diff.show_nothing(history_page_texts.CHOOSE_FILE if entry else history_page_texts.CHOOSE_BATCH)
        self.undo_button.setEnabled(entry is not None and entry.can_undo)
        self.pin_button.setEnabled(entry is not None and bool(entry.held))
        self._let_report(possible=entry is not None and bool(entry.ended))
        self.reason.setText(history_texts.cannot_undo(entry.hindrance.value) if entry and not entry.can_undo else "")
        if entry is not None:
            self.pin_button.setText(_("Keep no longer") if entry.is_pinned else _("Keep for good"))
            self._flow.at(entry)

    def _let_report(self, *, possible: bool) -> None:
        self.report_button.setEnabled(possible)
        for one in self.reports.values():
            one.setEnabled(possible)

    def _show_files(self, entry: Entry, files: list[FileEntry]) -> None:
        in_force = entry.state.value == "applied"
        self.files_model.put(files, history_page_texts.LOOKING if in_force else history_page_texts.PUT_BACK)
        if files:
            select_row(self.files, 0)

    def _show_drifts(self, entry: Entry, drifts: dict[str, str]) -> None:
        if entry.state.value != "applied":
            return
        row = self.files.currentIndex().row()
        self.files_model.know(drifts)
        select_row(self.files, max(0, row))

    def _choose_file(self, current: QModelIndex, previous: QModelIndex) -> None:
        one = self.files_model.at(current.row()) if current.isValid() else None
        if one is not None:
            self._flow.compare(one)

    def _show_compared(self, one: FileEntry, rows: list[DiffRow], summary: DiffSummary) -> None:
        if one != self.files_model.at(self.files.currentIndex().row()):
            return
        name = texts.shown(os.path.basename(one.to or one.path))
        self.diff.show_pair(
            _("{name}: before the batch ↔ now", name=name), rows, summary, history_texts.DEEDS[one.deed]
        )

    # doing

    def _entry(self) -> Entry | None:
        return self.model.at(self.table.currentIndex().row())

    def _undo(self) -> None:
        entry = self._entry()
        if entry is not None:
            self.undo.emit(entry)

    def _pin(self) -> None:
        entry = self._entry()
        if entry is not None:
            self._flow.pin(entry, pinned=not entry.is_pinned)

    def _report(self, how: str) -> None:
        entry = self._entry()
        if entry is not None:
            self.save_report(entry.txn, how)

    def _ask_what_expires(self) -> None:
        self._flow.expire(dry=True)

    def _ask_to_expire(self, expired: list[Json]) -> None:
        if not expired:
            self.notice.say(history_page_texts.NOTHING_EXPIRES)
            return
        box = QMessageBox(self)
        box.setWindowTitle(texts.TITLE)
        box.setText(history_page_texts.expire_question(expired))
        box.setInformativeText(history_page_texts.FREE_SPACE_MEANS)
        keep = box.addButton(_("Keep them"), QMessageBox.ButtonRole.RejectRole)
        drop = box.addButton(_("Drop them"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        drop.clicked.connect(lambda: self._flow.expire(dry=False))
        box.finished.connect(box.deleteLater)
        box.open()

    def _say_expired(self, expired: list[Json]) -> None:
        self.notice.say(history_page_texts.was_expired(expired))
        self.look()
