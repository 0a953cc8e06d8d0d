"""What all tables have in common."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView

from app.theme.tokens import HEADER_HEIGHT, ROW_HEIGHT

Words = dict[int, Iterable[str]]
_LEAST = 70  # of the column that gets what is left, in a small window
_AROUND_HEADING = 34  # with the arrow that shows how it is sorted
_AT_MOST = 200  # of a word; what is longer is cut, and the tool tip has all of it
_BESIDE = 44  # what is beside a word in a cell: its icon, and what is kept free


def table_of(
    model: QAbstractItemModel,
    delegate: QAbstractItemDelegate,
    widths: dict[int, int],
    stretched: int,
    name: str,
    words: Words | None = None,
) -> QTableView:
    """Make a table in which one row at a time is chosen. The delegate needs a parent that outlives it."""
    table = QTableView()
    table.setModel(model)
    table.setItemDelegate(delegate)
    dress(table, widths, stretched, words)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setAccessibleName(name)
    return table


def dress(table: QTableView, widths: dict[int, int], stretched: int, words: Words | None = None) -> None:
    """Give a table the rows, the header and the manners that all tables here have.

    `words`: what can stand in a column, which is as wide as the longest of them needs, in any language.
    """
    rows = table.verticalHeader()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(ROW_HEIGHT)
    rows.hide()
    header = table.horizontalHeader()
    header.setFixedHeight(HEADER_HEIGHT)
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    header.setMinimumSectionSize(_LEAST)
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
    for column, width in widths.items():
        table.setColumnWidth(column, max(width, _needed(table, column, (words or {}).get(column, ()))))
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setCornerButtonEnabled(False)
    table.setTabKeyNavigation(False)
    table.setMouseTracking(True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)


def selected_rows(table: QTableView) -> list[int]:
    """Return the selected rows, in order.

    From the ranges, not the indexes: with a hundred thousand selected rows the list of indexes takes a second.
    """
    selection = table.selectionModel().selection()
    spans = [selection.at(number) for number in range(selection.count())]
    return sorted({row for span in spans for row in range(span.top(), span.bottom() + 1)})


def select_row(table: QTableView, row: int) -> None:
    """Make a row the selected and current one; `selectRow` would do something else while Ctrl is held."""
    flag = QItemSelectionModel.SelectionFlag
    table.selectionModel().setCurrentIndex(table.model().index(row, 0), flag.ClearAndSelect | flag.Rows)


def _needed(table: QTableView, column: int, words: Iterable[str]) -> int:
    """Return how wide a column has to be for its heading, and for its words as long as those leave room for others."""
    heading = str(table.model().headerData(column, Qt.Orientation.Horizontal) or "")
    longest = max(map(table.fontMetrics().horizontalAdvance, words), default=0)
    return max(
        table.horizontalHeader().fontMetrics().horizontalAdvance(heading) + _AROUND_HEADING,
        min(longest + _BESIDE if longest else 0, _AT_MOST),
    )
