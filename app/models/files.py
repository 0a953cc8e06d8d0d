"""The files of a batch as rows of a table, with its own sorting and filtering.

No proxy model: sorting a hundred thousand rows through one takes minutes, in the model it takes a quarter of a second.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from app import texts
from app.models import words
from app.models.arranging import places, steps
from app.models.columns import SORT_KEYS, UNSORTED, Column
from app.models.remarks import Remarks
from app.models.stepping import Stepper
from app.models.ticks import Ticks, Totals, is_tickable
from app.values import Change, Figures
from app.window_texts import tip
from core.errors import Problem

_Index = QModelIndex | QPersistentModelIndex

CHANGE_ROLE = int(Qt.ItemDataRole.UserRole)
PROBLEM_ROLE = CHANGE_ROLE + 1
NOTE_ROLE = CHANGE_ROLE + 2


_FIGURES = (Column.MATCHES, Column.LINES, Column.SIZE)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_AT_ONCE = 4_000  # rows that are arranged without a pause


class FilesModel(QAbstractTableModel):
    """Changes, and the problems that stand on them. `arranged` after a filter or an order is in force."""

    ticks_changed = Signal()
    arranged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changes: list[Change] = []
        self._shown: list[Change] = []
        self._ticks = Ticks()
        self.remarks = Remarks()
        self._filter, self._shown_tickable = "", 0
        self._order: tuple[Column, Qt.SortOrder] | None = None
        self._arranging = Stepper(self._show, self)
        self.is_locked = False
        self._is_applied = False

    # filling

    def clear(self) -> None:
        """Forget all rows; ticks stay."""
        self.beginResetModel()
        self._arranging.stop()
        self._is_applied = False
        self._ticks.clear()
        self.remarks = Remarks()
        self._changes, self._shown, self._shown_tickable = [], [], 0
        self.endResetModel()

    def append(self, changes: list[Change]) -> None:
        """Add rows at the end; `settle` sorts them."""
        self._changes += changes
        self._ticks.know(changes)
        wanted = [change for change in changes if self._matches_and_counts(change)] if self._filter else changes
        if wanted:
            first = len(self._shown)
            self.beginInsertRows(QModelIndex(), first, first + len(wanted) - 1)
            self._shown += wanted
            self.endInsertRows()

    def set_problems(self, problems: list[Problem]) -> None:
        """Say which rows have a problem; problems without a row become rows of their own."""
        if not problems and not self.remarks.problems:
            return
        self.beginResetModel()
        self.remarks.put_problems(problems)
        moved = {change.to for change in self._changes if change.to}
        alone = [
            Change(-1, -1 if found.operation is None else found.operation, "problem", "file", path, "", None, None, 0)
            for path, found in self.remarks.problems.items()
            if not self._ticks.knows(path) and path not in moved
        ]
        self._changes = alone + self._changes
        self._shown = [one for one in alone if self._matches(one)] + self._shown
        self.endResetModel()

    def set_notes(self, notes: list[Problem]) -> None:
        """Say what is worth knowing of rows."""
        self.remarks.put_notes(notes)
        self._changed(Column.STATUS)

    def set_figures(self, figures: dict[int, Figures | None]) -> None:
        """Say what changes come to, by their indices."""
        self.remarks.put_figures(figures)
        self._changed(Column.LINES, Column.FORMAT)

    def mark_applied(self) -> None:
        """Say of every ticked row that it has been applied."""
        self._is_applied = True
        self._changed(Column.STATUS)

    def _changed(self, first: Column, last: Column | None = None) -> None:
        """Let views show columns of all rows again."""
        if self._shown:
            end = self.index(len(self._shown) - 1, first if last is None else last)
            self.dataChanged.emit(self.index(0, first), end)

    def settle(self) -> None:
        """Sort again, after rows were added."""
        if self._order is not None:
            self._arrange()

    # asking

    @property
    def is_applied(self) -> bool:
        """Whether what was ticked has been applied."""
        return self._is_applied

    @property
    def changes(self) -> list[Change]:
        """All changes, in the order of the plan."""
        return self._changes

    @property
    def totals(self) -> Totals:
        """What the ticked changes come to."""
        return self._ticks.totals()

    def without(self) -> list[int]:
        """Return the indices of changes that are not ticked."""
        return self._ticks.without()

    def ticked(self) -> list[Change]:
        """Return the changes that will be applied."""
        return self._ticks.ticked()

    def change_at(self, row: int) -> Change | None:
        """Return the change in a visible row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, path: str) -> int:
        """Return the visible row of a path, -1 when it is not shown."""
        known = self._ticks.change(path)
        if known is None:
            return next((row for row, one in enumerate(self._shown) if one.path == path), -1)
        with contextlib.suppress(ValueError):
            return self._shown.index(known)
        return -1

    def note_of(self, change: Change) -> Problem | None:
        """Return what is worth knowing of a row, while it is ready to be applied."""
        is_ready = self.is_ticked(change) and not self._is_applied
        return self.remarks.note(change) if is_ready else None

    # what the table asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return texts.FILE_COLUMNS[section]
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and section in _FIGURES else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        change = self._shown[index.row()]
        if role == CHANGE_ROLE:
            return change
        if role in (PROBLEM_ROLE, NOTE_ROLE):
            return self.remarks.problem(change) if role == PROBLEM_ROLE else self.note_of(change)
        if role == Qt.ItemDataRole.DisplayRole:
            return words.cell(self, change, Column(index.column()))
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == Column.FILE:
            return Qt.CheckState.Checked if self.is_ticked(change) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(words.tip(self, change))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _FIGURES:
            return _RIGHT
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return words.spoken(self, change, Column(index.column()))
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == Column.FILE else flags

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != Column.FILE:
            return False
        change = self._shown[index.row()]
        if not is_tickable(change):
            return False
        self.tick([change.path], ticked=Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def tick(self, paths: Collection[str], *, ticked: bool) -> None:
        """Tick or untick files; nothing happens while the batch runs."""
        if self.is_locked:
            return
        self._ticks.tick(paths, ticked=ticked)
        self._changed(Column.FILE)
        self.ticks_changed.emit()

    def is_ticked(self, change: Change) -> bool:
        """Whether a change will be applied."""
        return self._ticks.is_ticked(change)

    def tick_shown(self) -> None:
        """Tick everything that is shown, or untick it when all of it is ticked."""
        if not self._filter:  # which spares looking at every row
            self.tick(self._ticks.paths, ticked=self._ticks.some_are_out)
            return
        shown = [change.path for change in self._shown if is_tickable(change)]
        if shown:
            self.tick(shown, ticked=not self._ticks.unticked.isdisjoint(shown))

    @property
    def hidden(self) -> int:
        """How many ticked changes the filter hides: they will be applied all the same."""
        if not self._filter:
            return 0
        out = self._ticks.out_among(self._shown, self._matches)
        return self.totals.files - (self._shown_tickable - out)

    def unticked(self) -> list[str]:
        """Return the paths that are not ticked."""
        return sorted(self._ticks.unticked)

    def untick_again(self, paths: list[str]) -> None:
        """Untick what was not ticked in another session, before anything is shown."""
        self._ticks.unticked = set(paths)

    def forget_ticks(self) -> None:
        """Tick everything again."""
        self._ticks.tick(list(self._ticks.unticked), ticked=True)

    # arranging

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order of the plan. `arranged` follows."""
        if column in UNSORTED:
            return
        self._order = None if column < 0 else (Column(column), order)
        self._arrange()

    def filter(self, text: str) -> None:
        """Show only files whose path holds a text, whatever its case. `arranged` follows."""
        self._filter = text.casefold()
        self._arrange()

    def _arrange(self) -> None:
        """Begin to filter and sort; what is shown stays until that is done."""
        key, order = None, Qt.SortOrder.AscendingOrder
        if self._order is not None:
            key, order = SORT_KEYS[self._order[0]], self._order[1]
        wanted = self._matches_and_counts if self._filter else None
        self._shown_tickable = 0
        found = steps(self._changes, wanted, key, reverse=order is Qt.SortOrder.DescendingOrder)
        self._arranging.begin(found, at_once=len(self._changes) <= _AT_ONCE)

    def _show(self, shown: list[Change]) -> None:
        """Show these rows; selection and current row stay with their files."""
        self.layoutAboutToBeChanged.emit()
        kept = [(index, self._shown[index.row()]) for index in self.persistentIndexList()]
        self._shown = shown
        rows = places(shown, list({id(one): one for _, one in kept}.values()))
        new = [self.index(rows[id(one)], old.column()) if id(one) in rows else QModelIndex() for old, one in kept]
        self.changePersistentIndexList([old for old, _ in kept], new)
        self.layoutChanged.emit()
        if len(self._changes) > _AT_ONCE:
            QTimer.singleShot(0, self, self.arranged.emit)  # the view paints first
        else:
            self.arranged.emit()

    def _matches_and_counts(self, change: Change) -> bool:
        if not self._matches(change):
            return False
        self._shown_tickable += is_tickable(change)
        return True

    def _matches(self, change: Change) -> bool:
        return not self._filter or self._filter in change.path.casefold() or self._filter in change.to.casefold()
