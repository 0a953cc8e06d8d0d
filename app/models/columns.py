"""The columns of the table of files, and what each of them is sorted by."""

from __future__ import annotations

from enum import IntEnum

from app.models.arranging import Key


class Column(IntEnum):
    """Columns, from the start of the line to its end."""

    FILE = 0
    ACTION = 1
    MATCHES = 2
    LINES = 3
    FORMAT = 4
    SIZE = 5
    STATUS = 6


# What is found out only of the rows in sight can be no order of all of them.
SORT_KEYS: dict[Column, Key] = {
    Column.FILE: lambda change: f"{change.path.rpartition('/')[2].casefold()}\0{change.path}",
    Column.ACTION: lambda change: f"{change.action}\0{change.path}",
    Column.MATCHES: lambda change: change.matches,
    Column.SIZE: lambda change: -1 if change.size_after is None else change.size_after,
    Column.STATUS: lambda change: change.path,
}
UNSORTED = frozenset(Column) - SORT_KEYS.keys()
