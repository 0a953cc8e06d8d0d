"""Paints the rows of leftovers."""

from __future__ import annotations

import os

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from app import texts
from app.models import leftover_columns, leftovers
from app.values import Leftover
from app.window.delegates import TickingDelegate

_Index = QModelIndex | QPersistentModelIndex
_ADVICE_LOOKS = {
    "restore": ("restore", "accent"),
    "clear": ("check", "ok"),
    "ask": ("delete", "text"),
    "recover": ("recovery", "warn"),
    "keep": ("eye", "text"),
    "wait": ("clock", "dim"),
    "protected": ("info", "dim"),
}


class LeftoversDelegate(TickingDelegate):
    """Paints leftovers, each with its tick where it may be cleared."""

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        one: Leftover = index.data(leftovers.LEFTOVER_ROLE)
        if index.column() == leftover_columns.Column.FILE:
            self.paint_ticked(painter, option, index, str(index.data()), texts.shown(os.path.dirname(one.path)))
        elif index.column() == leftover_columns.Column.ADVICE:
            self.paint_state(painter, option, _ADVICE_LOOKS[one.advice], index)
        else:
            super().paint_cell(painter, option, index)
