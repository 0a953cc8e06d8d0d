"""The table of files: keyboard, ticks and the menu on a row."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QTableView

from app import texts
from app.models.columns import Column
from app.models.files import FilesModel
from app.models.ticks import is_tickable
from app.theme.theme import Theme
from app.values import Change
from app.window.delegates import FilesDelegate
from app.window.dropping import local_paths
from app.window.tables import Words, dress, selected_rows
from app.words import _

_Index = QModelIndex | QPersistentModelIndex
_WIDTHS = {Column.ACTION: 108, Column.MATCHES: 84, Column.SIZE: 96, Column.STATUS: 180}


class FilesTable(QTableView):
    """Shows a `FilesModel`. `current` (change or None) when another row becomes the current one.

    `dropped` (change, path) when a file is dropped on a row, to be its new content.
    """

    current = Signal(object)
    dropped = Signal(object, object)

    def __init__(self, model: FilesModel, theme: Theme, menu: Callable[[QMenu, Change], None]) -> None:
        super().__init__()
        self._files, self._fill = model, menu
        self.setModel(model)
        self.setItemDelegate(FilesDelegate(theme, self))
        words: Words = {Column.ACTION: texts.ACTIONS.values()}
        dress(self, {int(column): width for column, width in _WIDTHS.items()}, Column.FILE, words)
        self.setAccessibleName(_("Files that will change"))
        self.setAcceptDrops(True)
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorClearable(True)

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
