"""Paints the rows of History: batches of the past, and the files of one of them."""

from __future__ import annotations

import os

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from app import history_texts, texts
from app.models import history
from app.window.delegates import PAD, RowDelegate
from app.words import _
from core.history import Entry, FileEntry

_Index = QModelIndex | QPersistentModelIndex
_STATE_LOOKS = {
    "applied": ("check", "ok"),
    "undone": ("restore", "dim"),
    "cancelled": ("close", "dim"),
    "failed": ("restore", "warn"),
    "recovered": ("recovery", "warn"),
    "running": ("running", "accent"),
    "needs_attention": ("error", "error"),
}


class EntriesDelegate(RowDelegate):
    """Paints batches of the past."""

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        one: Entry = index.data(history.ROW_ROLE)
        if index.column() == history.Column.NAME:
            self.paint_name(painter, option, texts.shown(str(index.data())), _("pinned") if one.is_pinned else "", PAD)
        elif index.column() == history.Column.STATE:
            self.paint_state(painter, option, _STATE_LOOKS[one.state.value], index)
        else:
            super().paint_cell(painter, option, index)


class FileEntriesDelegate(RowDelegate):
    """Paints the files of such a batch."""

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        one: FileEntry = index.data(history.ROW_ROLE)
        if index.column() == history.FileColumn.FILE:
            folder = texts.shown(os.path.dirname(one.to or one.path))
            self.paint_name(painter, option, str(index.data()), folder, PAD)
        elif index.column() == history.FileColumn.SINCE and index.data() in history_texts.DRIFTS.values():
            self.paint_state(painter, option, ("warning", "warn"), index)
        else:
            super().paint_cell(painter, option, index)
