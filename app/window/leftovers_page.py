"""Leftovers: what crashes and editors have left in some folders, compared with what it belongs to."""

from __future__ import annotations

import os

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QSplitter, QStackedWidget, QTableView, QVBoxLayout, QWidget

from app import leftover_texts, texts
from app.flows.leftovers import LeftoversFlow
from app.models.leftovers import Column, LeftoversModel
from app.theme.theme import Theme
from app.values import Coverage, DiffRow, DiffSummary, Json, Leftover
from app.window.chooser import Chooser
from app.window.delegates import LeftoversDelegate
from app.window.diff_panel import DiffPanel
from app.window.dropping import local_paths
from app.window.empty import Empty
from app.window.notice import Notice
from app.window.parts import button, label, lay_out
from app.window.tables import Words, dress, select_row, selected_rows
from app.words import _

_WIDTHS = {
    Column.MADE_BY: 170,
    Column.ORIGINAL: 150,
    Column.COMPARED: 130,
    Column.AGE: 110,
    Column.SIZE: 84,
    Column.ADVICE: 150,
}
_AGES_MS = 30_000


class LeftoversPage(QWidget):
    """Shows a `LeftoversFlow`."""

    def __init__(self, flow: LeftoversFlow, chooser: Chooser, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAcceptDrops(True)
        self._flow, self._chooser = flow, chooser
        self.model = LeftoversModel(self)
        self.table = self._make_table(theme)
        self.diff = DiffPanel(theme)
        self.notice = Notice(theme)
        self.coverage = label(leftover_texts.NOT_WATCHING, "dim")
        self.restore_button = button(_("Restore…"), self.restore, name=_("Restore the original from this leftover"))
        self.clear_button = button(_("Clear…"), self.clear)
        self.reason = label("", "dim", wraps=True)
        self._empty = Empty(
            theme, "leftovers", *leftover_texts.NO_FOLDERS, [button(_("Choose a folder…"), self._choose, primary=True)]
        )
        self._nothing = Empty(theme, "check", *leftover_texts.NO_LEFTOVERS, [button(_("Add a folder…"), self._choose)])
        self._middle = QStackedWidget()
        self._arrange()
        self._connect()
        self._show_middle()

    def restore(self) -> None:
        """Queue the restoring of the current leftover."""
        one = self._current()
        if one is not None:
            self._flow.restore(one)

    def clear(self) -> None:
        """Ask, then clear the selected leftovers, into the attic or the desktop's trash."""
        chosen = [one for one in self._selected() if leftover_texts.is_clearable(one)]
        if not chosen:
            return
        box = QMessageBox(self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(texts.TITLE)
        box.setText(leftover_texts.clear_question([one.path for one in chosen]))
        box.setInformativeText(leftover_texts.CLEAR_MEANS)
        keep = box.addButton(_("Keep them"), QMessageBox.ButtonRole.RejectRole)
        move = box.addButton(_("Move to trash"), QMessageBox.ButtonRole.ActionRole)
        clear = box.addButton(_("Clear"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        move.clicked.connect(lambda: self._flow.trash(chosen))
        clear.clicked.connect(lambda: self._flow.clear(chosen))
        box.finished.connect(box.deleteLater)
        box.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._flow.watch(local_paths(event.mimeData()))

    # making

    def _make_table(self, theme: Theme) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setItemDelegate(LeftoversDelegate(theme, table))
        words: Words = {Column.ADVICE: leftover_texts.ADVICE.values()}
        dress(table, {int(column): width for column, width in _WIDTHS.items()}, Column.FILE, words)
        table.setAccessibleName(_("Leftovers"))
        table.setSortingEnabled(True)
        table.sortByColumn(Column.FILE, Qt.SortOrder.AscendingOrder)
        return table

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(texts.LEFTOVERS, "title"))
        words.addWidget(self.coverage)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        self._stop = button(_("Watch no folder"), self._unwatch)
        head.addWidget(self._stop)
        head.addWidget(button(_("Add a folder…"), self._choose))
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.diff)
        splitter.setSizes([320, 340])
        for part in (self._empty, self._nothing, splitter):
            self._middle.addWidget(part)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.reason, 1)
        foot.addWidget(self.clear_button)
        foot.addWidget(self.restore_button)
        lay_out(self, head, self.notice, self._middle, foot)

    def _connect(self) -> None:
        flow = self._flow
        flow.began.connect(self._begin)
        flow.found.connect(self._take)
        flow.gone.connect(self._forget)
        flow.covered.connect(self._show_coverage)
        flow.compared.connect(self._show_compared)
        flow.trashed.connect(self._say_trashed)
        flow.cleared.connect(self._say_cleared)
        flow.trouble.connect(self._say_trouble)
        self.table.selectionModel().currentRowChanged.connect(self._choose_row)
        self._ages = QTimer(self, interval=_AGES_MS)
        self._ages.timeout.connect(self.model.refresh_ages)
        self._ages.start()

    # following the flow

    def _begin(self) -> None:
        self.model.clear()
        self.coverage.setText(leftover_texts.SCANNING if self._flow.roots else leftover_texts.NOT_WATCHING)
        self._show_middle()

    def _take(self, found: list[Leftover]) -> None:
        self.model.put(found)
        self._show_middle()
        if not self.table.selectionModel().hasSelection():  # a focused table has a current row without selecting it
            select_row(self.table, 0)
        elif (current := self._current()) in found:
            self._show(current)

    def _forget(self, paths: list[str]) -> None:
        self.model.remove(paths)
        self._show_middle()

    def _choose_row(self, current: QModelIndex, previous: QModelIndex) -> None:
        self._show(self.model.at(current.row()) if current.isValid() else None)

    def _show(self, one: Leftover | None) -> None:
        self.restore_button.setEnabled(one is not None and leftover_texts.is_restorable(one))
        self.clear_button.setEnabled(one is not None and leftover_texts.is_clearable(one))
        self.reason.setText(leftover_texts.reason(one) if one else "")
        if one is None:
            self.diff.show_nothing(leftover_texts.CHOOSE_LEFTOVER)
        else:
            self._flow.compare(one)

    def _show_compared(self, one: Leftover, rows: list[DiffRow], summary: DiffSummary) -> None:
        if one == self._current():
            name = texts.shown(os.path.basename(one.path))
            if one.same is not None:
                name = f"{texts.shown(one.original)} ↔ {name}"
            self.diff.show_pair(name, rows, summary, leftover_texts.compared(one))

    def _show_coverage(self, coverage: Coverage) -> None:
        self.coverage.setText(leftover_texts.coverage(coverage, len(self._flow.roots)))

    def _say_cleared(self, answer: Json) -> None:
        self.notice.say(leftover_texts.cleared(answer))

    def _say_trashed(self, paths: list[str], failed: list[Json]) -> None:
        self.notice.say(leftover_texts.trashed(len(paths), [(one["path"], one["code"]) for one in failed]))

    def _say_trouble(self, code: str, values: Json) -> None:
        self.notice.say(texts.trouble(code, str(values.get("reason", ""))))

    def _show_middle(self) -> None:
        page = 0 if not self._flow.roots else 2 if self.model.rowCount() else 1
        self._middle.setCurrentIndex(page)
        self._stop.setVisible(bool(self._flow.roots))
        for one in (self.restore_button, self.clear_button, self.reason):
            one.setVisible(page == 2)

    # asking

    def _choose(self) -> None:
        self._chooser.folder(self, _("Choose a folder to look for leftovers in"), self._flow.watch)

    def _unwatch(self) -> None:
        for root in list(self._flow.roots):
            self._flow.unwatch(root)

    def _current(self) -> Leftover | None:
        index = self.table.currentIndex()
        return self.model.at(index.row()) if index.isValid() else None

    def _selected(self) -> list[Leftover]:
        return [one for row in selected_rows(self.table) if (one := self.model.at(row)) is not None]
