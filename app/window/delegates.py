"""Paints rows of tables: the file's name, then its folder; and a status as icon and word."""

from __future__ import annotations

import os

from app import texts
from app.models.files import CHANGE_ROLE, PROBLEM_ROLE, Column
from app.theme import icons
from app.theme.theme import Theme
from app.theme.tokens import ROW_HEIGHT
from app.values import Change
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionButton, QStyleOptionViewItem

_Index = QModelIndex | QPersistentModelIndex
_BOX = 18
_PAD = 10

_ACTION_ICONS = {
    "create": "create",
    "edit": "edit",
    "replace": "replace",
    "delete": "delete",
    "move": "rename",
    "folder": "folder",
    "problem": "warning",
}


class FilesDelegate(QStyledItemDelegate):
    """Paints the files table. All rectangles are mirrored where the layout goes from right to left."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        return QSize(80, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        tokens = self._theme.tokens
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(tokens.hover))
        painter.save()
        painter.setClipRect(rect)
        match index.column():
            case Column.FILE:
                self._paint_file(painter, option, index)
            case Column.ACTION:
                change = index.data(CHANGE_ROLE)
                name = _ACTION_ICONS[change.action]
                self._paint_word(painter, option, name, tokens.dim, str(index.data()), tokens.text)
            case Column.STATUS:
                found = index.data(PROBLEM_ROLE)
                name, colour = ("warning", tokens.warn) if found else ("check", tokens.ok)
                self._paint_word(painter, option, name, colour, str(index.data()), colour)
            case _:
                painter.setPen(QColor(tokens.text))
                flags = self._aligned(option, Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(rect.adjusted(_PAD, 0, -_PAD, 0), int(flags), str(index.data() or ""))
        painter.restore()

    def box(self, option: QStyleOptionViewItem) -> QRect:
        """Return where the tick is."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        box = QRect(rect.left() + _PAD, rect.center().y() - _BOX // 2 + 1, _BOX, _BOX)
        return QStyle.visualRect(option.direction, rect, box)  # type: ignore[attr-defined]

    def _paint_file(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        tokens = self._theme.tokens
        change: Change = index.data(CHANGE_ROLE)
        if change.index >= 0:
            self._paint_box(painter, option, index)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        area = rect.adjusted(2 * _PAD + _BOX, 0, -_PAD, 0)
        strong = QFont(option.font)  # type: ignore[attr-defined]
        strong.setWeight(QFont.Weight.Medium)
        metrics = QFontMetrics(strong)
        name = str(index.data())
        if change.to:
            name = f"{texts.shown(os.path.basename(change.path))} → {name}"
        name = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, area.width())
        width = metrics.horizontalAdvance(name) + 2
        painter.setFont(strong)
        painter.setPen(QColor(tokens.text))
        flags = int(self._aligned(option, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
        first = QRect(area.left(), area.top(), width, area.height())
        painter.drawText(QStyle.visualRect(option.direction, rect, first), flags, name)  # type: ignore[attr-defined]
        rest = area.adjusted(width + _PAD, 0, 0, 0)
        if rest.width() < 40:
            return
        painter.setFont(option.font)  # type: ignore[attr-defined]
        painter.setPen(QColor(tokens.dim))
        folder = texts.shown(os.path.dirname(change.to or change.path))
        folder = QFontMetrics(painter.font()).elidedText(folder, Qt.TextElideMode.ElideLeft, rest.width())
        painter.drawText(QStyle.visualRect(option.direction, rect, rest), flags, folder)  # type: ignore[attr-defined]

    def _paint_box(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        button = QStyleOptionButton()
        button.rect = self.box(option)  # type: ignore[attr-defined]
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        state = QStyle.StateFlag.State_Enabled
        state |= QStyle.StateFlag.State_On if ticked else QStyle.StateFlag.State_Off
        button.state = state  # type: ignore[attr-defined]
        widget = option.widget  # type: ignore[attr-defined]
        button.palette = widget.palette()  # type: ignore[attr-defined]
        widget.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_IndicatorCheckBox, button, painter, widget
        )

    def _paint_word(
        self, painter: QPainter, option: QStyleOptionViewItem, name: str, icon: str, word: str, colour: str
    ) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        direction = option.direction  # type: ignore[attr-defined]
        spot = QRect(rect.left() + _PAD, rect.center().y() - 7, 16, 16)
        icons.paint(painter, name, icon, QRectF(QStyle.visualRect(direction, rect, spot)))
        painter.setPen(QColor(colour))
        area = rect.adjusted(_PAD + 16 + 6, 0, -_PAD, 0)
        flags = int(self._aligned(option, Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
        text = QFontMetrics(painter.font()).elidedText(word, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QStyle.visualRect(direction, rect, area), flags, text)

    def _aligned(self, option: QStyleOptionViewItem, flag: Qt.AlignmentFlag) -> Qt.AlignmentFlag:
        return QStyle.visualAlignment(option.direction, flag) | Qt.AlignmentFlag.AlignAbsolute  # type: ignore[attr-defined]

    def editorEvent(  # noqa: N802
        self, event: QEvent, model: object, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Tick with a click on the box, or with the space bar."""
        if index.column() != Column.FILE:
            return False
        if event.type() is QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            if not self.box(option).adjusted(-6, -6, 6, 6).contains(event.position().toPoint()):
                return False
        elif event.type() is not QEvent.Type.KeyPress or event.key() != Qt.Key.Key_Space:  # type: ignore[attr-defined]
            return False
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        state = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        return bool(model.setData(index, state, Qt.ItemDataRole.CheckStateRole))  # type: ignore[attr-defined]
