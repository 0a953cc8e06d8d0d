"""Paints a change side by side: before on the leading side, after on the trailing one. Paints visible rows only."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from app.diff.document import Line, Side, line, unified
from app.theme.theme import Theme, mono
from app.values import DiffRow

_ROW = 20
_PAD = 8
_MARK = 14
_RULER = 6
_CACHED = 2000
_LONGEST = 4000  # characters of a line that are laid out


class DiffView(QAbstractScrollArea):
    """Shows rows, or a sentence where there is nothing to compare."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: list[Line] = []
        self._message = ""
        self._digits = 3
        self._widest = 0
        self._layouts: OrderedDict[tuple[str, int, int, str], QTextLayout] = OrderedDict()
        self._ruler: QPixmap | None = None
        self.setFont(mono())
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Preview")
        theme.changed.connect(self._forget)

    def show_message(self, text: str) -> None:
        """Show a sentence instead of rows."""
        self._lines, self._message = [], text
        self.setAccessibleDescription(text)
        self._arrange()

    def show_rows(self, rows: list[DiffRow]) -> None:
        """Show these rows."""
        self._message = ""
        self._lines = [line(row) for row in rows]
        numbers = [side.number for one in self._lines[-50:] for side in (one.old, one.new) if side]
        self._digits = max(3, len(str(max(numbers, default=0))))
        self._widest = max((len(side.text) for one in self._lines for side in (one.old, one.new) if side), default=0)
        self.setAccessibleDescription(unified(self._lines))
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self._arrange()

    @property
    def lines(self) -> list[Line]:
        """What is shown."""
        return self._lines

    def next_change(self) -> None:
        """Scroll to the next change below."""
        self._go(range(self.verticalScrollBar().value() + 1, len(self._lines)))

    def previous_change(self) -> None:
        """Scroll to the last change above."""
        self._go(range(self.verticalScrollBar().value() - 1, -1, -1))

    def _go(self, rows: range) -> None:
        begins = (row for row in rows if self._begins_change(row))
        found = next(begins, None)
        if found is not None:
            self.verticalScrollBar().setValue(found)

    def _begins_change(self, row: int) -> bool:
        return self._lines[row].kind not in "=@" and (row == 0 or self._lines[row - 1].kind in "=@")

    # geometry

    def _gutter(self) -> int:
        return _PAD + self._digits * self.fontMetrics().horizontalAdvance("0") + _MARK

    def _half(self) -> int:
        return max(1, (self.viewport().width() - _RULER) // 2)

    def _arrange(self) -> None:
        self._ruler = None
        area = self.viewport().size()
        rows = area.height() // _ROW
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setRange(0, max(0, len(self._lines) - rows))
        vertical.setPageStep(max(1, rows))
        text_width = self._half() - self._gutter()
        wanted = min(self._widest, _LONGEST) * self.fontMetrics().averageCharWidth() + 2 * _PAD
        horizontal.setRange(0, max(0, wanted - text_width))
        horizontal.setPageStep(max(1, text_width))
        horizontal.setSingleStep(40)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        steps = {
            Qt.Key.Key_Home: bar.minimum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        if event.key() in steps:
            bar.setValue(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _forget(self) -> None:
        self._layouts.clear()
        self._arrange()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        tokens = self._theme.tokens
        painter.fillRect(self.viewport().rect(), QColor(tokens.surface))
        if self._message:
            painter.setPen(QColor(tokens.dim))
            painter.setFont(QApplication.font())
            area = self.viewport().rect().adjusted(24, 24, -24, -24)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area, int(flags), self._message)
            return
        first = self.verticalScrollBar().value()
        for offset in range(self.viewport().height() // _ROW + 2):
            if first + offset >= len(self._lines):
                break
            self._paint_line(painter, self._lines[first + offset], offset * _ROW)
        self._paint_ruler(painter)

    def _paint_line(self, painter: QPainter, one: Line, top: int) -> None:
        tokens = self._theme.tokens
        half, width = self._half(), self.viewport().width()
        old_rect = mirrored(self, QRect(0, top, half, _ROW), width)
        new_rect = mirrored(self, QRect(half, top, half, _ROW), width)
        if one.kind == "@":
            painter.fillRect(QRect(0, top, width, _ROW), QColor(tokens.side))
            painter.setPen(QColor(tokens.dim))
            painter.drawText(QRect(0, top, width, _ROW), int(Qt.AlignmentFlag.AlignCenter), "⋯")
            return
        self._paint_side(painter, one.old, old_rect, "-" if one.kind in "~-" else "")
        self._paint_side(painter, one.new, new_rect, "+" if one.kind in "~+" else "")
        painter.fillRect(QRect(old_rect.right(), top, 1, _ROW), QColor(tokens.border))

    def _paint_side(self, painter: QPainter, side: Side | None, rect: QRect, mark: str) -> None:
        tokens = self._theme.tokens
        if side is None:
            painter.fillRect(rect, QBrush(QColor(tokens.border), Qt.BrushStyle.BDiagPattern))
            return
        ground = {"-": tokens.del_bg, "+": tokens.add_bg}.get(mark, tokens.surface)
        painter.fillRect(rect, QColor(ground))
        gutter = self._gutter()
        painter.setPen(QColor(tokens.dim))
        numbers = QRect(rect.left(), rect.top(), gutter - _MARK, _ROW)
        painter.drawText(numbers, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(side.number))
        marks = QRect(rect.left() + gutter - _MARK, rect.top(), _MARK, _ROW)
        painter.setPen(QColor(tokens.text))
        painter.drawText(marks, int(Qt.AlignmentFlag.AlignCenter), mark)
        area = rect.adjusted(gutter, 0, 0, 0)
        painter.save()
        painter.setClipRect(area)
        layout = self._layout(side, mark)
        shift = self.horizontalScrollBar().value()
        height = layout.boundingRect().height()
        layout.draw(painter, QPointF(area.left() - shift, area.top() + (_ROW - height) / 2))
        painter.restore()

    def _layout(self, side: Side, mark: str) -> QTextLayout:
        key = (side.text, side.start, side.end, mark)
        known = self._layouts.get(key)
        if known is not None:
            self._layouts.move_to_end(key)
            return known
        layout = QTextLayout(side.text[:_LONGEST], self.font())
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        option.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        layout.setTextOption(option)
        if side.end > side.start and mark:
            tokens = self._theme.tokens
            span = QTextLayout.FormatRange()
            span.start, span.length = side.start, side.end - side.start
            look = QTextCharFormat()
            look.setBackground(QColor(tokens.del_hi if mark == "-" else tokens.add_hi))
            span.format = look
            layout.setFormats([span])
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        self._layouts[key] = layout
        if len(self._layouts) > _CACHED:
            self._layouts.popitem(last=False)
        return layout

    def _paint_ruler(self, painter: QPainter) -> None:
        """Paint where changes are in the whole file; made once, because looping over all rows takes its time."""
        area = mirrored(
            self, QRect(self.viewport().width() - _RULER, 0, _RULER, self.viewport().height()), self.viewport().width()
        )
        if self._ruler is None:
            self._ruler = self._make_ruler(area.height())
        painter.drawPixmap(area.topLeft(), self._ruler)

    def _make_ruler(self, height: int) -> QPixmap:
        tokens = self._theme.tokens
        pixmap = QPixmap(_RULER, max(1, height))
        pixmap.fill(QColor(tokens.side))
        painter = QPainter(pixmap)
        count = max(1, len(self._lines))
        for number, one in enumerate(self._lines):
            if one.kind in "=@":
                continue
            colour = tokens.error if one.kind == "-" else tokens.ok if one.kind == "+" else tokens.accent
            painter.fillRect(0, number * height // count, _RULER, max(2, height // count), QColor(colour))
        painter.end()
        return pixmap


def mirrored(widget: QWidget, rect: QRect, width: int) -> QRect:
    """Return a rectangle, mirrored where the layout goes from right to left."""
    if widget.layoutDirection() is Qt.LayoutDirection.LeftToRight:
        return rect
    return QRect(width - rect.right() - 1, rect.top(), rect.width(), rect.height())
