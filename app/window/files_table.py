"""The table of files: keyboard, ticks and the menu on a row."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QTableView

from app import texts, window_texts
from app.models.columns import UNSORTED, Column
from app.models.files import FilesModel
from app.models.ticks import is_tickable
from app.theme.theme import Theme
from app.values import Change
from app.window.delegates import FilesDelegate
from app.window.dropping import local_paths
from app.window.tables import Words, dress, selected_rows
from app.words import _

_Index = QModelIndex | QPersistentModelIndex
_WIDTHS = {
    Column.ACTION: 108,
    Column.MATCHES: 84,
    Column.LINES: 96,
    Column.FORMAT: 116,
    Column.SIZE: 96,
    Column.STATUS: 180,
}
_FILE_AT_LEAST = 210  # or else columns are left out, these first
_LEFT_OUT_FIRST = (Column.FORMAT, Column.SIZE, Column.LINES)
_SETTLE_MS = 60


class FilesTable(QTableView):
    """Shows a `FilesModel`. `current` (change or None) when another row becomes the current one.

    `dropped` (change, path) when a file is dropped on a row, to be its new content. `in_sight` when other rows may be.
    """

    current = Signal(object)
    dropped = Signal(object, object)
    in_sight = Signal()

    def __init__(self, model: FilesModel, theme: Theme, menu: Callable[[QMenu, Change], None]) -> None:
        super().__init__()
        self._files, self._fill = model, menu
        self.setModel(model)
        self.setItemDelegate(FilesDelegate(theme, self))
        usual = window_texts.text_format("cp1252", "crlf")
        words: Words = {Column.ACTION: texts.ACTIONS.values(), Column.FORMAT: [usual]}
        dress(self, {int(column): width for column, width in _WIDTHS.items()}, Column.FILE, words)
        self._widths = {column: self.columnWidth(column) for column in _WIDTHS}
        self.setAccessibleName(_("Files that will change"))
        self.setAcceptDrops(True)
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self._sorted = -1, Qt.SortOrder.AscendingOrder
        self.horizontalHeader().sortIndicatorChanged.connect(self._keep_order)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settling.timeout.connect(self.in_sight)
        for moved in (model.rowsInserted, model.layoutChanged, model.modelReset, self.verticalScrollBar().valueChanged):
            moved.connect(self._settle)

    def rows_in_sight(self) -> list[Change]:
        """Return the changes that can be seen, from the top."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        end = self._files.rowCount() - 1 if last < 0 else last
        rows = range(max(first, 0), end + 1)
        return [change for row in rows if (change := self._files.change_at(row)) is not None]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out columns where a file's name would have no room beside them."""
        super().resizeEvent(event)
        self._settle()
        room = self.viewport().width() - sum(self._widths.values())
        for column in _LEFT_OUT_FIRST:
            is_out = room < _FILE_AT_LEAST
            room += self._widths[column] if is_out else 0
            self.setColumnHidden(column, is_out)

    def _settle(self, *_: object) -> None:
        """Other rows are in sight; more may be in a moment. How far was scrolled is not for `start`."""
        self._settling.start()

    def _keep_order(self, column: int, order: Qt.SortOrder) -> None:
        """Leave the arrow where it was, where a column is no order."""
        if column in UNSORTED:
            self.horizontalHeader().setSortIndicator(*self._sorted)
        else:
            self._sorted = column, order

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        if current.row() != previous.row() or not previous.isValid():
            self.current.emit(self._files.change_at(current.row()) if current.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks all selected rows, Ctrl+A ticks everything that is shown."""
        if event.key() == Qt.Key.Key_Space:
            self._tick_selected()
        elif event.key() == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._files.tick_shown()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        change = self._files.change_at(self.currentIndex().row())
        if change is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, change)
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        menu.popup(place)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take one file over a row; everything else is for the page."""
        row = self.rowAt(event.position().toPoint().y())
        if len(local_paths(event.mimeData())) == 1 and row >= 0 and not self._files.is_locked:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        change = self._files.change_at(self.rowAt(event.position().toPoint().y()))
        paths = local_paths(event.mimeData())
        if change is None or len(paths) != 1 or self._files.is_locked:
            event.ignore()
            return
        event.acceptProposedAction()
        self.dropped.emit(change, paths[0])

    def _tick_selected(self) -> None:
        changes = [change for row in selected_rows(self) if (change := self._files.change_at(row)) is not None]
        changes = [change for change in changes if is_tickable(change)]
        if changes:
            ticked = not all(self._files.is_ticked(change) for change in changes)
            self._files.tick([change.path for change in changes], ticked=ticked)
