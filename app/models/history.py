"""Batches of the past, and the files of one, as rows of tables."""

from __future__ import annotations

import os
import time
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app import history_page_texts, history_texts, short_texts, texts
from app.words import _, number
from core.history import Drift, Entry, FileEntry

_Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Column(IntEnum):
    """Columns of the table of batches."""

    NAME = 0
    WHEN = 1
    FILES = 2
    STATE = 3
    UNTIL = 4
    SPACE = 5


class FileColumn(IntEnum):
    """Columns of the table of a batch's files."""

    FILE = 0
    DEED = 1
    SINCE = 2


class EntriesModel(QAbstractTableModel):
    """All batches, newest first; a filter looks at names and states."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []
        self._shown: list[Entry] = []
        self._filter = ""

    def put(self, entries: list[Entry]) -> None:
        """Show these; what is the same as before is not disturbed, nor whoever is about to push a button about it."""
        if entries == self._entries:
            return
        self.beginResetModel()
        self._entries = entries
        self._arrange()
        self.endResetModel()

    def filter(self, text: str) -> None:
        """Show only batches that hold a text."""
        self.beginResetModel()
        self._filter = text.casefold()
        self._arrange()
        self.endResetModel()

    def at(self, row: int) -> Entry | None:
        """Return the batch in a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, txn: str) -> int:
        """Return the row of a batch, -1 where it is not shown."""
        return next((row for row, one in enumerate(self._shown) if one.txn == txn), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return history_page_texts.COLUMNS[section]
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and section == Column.FILES else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one, column = self._shown[index.row()], Column(index.column())
        if role == ROW_ROLE:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(one, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{history_page_texts.COLUMNS[column]}: {self._text(one, column)}"
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.FILES:
            return _RIGHT
        return None

    def _arrange(self) -> None:
        self._shown = [one for one in self._entries if self._matches(one)]

    def _matches(self, one: Entry) -> bool:
        words = f"{one.name}\n{history_texts.STATES[one.state]}".casefold()
        return self._filter in words

    @staticmethod
    def _text(one: Entry, column: Column) -> str:
        match column:
            case Column.NAME:
                name = short_texts.in_a_line(one.name) or _("A batch without a name")
                return _("Undo of {name}", name=name) if one.undoes else name
            case Column.WHEN:
                return history_page_texts.when(one.started, time.time())
            case Column.FILES:
                return number(one.files)
            case Column.STATE:
                return history_texts.STATES[one.state]
            case Column.UNTIL:
                return history_page_texts.until(one, time.time())
            case Column.SPACE:
                return texts.size(one.held) if one.held else ""


class FileEntriesModel(QAbstractTableModel):
    """The files of one batch, and what became of them since."""

    def __init__(self) -> None:
        super().__init__()
        self._files: list[FileEntry] = []
        self._calm = history_page_texts.LOOKING
        self._drifts: dict[str, str] = {}

    def put(self, files: list[FileEntry], calm: str) -> None:
        """Show these; `calm` is said of a file of which nothing else is known."""
        self.beginResetModel()
        self._files, self._drifts, self._calm = files, {}, calm
        self.endResetModel()

    def know(self, drifts: dict[str, str]) -> None:
        """Say what became of files since."""
        self.beginResetModel()
        self._drifts, self._calm = drifts, history_page_texts.UNCHANGED
        self.endResetModel()

    def at(self, row: int) -> FileEntry | None:
        """Return the file in a row."""
        return self._files[row] if 0 <= row < len(self._files) else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._files)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(FileColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return history_page_texts.FILE_COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one, column = self._files[index.row()], FileColumn(index.column())
        if role == ROW_ROLE:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(one, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = texts.shown(one.to or one.path) if column is FileColumn.FILE else self._text(one, column)
            return f"{history_page_texts.FILE_COLUMNS[column]}: {words}"
        return None

    def _text(self, one: FileEntry, column: FileColumn) -> str:
        match column:
            case FileColumn.FILE:
                return texts.shown(os.path.basename(one.to or one.path))
            case FileColumn.DEED:
                return history_texts.DEEDS[one.deed]
            case FileColumn.SINCE:
                drift = self._drifts.get(one.to or one.path)
                return history_texts.DRIFTS[Drift(drift)] if drift else self._calm
