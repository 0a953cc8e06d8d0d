"""Leftovers as rows of a table, sorted and filtered in the model, in steps: there may be a hundred thousand of them."""

from __future__ import annotations

from collections.abc import Generator

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from app import leftover_texts, texts
from app.models.arranging import steps
from app.models.leftover_columns import SORT_KEYS, Column, cell
from app.models.leftover_ticks import LeftoverTicks, Sum
from app.models.stepping import Stepper
from app.values import Leftover
from app.window_texts import tip

_Index = QModelIndex | QPersistentModelIndex

LEFTOVER_ROLE = int(Qt.ItemDataRole.UserRole)
_Arranged = tuple[list[Leftover], dict[str, int]]
_AT_ONCE = 4_000  # rows that are arranged without a pause
_ONE_BY_ONE = 20  # rows that are taken out singly
_GATHER_MS = 200  # what a watch tells within this is arranged together


class LeftoversModel(QAbstractTableModel):
    """Rows by path: what is found again takes the place of what was known.

    `counted` after other numbers of leftovers or ticks; `arranged` after a filter or an order is in force.
    """

    counted = Signal()
    arranged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[str, Leftover] = {}
        self._shown: list[Leftover] = []
        self._rows: dict[str, int] = {}  # of what is shown; looked up anew after rows were taken out
        self._ticks = LeftoverTicks()
        self._order: tuple[Column, Qt.SortOrder] = (Column.FILE, Qt.SortOrder.AscendingOrder)
        self._group = self._filter = ""
        self._stepper = Stepper(self._take, self)
        self._late: dict[str, None] = {}  # what has come since the steps began
        self._has_gone = False  # whether something has gone since then that is still in sight
        self._gather = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gather.timeout.connect(self._arrange)

    # filling

    def clear(self) -> None:
        """Forget all rows."""
        self.beginResetModel()
        self._stepper.stop()
        self._gather.stop()
        self._ticks.clear()
        self._known, self._shown, self._rows, self._has_gone = {}, [], {}, False
        self.endResetModel()
        self.counted.emit()

    def put(self, found: list[Leftover]) -> None:
        """Add leftovers, or renew what is known of them; they are sorted a moment later."""
        fresh: list[Leftover] = []
        renewed: list[int] = []
        for one in found:
            self._ticks.take(self._known.get(one.path), one)
            self._known[one.path] = one
            row = self._rows.get(one.path)
            if row is not None:
                self._shown[row] = one
                renewed.append(row)
            elif self._matches(one):
                fresh.append(one)
        if renewed:
            self.dataChanged.emit(self.index(min(renewed), 0), self.index(max(renewed), len(Column) - 1))
        self._append(fresh)
        if self._stepper.is_running:
            self._late.update((one.path, None) for one in found)
        self._arrange_soon()
        self.counted.emit()

    def _arrange_soon(self) -> None:
        if len(self._shown) <= _AT_ONCE:
            self._arrange()
        elif not self._gather.isActive():
            self._gather.start()

    def _append(self, fresh: list[Leftover]) -> None:
        if fresh:
            first = len(self._shown)
            self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
            self._shown += fresh
            self._rows.update((one.path, row) for row, one in enumerate(fresh, first))
            self.endInsertRows()

    def remove(self, paths: list[str]) -> None:
        """Forget leftovers that are gone; many of them are taken out of sight step by step."""
        for path in paths:
            old = self._known.pop(path, None)
            if old is not None:
                self._ticks.take(old, None)
        rows = sorted((self._rows[path] for path in paths if path in self._rows), reverse=True)
        self._has_gone = self._has_gone or bool(rows)
        if len(rows) > _ONE_BY_ONE or len(self._shown) > _AT_ONCE:
            self._arrange_soon()
        elif rows:
            for row in rows:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._shown[row]
                self.endRemoveRows()
            self._rows = {one.path: row for row, one in enumerate(self._shown)}
        self.counted.emit()

    def refresh_times(self) -> None:
        """Let ages and what is left of waiting be read again."""
        if self._shown:
            self.dataChanged.emit(self.index(0, Column.AGE), self.index(len(self._shown) - 1, Column.ADVICE))

    # asking

    def at(self, row: int) -> Leftover | None:
        """Return the leftover in a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, path: str) -> int:
        """Return the row of a path, -1 when it is not shown."""
        return self._rows.get(path, -1)

    @property
    def known(self) -> int:
        """How many there are, shown or not."""
        return len(self._known)

    def in_group(self, group: str) -> int:
        """Count those of a group; "" for all."""
        return self._ticks.groups[group] if group else len(self._known)

    @property
    def total(self) -> Sum:
        """What the ticked ones come to."""
        return self._ticks.total()

    def ticked(self) -> list[Leftover]:
        """Return the ticked ones, shown or not."""
        return [one for one in self._known.values() if self._ticks.is_ticked(one)]

    # ticking, sorting, filtering

    def tick(self, leftovers: list[Leftover], *, ticked: bool) -> None:
        """Tick or untick some."""
        self._ticks.choose(leftovers, ticked=ticked)
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, 0))
        self.counted.emit()

    def tick_shown(self) -> None:
        """Tick all that are shown and may be cleared; untick them where all are ticked."""
        some = [one for one in self._shown if leftover_texts.is_clearable(one)]
        self.tick(some, ticked=not all(map(self._ticks.is_ticked, some)))

    def is_ticked(self, one: Leftover) -> bool:
        """Whether one will be cleared."""
        return self._ticks.is_ticked(one)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._order = (Column(max(0, column)), order)
        self._arrange()

    def show_group(self, group: str) -> None:
        """Show only those of a group; "" for all."""
        self._group = group
        self._arrange()

    def filter(self, text: str) -> None:
        """Show only those whose path holds a text, whatever its case."""
        self._filter = text.casefold()
        self._arrange()

    # what the table asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return leftover_texts.LEFTOVER_COLUMNS[section]
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        is_tick = index.column() == Column.FILE and leftover_texts.is_clearable(self._shown[index.row()])
        return flags | Qt.ItemFlag.ItemIsUserCheckable if is_tick else flags

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != Column.FILE:
            return False
        self.tick([self._shown[index.row()]], ticked=Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one, column = self._shown[index.row()], Column(index.column())
        if role == LEFTOVER_ROLE:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return cell(one, column)
        if role == Qt.ItemDataRole.CheckStateRole and column is Column.FILE and leftover_texts.is_clearable(one):
            return Qt.CheckState.Checked if self._ticks.is_ticked(one) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            text = leftover_texts.tip(one) if column in (Column.ADVICE, Column.MADE_BY) else texts.shown(one.path)
            return tip(text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = texts.shown(one.path) if column is Column.FILE else cell(one, column)
            return f"{leftover_texts.LEFTOVER_COLUMNS[column]}: {text}"
        return None

    # arranging

    def _matches(self, one: Leftover) -> bool:
        return (not self._group or one.advice == self._group) and (
            not self._filter or self._filter in one.path.casefold()
        )

    def _arrange(self) -> None:
        """Begin to filter and sort; what is shown stays until that is done."""
        self._late.clear()
        self._has_gone = False
        at_once = max(len(self._known), len(self._shown)) <= _AT_ONCE
        self._stepper.begin(self._arranging(), at_once=at_once)

    def _arranging(self) -> Generator[None, None, _Arranged]:
        """Return the rows, and where each is; yields between two steps."""
        column, order = self._order
        wanted = self._matches if self._group or self._filter else None
        reverse = order is Qt.SortOrder.DescendingOrder
        shown = yield from steps(list(self._known.values()), wanted, SORT_KEYS[column], reverse=reverse)
        rows: dict[str, int] = {}
        for start in range(0, len(shown), _AT_ONCE):
            rows.update((one.path, row) for row, one in enumerate(shown[start : start + _AT_ONCE], start))
            yield
        return shown, rows

    def _take(self, arranged: _Arranged) -> None:
        self._show(*arranged)
        self._take_what_came()
        self.arranged.emit()

    def _take_what_came(self) -> None:
        """Take account of what has come, changed or gone since the steps began; that is sorted the next time."""
        late = [self._known[path] for path in self._late if path in self._known]
        if late or self._has_gone:
            self._gather.start()
        fresh = []
        for one in late:
            row = self._rows.get(one.path)
            if row is not None:
                self._shown[row] = one
            elif self._matches(one):
                fresh.append(one)
        self._append(fresh)
        self._late.clear()

    def _show(self, shown: list[Leftover], rows: dict[str, int]) -> None:
        """Show these rows; selection and current row stay with their leftovers."""
        self.layoutAboutToBeChanged.emit()
        kept = [(index, self._shown[index.row()].path) for index in self.persistentIndexList()]
        self._shown, self._rows = shown, rows
        new = [self.index(rows[path], old.column()) if path in rows else QModelIndex() for old, path in kept]
        self.changePersistentIndexList([old for old, _ in kept], new)
        self.layoutChanged.emit()
