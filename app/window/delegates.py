"""Paints rows of tables: a file's name, then its folder; and a status as icon and word.

All rectangles are mirrored where the layout goes from right to left.
"""

from __future__ import annotations

import os

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app import texts
from app.models.columns import Column
from app.models.files import CHANGE_ROLE, NOTE_ROLE, PROBLEM_ROLE
from app.models.ticks import is_tickable
from app.theme import icons
from app.theme.theme import Theme
from app.theme.tokens import ROW_HEIGHT
from app.values import Change
from app.window.parts import TICK, paint_tick

_Index = QModelIndex | QPersistentModelIndex
_ICON = 16
PAD = 10  # what is kept free at both ends of a cell
_LEAST_FOLDER = 40

_ACTION_ICONS = {
    "create": "create",
    "edit": "edit",
    "replace": "replace",
    "delete": "delete",
    "move": "rename",
    "folder": "folder",
    "problem": "warning",
}


class RowDelegate(QStyledItemDelegate):
    """What all tables paint alike."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(80, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        tokens = self.theme.tokens
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(_rect(option), QColor(tokens.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(_rect(option), QColor(tokens.hover))
        painter.save()
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # what paths and sizes are, whatever surrounds them
        painter.setClipRect(_rect(option))
        self.paint_cell(painter, option, index)
        painter.restore()

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint what is in a cell; for other columns than those a table treats apart, its text."""
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
        right = alignment is not None and int(alignment) & int(Qt.AlignmentFlag.AlignRight)
        flag = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        area = _rect(option).adjusted(PAD, 0, -PAD, 0)
        painter.setPen(QColor(self.theme.tokens.text))
        text = QFontMetrics(painter.font()).elidedText(
            str(index.data() or ""), Qt.TextElideMode.ElideMiddle, area.width()
        )
        painter.drawText(area, _flags(option, flag), text)

    def paint_name(self, painter: QPainter, option: QStyleOptionViewItem, name: str, folder: str, start: int) -> None:
        """Paint a name in medium weight and its folder dimly behind it, `start` pixels into the cell."""
        tokens, rect = self.theme.tokens, _rect(option)
        area = rect.adjusted(start, 0, -PAD, 0)
        strong = QFont(option.font)
        strong.setWeight(QFont.Weight.Medium)
        metrics = QFontMetrics(strong)
        name = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, area.width())
        width = metrics.horizontalAdvance(name) + 2
        painter.setFont(strong)
        painter.setPen(QColor(tokens.text))
        flags = _flags(option, Qt.AlignmentFlag.AlignLeft)
        first = QRect(area.left(), area.top(), width, area.height())
        painter.drawText(_mirrored(option, first), flags, name)
        rest = area.adjusted(width + PAD, 0, 0, 0)
        if rest.width() < _LEAST_FOLDER:
            return
        painter.setFont(option.font)
        painter.setPen(QColor(tokens.dim))
        folder = QFontMetrics(painter.font()).elidedText(folder, Qt.TextElideMode.ElideLeft, rest.width())
        painter.drawText(_mirrored(option, rest), flags, folder)

    def paint_word(
        self, painter: QPainter, option: QStyleOptionViewItem, name: str, icon: str, word: str, colour: str
    ) -> None:
        """Paint an icon and a word: a state is never told by colour alone."""
        rect = _rect(option)
        spot = QRect(rect.left() + PAD, rect.center().y() - _ICON // 2 + 1, _ICON, _ICON)
        icons.paint(painter, name, icon, QRectF(_mirrored(option, spot)))
        painter.setPen(QColor(colour))
        area = rect.adjusted(PAD + _ICON + 6, 0, -PAD, 0)
        text = QFontMetrics(painter.font()).elidedText(word, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(_mirrored(option, area), _flags(option, Qt.AlignmentFlag.AlignLeft), text)

    def paint_state(
        self, painter: QPainter, option: QStyleOptionViewItem, look: tuple[str, str], index: _Index
    ) -> None:
        """Paint the word of a cell as a state; `look`: an icon, and the name of a colour of the theme."""
        icon, token = look
        colour = getattr(self.theme.tokens, token)
        self.paint_word(painter, option, icon, colour, str(index.data()), colour)


class TickingDelegate(RowDelegate):
    """Paints rows whose first column has a tick."""

    def box(self, option: QStyleOptionViewItem) -> QRect:
        """Return where the tick is."""
        rect = _rect(option)
        return _mirrored(option, QRect(rect.left() + PAD, rect.center().y() - TICK // 2 + 1, TICK, TICK))

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: _Index) -> bool:
        """Tick with a click on the box; the table itself ticks with the space bar."""
        if index.column() != 0 or event.type() is not QEvent.Type.MouseButtonRelease:
            return False
        assert isinstance(event, QMouseEvent)
        if not self.box(option).adjusted(-6, -6, 6, 6).contains(event.position().toPoint()):
            return False
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        state = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        return bool(model.setData(index, state, Qt.ItemDataRole.CheckStateRole))  # type: ignore[attr-defined]

    def paint_ticked(
        self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, name: str, folder: str
    ) -> None:
        """Paint the tick of a row that has one, and a name with its folder."""
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is not None:
            paint_tick(painter, self.theme, QRectF(self.box(option)), ticked=state == Qt.CheckState.Checked)
        self.paint_name(painter, option, name, folder, 2 * PAD + TICK)


class FilesDelegate(TickingDelegate):
    """Paints the files of a batch, each with its tick."""

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        tokens = self.theme.tokens
        change: Change = index.data(CHANGE_ROLE)
        match index.column():
            case Column.FILE:
                self._paint_file(painter, option, index, change)
            case Column.ACTION:
                name = _ACTION_ICONS[change.action]
                self.paint_word(painter, option, name, tokens.dim, str(index.data()), tokens.text)
            case Column.LINES:
                self._paint_lines(painter, option, str(index.data()))
            case Column.STATUS:
                self.paint_state(painter, option, _status_look(index), index)
            case _:
                super().paint_cell(painter, option, index)

    def _paint_file(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, change: Change) -> None:
        if is_tickable(change):
            ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            paint_tick(painter, self.theme, QRectF(self.box(option)), ticked=ticked)
        name = str(index.data())
        if change.to:
            name = f"{texts.shown(os.path.basename(change.path))} → {name}"
        folder = texts.shown(os.path.dirname(change.to or change.path))
        self.paint_name(painter, option, name, folder, 2 * PAD + TICK)

    def _paint_lines(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        """Paint what comes and what goes, each in its colour, at the end of the cell."""
        added, _, removed = text.partition(" ")
        area = _rect(option).adjusted(PAD, 0, -PAD, 0)
        width = QFontMetrics(painter.font()).horizontalAdvance(f" {removed}")
        first = area.adjusted(0, 0, -width, 0)
        for part, place, colour in ((removed, area, self.theme.tokens.error), (added, first, self.theme.tokens.ok)):
            painter.setPen(QColor(colour))
            painter.drawText(_mirrored(option, place), _flags(option, Qt.AlignmentFlag.AlignRight), part)


def _status_look(index: _Index) -> tuple[str, str]:
    if index.data(PROBLEM_ROLE):
        return "warning", "warn"
    if index.data(NOTE_ROLE):
        return "info", "accent"
    return ("circle", "dim") if index.data() == texts.LEFT_OUT else ("check", "ok")


def _rect(option: QStyleOptionViewItem) -> QRect:
    rect: QRect = option.rect
    return rect


def _mirrored(option: QStyleOptionViewItem, rect: QRect) -> QRect:
    return QStyle.visualRect(option.direction, _rect(option), rect)


def _flags(option: QStyleOptionViewItem, flag: Qt.AlignmentFlag) -> int:
    across = QStyle.visualAlignment(option.direction, flag)
    return int(across | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
