"""Paints single rows of a comparison: numbers, marks, ticks, text with what differs in it."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

from app.diff.document import Line, Side
from app.theme import icons
from app.theme.theme import Theme

ROW = 20
PAD = 8
MARK = 14
TICK = 24
LONGEST = 4000  # characters of a line that are laid out
_BOX = 14
_CACHED = 2000


class RowPainter:
    """Knows how wide numbers are, and remembers texts that are laid out. `has_ticks`: whether there is room for them."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        self._theme, self._font = theme, font
        self._metrics = QFontMetrics(font)
        self._layouts: OrderedDict[tuple[str, int, int, str], QTextLayout] = OrderedDict()
        self.digits = 3
        self.has_ticks = False

    def forget(self) -> None:
        """Lay everything out anew: the colours are others."""
        self._layouts.clear()

    def gutter(self, *, new: bool) -> int:
        """Return how much room numbers, marks and ticks take before the text."""
        digits = PAD + self.digits * self._metrics.horizontalAdvance("0") if self.digits else PAD
        return digits + MARK + (TICK if new and self.has_ticks else 0)

    def tick_box(self, rect: QRect) -> QRect:
        """Return where the tick is in the part of a row that is about the file after the batch."""
        left = rect.left() + self.gutter(new=True) - TICK - MARK
        return QRect(left + (TICK - _BOX) // 2 + 2, rect.top() + (ROW - _BOX) // 2, _BOX, _BOX)

    def row(self, painter: QPainter, one: Line, before: QRect, after: QRect, shift: int) -> None:
        """Paint both sides of a row, `shift` pixels to the left."""
        if one.kind in "@#":
            self._heading(painter, before.united(after), one.old.text if one.kind == "#" and one.old else "")
            return
        self._before(painter, one, before, shift)
        self._after(painter, one, after, shift)
        between = max(before.left(), after.left())
        painter.fillRect(QRect(between, before.top(), 1, ROW), QColor(self._theme.tokens.border))

    def _heading(self, painter: QPainter, rect: QRect, text: str) -> None:
        """Paint a row that names what follows."""
        tokens = self._theme.tokens
        painter.fillRect(rect, QColor(tokens.side))
        painter.setPen(QColor(tokens.text if text else tokens.dim))
        flag = Qt.AlignmentFlag.AlignLeft if text else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(rect.adjusted(PAD, 0, -PAD, 0), int(flag | Qt.AlignmentFlag.AlignVCenter), text or "⋯")

    def _before(self, painter: QPainter, one: Line, rect: QRect, shift: int) -> None:
        """Paint what a row is before the batch."""
        mark = "-" if one.kind in "~-" and not one.is_out else ""
        self._side(painter, one.old, rect, mark, self.gutter(new=False), shift, is_pale=False)

    def _after(self, painter: QPainter, one: Line, rect: QRect, shift: int) -> None:
        """Paint what a row will be; what is left out of it pale, since it will not be."""
        mark = "+" if one.kind in "~+" and not one.is_out else ""
        self._side(painter, one.new, rect, mark, self.gutter(new=True), shift, is_pale=one.is_out)
        if one.matches:
            self._tick(painter, QRectF(self.tick_box(rect)), one.is_ticked)

    def _side(
        self, painter: QPainter, side: Side | None, rect: QRect, mark: str, gutter: int, shift: int, *, is_pale: bool
    ) -> None:
        tokens = self._theme.tokens
        if side is None:
            painter.fillRect(rect, QBrush(QColor(tokens.border), Qt.BrushStyle.BDiagPattern))
            return
        ground = {"-": tokens.del_bg, "+": tokens.add_bg}.get(mark, tokens.surface)
        painter.fillRect(rect, QColor(ground))
        painter.setPen(QColor(tokens.dim))
        numbers = QRect(rect.left(), rect.top(), self.gutter(new=False) - MARK, ROW)
        number = str(side.number) if side.number else ""
        painter.drawText(numbers, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), number)
        painter.setPen(QColor(tokens.text))
        marks = QRect(rect.left() + gutter - MARK, rect.top(), MARK, ROW)
        painter.drawText(marks, int(Qt.AlignmentFlag.AlignCenter), mark)
        painter.save()
        painter.setClipRect(rect.adjusted(gutter, 0, 0, 0))
        painter.setPen(QColor(tokens.dim if is_pale else tokens.text))
        layout = self._layout(side, mark)
        top = rect.top() + (ROW - layout.boundingRect().height()) / 2
        layout.draw(painter, QPointF(rect.left() + gutter - shift, top))
        painter.restore()

    def _tick(self, painter: QPainter, box: QRectF, ticked: bool | None) -> None:  # noqa: FBT001 - three states
        tokens = self._theme.tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.outline if ticked is False else tokens.accent), 1))
        painter.setBrush(QColor(tokens.accent if ticked else tokens.surface))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if ticked:
            icons.paint(painter, "tick", tokens.on_accent, box.adjusted(1, 1, -1, -1))
        elif ticked is None:
            painter.fillRect(box.adjusted(3, 6, -3, -6), QColor(tokens.accent))
        painter.restore()

    def _layout(self, side: Side, mark: str) -> QTextLayout:
        key = (side.text, side.start, side.end, mark)
        known = self._layouts.get(key)
        if known is not None:
            self._layouts.move_to_end(key)
            return known
        layout = QTextLayout(side.text[:LONGEST], self._font)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        option.setTabStopDistance(4 * self._metrics.horizontalAdvance(" "))
        layout.setTextOption(option)
        if side.end > side.start and mark:
            layout.setFormats([self._highlight(side, mark)])
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        self._layouts[key] = layout
        if len(self._layouts) > _CACHED:
            self._layouts.popitem(last=False)
        return layout

    def _highlight(self, side: Side, mark: str) -> QTextLayout.FormatRange:
        tokens = self._theme.tokens
        span = QTextLayout.FormatRange()
        span.start, span.length = side.start, side.end - side.start
        look = QTextCharFormat()
        look.setBackground(QColor(tokens.del_hi if mark == "-" else tokens.add_hi))
        span.format = look
        return span


def mirrored(widget: QWidget, rect: QRect, width: int) -> QRect:
    """Return a rectangle, mirrored where the layout goes from right to left."""
    if widget.layoutDirection() is Qt.LayoutDirection.LeftToRight:
        return rect
    return QRect(width - rect.right() - 1, rect.top(), rect.width(), rect.height())
