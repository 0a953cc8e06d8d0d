"""The table of leftovers: keyboard, ticks and the menu on a row."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QTableView

from app import leftover_texts
from app.models.leftover_columns import Column
from app.models.leftovers import LeftoversModel
from app.theme.theme import Theme
from app.values import Leftover
from app.window.leftover_rows import LeftoversDelegate
from app.window.tables import Words, dress, selected_rows
from app.words import _

_WIDTHS = {
    Column.MADE_BY: 160,
    Column.ORIGINAL: 130,
    Column.STATE: 140,
    Column.AGE: 104,
    Column.SIZE: 96,
    Column.ADVICE: 176,
}


class LeftoversTable(QTableView):
    """Shows a `LeftoversModel`. `menu` fills the menu on the rows that are selected."""

    def __init__(self, model: LeftoversModel, theme: Theme, menu: Callable[[QMenu], None]) -> None:
        super().__init__()
        self._leftovers, self._fill = model, menu
        self.setModel(model)
        self.setItemDelegate(LeftoversDelegate(theme, self))
        words: Words = {Column.ADVICE: leftover_texts.ADVICE.values()}
        dress(self, {int(column): width for column, width in _WIDTHS.items()}, Column.FILE, words)
        self.setAccessibleName(_("Leftovers"))
        self.setSortingEnabled(True)
        self.sortByColumn(Column.ADVICE, Qt.SortOrder.AscendingOrder)

    def chosen(self) -> list[Leftover]:
        """Return the leftovers of the selected rows."""
        return [one for row in selected_rows(self) if (one := self._leftovers.at(row)) is not None]

    def current(self) -> Leftover | None:
        """Return the leftover of the current row."""
        index = self.currentIndex()
        return self._leftovers.at(index.row()) if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks the selected rows, Ctrl+A ticks everything that is shown."""
        if event.key() == Qt.Key.Key_Space:
            some = [one for one in self.chosen() if leftover_texts.is_clearable(one)]
            self._leftovers.tick(some, ticked=not all(map(self._leftovers.is_ticked, some)))
        elif event.key() == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._leftovers.tick_shown()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.current() is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu)
        place = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        menu.popup(place)
