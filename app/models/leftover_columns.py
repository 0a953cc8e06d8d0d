"""The columns of the table of leftovers: what stands in them, and by what they are sorted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from enum import IntEnum

from app import leftover_texts, texts
from app.kind_texts import told
from app.values import Leftover


class Column(IntEnum):
    """Columns, from the start of the line to its end."""

    FILE = 0
    MADE_BY = 1
    ORIGINAL = 2
    STATE = 3
    AGE = 4
    SIZE = 5
    ADVICE = 6


SORT_KEYS: dict[Column, Callable[[Leftover], object]] = {
    Column.FILE: lambda one: (os.path.basename(one.path).casefold(), one.path),
    Column.MADE_BY: lambda one: (one.made_by, one.path),
    Column.ORIGINAL: lambda one: (one.original, one.path),
    Column.STATE: lambda one: (leftover_texts.state(one), one.path),
    Column.AGE: lambda one: -one.mtime,
    Column.SIZE: lambda one: one.size,
    Column.ADVICE: lambda one: (leftover_texts.ORDER[one.advice], one.path),
}


def cell(one: Leftover, column: Column) -> str:
    """Return what stands in a cell."""
    match column:
        case Column.FILE:
            return texts.shown(os.path.basename(one.path))
        case Column.MADE_BY:
            return told(one.made_by)
        case Column.ORIGINAL:
            return texts.shown(os.path.basename(one.original)) if one.original else "–"
        case Column.STATE:
            return leftover_texts.state(one)
        case Column.AGE:
            return texts.age(max(0.0, time.time() - one.mtime))
        case Column.SIZE:
            return texts.size(one.size)
        case Column.ADVICE:
            return leftover_texts.advice(one, time.time())
