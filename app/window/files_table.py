"""The table of files: keyboard, ticks and the menu on a row."""

from __future__ import annotations

from collections.abc import Callable

from app.models.files import Column, FilesModel
from app.theme.theme import Theme
from app.theme.tokens import HEADER_HEIGHT, ROW_HEIGHT
from app.values import Change
from app.window.delegates import FilesDelegate
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

_WIDTHS = {Column.ACTION: 120, Column.MATCHES: 92, Column.SIZE: 100, Column.STATUS: 210}


def dress(table: QTableView, widths: dict[int, int], stretched: int) -> None:
    """Give a table the rows, the header and the manners that all tables here have."""
    rows = table.verticalHeader()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(ROW_HEIGHT)
    rows.hide()
    header = table.horizontalHeader()
    header.setFixedHeight(HEADER_HEIGHT)
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
    for column, width in widths.items():
        table.setColumnWidth(column, width)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setCornerButtonEnabled(False)
    table.setTabKeyNavigation(False)
    table.setMouseTracking(True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)


class FilesTable(QTableView):
    """Shows a `FilesModel`. `current` (change or None) when another row becomes the current one."""

    current = Signal(object)

    def __init__(self, model: FilesModel, theme: Theme, menu: Callable[[QMenu, Change], None]) -> None:
        super().__init__()
        self._files, self._fill = model, menu
        self.setModel(model)
        self.setItemDelegate(FilesDelegate(theme, self))
        dress(self, {int(column): width for column, width in _WIDTHS.items()}, Column.FILE)
        self.setAccessibleName("Files that will change")
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorClearable(True)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        if current.row() != previous.row() or not previous.isValid():
            self.current.emit(self._files.change_at(current.row()) if current.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Space ticks all selected rows, Ctrl+A ticks everything that is shown."""
        if event.key() == Qt.Key.Key_Space:
            self._tick_selected()
        elif event.key() == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._files.tick_shown()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
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

    def _tick_selected(self) -> None:
        # Ranges, not indexes: with a hundred thousand selected rows the list of indexes takes a second.
        rows = {
            row for span in self.selectionModel().selection() for row in range(span.top(), span.bottom() + 1)
        }
        changes = [change for row in sorted(rows) if (change := self._files.change_at(row)) and change.index >= 0]
        if changes:
            ticked = not all(self._files.is_ticked(change) for change in changes)
            self._files.tick([change.path for change in changes], ticked=ticked)
