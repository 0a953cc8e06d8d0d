"""Leftovers: what crashes and programs have left in some folders, what each is, and what is best done with it."""

from __future__ import annotations

import os

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
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

from app import leftover_texts, texts
from app.flows.leftovers import LeftoversFlow
from app.models.leftovers import LeftoversModel
from app.theme.theme import Theme
from app.values import Coverage, DiffRow, DiffSummary, Json, Leftover
from app.window.chooser import Chooser
from app.window.diff_panel import DiffPanel
from app.window.dropping import local_paths
from app.window.empty import Empty
from app.window.groups import Groups
from app.window.leftovers_table import LeftoversTable
from app.window.notice import Notice
from app.window.parts import button, label, lay_out
from app.window.tables import select_row
from app.words import _

_TIMES_MS = 10_000


class LeftoversPage(QWidget):
    """Shows a `LeftoversFlow`."""

    def __init__(self, flow: LeftoversFlow, chooser: Chooser, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAcceptDrops(True)
        self._flow, self._chooser = flow, chooser
        self.model = LeftoversModel(self)
        self.table = LeftoversTable(self.model, theme, self._fill_menu)
        self.groups = Groups(leftover_texts.PAGE_GROUPS)
        self.diff = DiffPanel(theme)
        self.notice = Notice(theme)
        self.coverage = label(leftover_texts.NOT_WATCHING, "dim")
        self.reason = label("", "dim", wraps=True)
        self.filter = QLineEdit(placeholderText=_("Filter leftovers"))
        self.filter.setAccessibleName(_("Filter leftovers"))
        self.filter.setFixedWidth(200)
        self.more = QPushButton(_("More"))
        self.more.setMenu(self._make_more())
        self._make_buttons()
        self._empty = Empty(
            theme, "leftovers", *leftover_texts.NO_FOLDERS, [button(_("Choose a folder…"), self._choose, primary=True)]
        )
        self._nothing = Empty(theme, "check", *leftover_texts.NO_LEFTOVERS, [button(_("Add a folder…"), self._choose)])
        self._middle = QStackedWidget()
        self._arrange()
        self._connect()
        self._show_middle()

    # doing

    def restore(self) -> None:
        """Queue the restoring of the current leftover."""
        one = self.table.current()
        if one is not None:
            self._flow.restore(one)

    def clear(self) -> None:
        """Ask, then clear the ticked leftovers, into the attic or the desktop's trash."""
        chosen = self.model.ticked()
        if not chosen:
            return
        box = self._question(leftover_texts.clear_question([one.path for one in chosen]), leftover_texts.CLEAR_MEANS)
        keep = box.addButton(_("Keep them"), QMessageBox.ButtonRole.RejectRole)
        move = box.addButton(_("Move to trash"), QMessageBox.ButtonRole.ActionRole)
        delete = box.addButton(_("Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
        clear = box.addButton(_("Clear"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        move.clicked.connect(lambda: self._flow.trash(chosen))
        delete.clicked.connect(lambda: self._flow.clear(chosen, undo=False))
        clear.clicked.connect(lambda: self._flow.clear(chosen))
        box.open()

    def keep(self) -> None:
        """Show the selected leftovers no more until they change."""
        self._flow.keep(self.table.chosen())

    def ignore(self) -> None:
        """Ask, then show no more of the current leftover's kind in and below its folder."""
        one = self.table.current()
        if one is None:
            return
        folder = os.path.dirname(one.path)
        box = self._question(leftover_texts.ignore_question(one, folder), leftover_texts.IGNORE_MEANS)
        box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
        ignore = box.addButton(_("Ignore"), QMessageBox.ButtonRole.AcceptRole)
        ignore.clicked.connect(lambda: self._flow.ignore(one.number, folder))
        box.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._flow.watch(local_paths(event.mimeData()))

    # making

    def _make_buttons(self) -> None:
        self.restore_button = button(_("Restore…"), self.restore, name=_("Restore the original from this leftover"))
        self.keep_button = button(_("Keep"), self.keep, name=_("Keep: show it no more until it changes"))
        self.ignore_button = button(_("Ignore this kind here…"), self.ignore)
        self.clear_button = button(_("Clear…"), self.clear, primary=True, name=_("Clear what is ticked"))
        self._buttons = (self.ignore_button, self.keep_button, self.restore_button, self.clear_button)

    def _make_more(self) -> QMenu:
        menu = QMenu(self.more)
        self.add = menu.addAction(_("Add a folder…"), self._choose)
        self.stop = menu.addAction(_("Watch no folder"), self._unwatch)
        menu.addSeparator()
        self.protected = menu.addAction(_("Show what is protected"))
        self.protected.setCheckable(True)
        self.protected.toggled.connect(lambda shown: self._flow.show_protected(shown=shown))
        self.again = menu.addAction(_("Show again what was kept or ignored"), self._flow.forget)
        return menu

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(texts.LEFTOVERS, "title"))
        words.addWidget(self.coverage)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addLayout(words, 1)
        head.addWidget(self.filter)
        head.addWidget(self.more)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._with_groups())
        splitter.addWidget(self.diff)
        splitter.setSizes([380, 300])
        for part in (self._empty, self._nothing, splitter):
            self._middle.addWidget(part)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.reason, 1)
        for one in self._buttons:
            foot.addWidget(one)
        lay_out(self, head, self.notice, self._middle, foot)

    def _with_groups(self) -> QWidget:
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.groups)
        column.addWidget(self.table, 1)
        return upper

    def _fill_menu(self, menu: QMenu) -> None:
        for one in (self.restore_button, self.keep_button, self.ignore_button):
            menu.addAction(one.text(), one.click).setEnabled(one.isEnabled())

    def _question(self, text: str, means: str) -> QMessageBox:
        box = QMessageBox(self)
        box.setTextFormat(Qt.TextFormat.PlainText)  # a name may look like markup
        box.setWindowTitle(texts.TITLE)
        box.setText(text)
        box.setInformativeText(means)
        box.finished.connect(box.deleteLater)
        return box

    def _connect(self) -> None:
        flow = self._flow
        flow.began.connect(self._begin)
        flow.found.connect(self._take)
        flow.gone.connect(self._forget)
        flow.covered.connect(self._show_coverage)
        flow.compared.connect(self._show_compared)
        flow.trashed.connect(self._say_trashed)
        flow.cleared.connect(lambda answer, undo: self.notice.say(leftover_texts.cleared(answer, undo=undo)))
        flow.forgotten.connect(lambda number: self.notice.say(leftover_texts.told_again(number)))
        flow.trouble.connect(self._say_trouble)
        self.model.counted.connect(self._show_numbers)
        self.groups.chosen.connect(self.model.show_group)
        self.filter.textChanged.connect(self.model.filter)
        self.table.selectionModel().currentRowChanged.connect(self._choose_row)
        self._times = QTimer(self, interval=_TIMES_MS)
        self._times.timeout.connect(self.model.refresh_times)
        self._times.start()

    # following the flow

    def _begin(self) -> None:
        self.model.clear()
        self.protected.setChecked(False)
        self.coverage.setText(leftover_texts.SCANNING if self._flow.roots else leftover_texts.NOT_WATCHING)
        self._show_middle()

    def _take(self, found: list[Leftover]) -> None:
        self.model.put(found)
        self._show_middle()
        if not self.table.selectionModel().hasSelection():  # a focused table has a current row without selecting it
            select_row(self.table, 0)
        elif (current := self.table.current()) in found:
            self._show(current)

    def _forget(self, paths: list[str]) -> None:
        self.model.remove(paths)
        self._show_middle()

    def _choose_row(self, current: QModelIndex, previous: QModelIndex) -> None:
        self._show(self.model.at(current.row()) if current.isValid() else None)

    def _show(self, one: Leftover | None) -> None:
        self.restore_button.setEnabled(one is not None and leftover_texts.is_restorable(one))
        for each in (self.keep_button, self.ignore_button):
            each.setEnabled(one is not None and leftover_texts.is_for_a_person(one))
        self.reason.setText(leftover_texts.tip(one) if one else "")
        if one is None:
            self.diff.show_nothing(leftover_texts.CHOOSE_LEFTOVER)
        else:
            self._flow.compare(one)

    def _show_compared(self, one: Leftover, rows: list[DiffRow], summary: DiffSummary) -> None:
        if one == self.table.current():
            name = texts.shown(os.path.basename(one.path))
            if one.same is not None:
                name = f"{texts.shown(one.original)} ↔ {name}"
            self.diff.show_pair(name, rows, summary, leftover_texts.compared(one))

    def _show_numbers(self) -> None:
        self.groups.show_numbers(self.model.in_group)
        total = self.model.total
        self.clear_button.setText(leftover_texts.clear_button(total.files, total.bytes))
        self.clear_button.setEnabled(total.files > 0)

    def _show_coverage(self, coverage: Coverage) -> None:
        self.coverage.setText(leftover_texts.coverage(coverage, len(self._flow.roots)))

    def _say_trashed(self, paths: list[str], failed: list[Json]) -> None:
        self.notice.say(leftover_texts.trashed(len(paths), [(one["path"], one["code"]) for one in failed]))

    def _say_trouble(self, code: str, values: Json) -> None:
        self.notice.say(texts.trouble(code, str(values.get("reason", ""))))

    def _show_middle(self) -> None:
        page = 0 if not self._flow.roots else 2 if self.model.known else 1
        self._middle.setCurrentIndex(page)
        self.stop.setEnabled(bool(self._flow.roots))
        self.more.setVisible(page > 0)
        for one in (*self._buttons, self.reason, self.filter):
            one.setVisible(page == 2)

    # asking

    def _choose(self) -> None:
        self._chooser.folder(self, _("Choose a folder to look for leftovers in"), self._flow.watch)

    def _unwatch(self) -> None:
        for root in list(self._flow.roots):
            self._flow.unwatch(root)
