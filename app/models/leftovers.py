"""Leftovers as rows of a table, sorted and filtered in the model."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app import kind_texts, leftover_texts, texts
from app.values import Leftover
from app.window_texts import tip

_Index = QModelIndex | QPersistentModelIndex

LEFTOVER_ROLE = int(Qt.ItemDataRole.UserRole)


class Column(IntEnum):
    """Columns, from the start of the line to its end."""

    FILE = 0
    MADE_BY = 1
    ORIGINAL = 2
    COMPARED = 3
    AGE = 4
    SIZE = 5
    ADVICE = 6


_SORT_KEYS: dict[Column, Callable[[Leftover], object]] = {
    Column.FILE: lambda one: (os.path.basename(one.path).casefold(), one.path),
    Column.MADE_BY: lambda one: (kind_texts.told(one.made_by), one.path),
    Column.ORIGINAL: lambda one: (one.original, one.path),
    Column.COMPARED: lambda one: (leftover_texts.compared(one), one.path),
    Column.AGE: lambda one: -one.mtime,
    Column.SIZE: lambda one: one.size,
    Column.ADVICE: lambda one: (one.advice, one.path),
}


class LeftoversModel(QAbstractTableModel):
    """Rows by path: what is found again takes the place of what was known."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Leftover] = []
        self._order: tuple[Column, Qt.SortOrder] = (Column.FILE, Qt.SortOrder.AscendingOrder)

    def clear(self) -> None:
        """Forget all rows."""
        self.beginResetModel()
        self._rows = []
        self.endResetModel()

    def put(self, found: list[Leftover]) -> None:
        """Add leftovers, or renew what is known of them; then sort."""
        fresh = {one.path: one for one in found}
        for row, one in enumerate(self._rows):
            if one.path in fresh:
                self._rows[row] = fresh.pop(one.path)
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))
        if fresh:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
            self._rows += fresh.values()
            self.endInsertRows()
        self._arrange()

    def remove(self, paths: list[str]) -> None:
        """Forget leftovers that are gone."""
        gone = set(paths)
        for row in range(len(self._rows) - 1, -1, -1):
            if self._rows[row].path in gone:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._rows[row]
                self.endRemoveRows()

    def refresh_ages(self) -> None:
        """Let ages be read again."""
        if self._rows:
            self.dataChanged.emit(self.index(0, Column.AGE), self.index(len(self._rows) - 1, Column.AGE))

    def at(self, row: int) -> Leftover | None:
        """Return the leftover in a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, path: str) -> int:
        """Return the row of a path, -1 when it is not there."""
        return next((row for row, one in enumerate(self._rows) if one.path == path), -1)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._order = (Column(max(0, column)), order)
        self._arrange()

    # what the table asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return leftover_texts.LEFTOVER_COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self._rows[index.row()]
        if role == LEFTOVER_ROLE:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(one, Column(index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(leftover_texts.reason(one) if index.column() == Column.ADVICE else texts.shown(one.path))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = texts.shown(one.path) if index.column() == Column.FILE else self._text(one, Column(index.column()))
            return f"{leftover_texts.LEFTOVER_COLUMNS[index.column()]}: {text}"
        return None

    def _text(self, one: Leftover, column: Column) -> str:
        match column:
            case Column.FILE:
                return texts.shown(os.path.basename(one.path))
            case Column.MADE_BY:
                return kind_texts.told(one.made_by)
            case Column.ORIGINAL:
                return texts.shown(os.path.basename(one.original)) if one.original else "–"
            case Column.COMPARED:
                return leftover_texts.compared(one)
            case Column.AGE:
                return texts.age(max(0.0, time.time() - one.mtime))
            case Column.SIZE:
                return texts.size(one.size)
            case Column.ADVICE:
                return leftover_texts.advice(one)

    def _arrange(self) -> None:
        """Sort; selection and current row stay with their leftovers."""
        self.layoutAboutToBeChanged.emit()
        kept = [(index, self._rows[index.row()].path) for index in self.persistentIndexList()]
        column, order = self._order
        self._rows.sort(key=_SORT_KEYS[column], reverse=order is Qt.SortOrder.DescendingOrder)  # type: ignore[arg-type]
        places = {one.path: row for row, one in enumerate(self._rows)} if kept else {}
        self.changePersistentIndexList(
            [old for old, _ in kept], [self.index(places[path], old.column()) for old, path in kept]
        )
        self.layoutChanged.emit()
