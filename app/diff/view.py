"""Shows a change side by side: before on the leading side, after on the trailing one. Paints visible rows only.

Matches have ticks, and a line of the file as it will be can be typed over; the view only says so (`ticked`, `typed`).
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLineEdit, QWidget

from app.diff import ruler
from app.diff.document import Lines, is_typable, longest, spoken, unified
from app.diff.match_menu import show_match_menu
from app.diff.painting import LONGEST, PAD, ROW, RowPainter, mirrored
from app.theme.theme import Theme, mono
from app.values import DiffRow, Match
from app.words import _


class DiffView(QAbstractScrollArea):
    """Rows, or a sentence where there is nothing to compare.

    `ticked` (matches, is_out) when some are to be left out or taken in; `typed` (line number, text) when a line of the
    file after the batch is to be another one.
    """

    ticked = Signal(object, object)
    typed = Signal(object, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[DiffRow] = []
        self._lines = Lines()
        self._message = ""
        self._widest = 0
        self._row = 0
        self._ruler: QPixmap | None = None
        self._field: QLineEdit | None = None
        self.can_type = False
        self.setFont(mono())
        self._paint = RowPainter(theme, self.font())
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Preview"))
        theme.changed.connect(self._forget)

    def show_message(self, text: str) -> None:
        """Show a sentence instead of rows."""
        self._rows, self._lines, self._message, self._widest = [], Lines(), text, 0
        self.setAccessibleDescription(text)
        self._end_typing()
        self._arrange()

    def show_rows(
        self,
        rows: list[DiffRow],
        matches: list[Match] | None = None,
        *,
        stay: bool = False,
        has_ticks: bool = False,
    ) -> None:
        """Show these rows, with ticks where the matches are; `stay` where it is the same file as before.

        `has_ticks`: keep room for ticks, though no matches are known yet.
        """
        self._message = ""
        self._rows, self._lines = rows, Lines(rows, matches or ())
        numbers = [number or 0 for row in rows[-50:] for number in (row.old_number, row.new_number)]
        self._paint.digits = max(3, len(str(max(numbers)))) if any(numbers) else 0
        self._paint.has_ticks = has_ticks or self._lines.has_matches
        self._widest = longest(rows)
        self.setAccessibleDescription(unified(self._lines))
        self._end_typing()
        if not stay:
            self._row = next((row for row in range(len(self._lines)) if self._begins_change(row)), 0)
            self.verticalScrollBar().setValue(0)
            self.horizontalScrollBar().setValue(0)
        self._arrange()

    @property
    def lines(self) -> Lines:
        """What is shown."""
        return self._lines

    @property
    def row(self) -> int:
        """The row that keys are about."""
        return self._row

    def next_change(self) -> None:
        """Go to the next change below."""
        self._go(range(self._row + 1, len(self._lines)))

    def previous_change(self) -> None:
        """Go to the last change above."""
        self._go(range(self._row - 1, -1, -1))

    def toggle(self, row: int) -> None:
        """Leave the matches of a row out, or take them in again."""
        if 0 <= row < len(self._lines) and self._lines[row].matches:
            one = self._lines[row]
            self._tick(row, one.matches, is_out=one.is_ticked is not False)

    def toggle_one(self, row: int, number: int) -> None:
        """Leave one match of a row out, or take it in again; they are counted from 0."""
        if 0 <= row < len(self._lines) and number < len(self._lines[row].matches):
            one = self._lines[row].matches[number]
            self._tick(row, (one,), is_out=not one.is_out)

    def type_over(self, row: int) -> None:
        """Let the line of a row be typed over, where that can be done without losing anything."""
        text = self._text_after(row) if self.can_type and 0 <= row < len(self._rows) else None
        if text is None or not self._rows[row].new_number or not is_typable(text.removesuffix("\r")):
            return
        self._choose(row)
        field = self._field = QLineEdit(text.removesuffix("\r"), self.viewport())
        field.setFont(self.font())
        field.setAccessibleName(_("Line {new_number}", new_number=self._rows[row].new_number))
        gutter = self._paint.gutter(new=True)
        area = self._halves(row)[1].adjusted(gutter - 6, -3, 0, 3)
        field.setGeometry(area)
        field.setStyleSheet("padding: 0 3px;")
        field.editingFinished.connect(lambda: self._type(row, field))
        field.show()
        field.setFocus()

    # what happens inside

    def _text_after(self, row: int) -> str | None:
        """Return what the line of a row will be."""
        return self._rows[row].old_text if self._lines[row].is_out else self._rows[row].new_text

    def _tick(self, row: int, matches: tuple[Match, ...], *, is_out: bool) -> None:
        """Show it at once; the plan follows."""
        self._lines.leave_out({match.id for match in matches}, is_out=is_out)
        self._ruler = None
        self.viewport().update()
        self.setAccessibleDescription(spoken(self._lines[row]))
        self.ticked.emit(matches, is_out)

    def _type(self, row: int, field: QLineEdit) -> None:
        if field is not self._field:
            return
        text, before = field.text(), self._text_after(row) or ""
        number = self._rows[row].new_number
        self._end_typing()
        if text != before.removesuffix("\r"):
            self.typed.emit(number, text)

    def _end_typing(self) -> None:
        if self._field is not None:
            field, self._field = self._field, None
            field.hide()
            field.deleteLater()
            self.setFocus()

    def _go(self, rows: range) -> None:
        found = next((row for row in rows if self._begins_change(row)), None)
        if found is not None:
            self._choose(found)
            self.verticalScrollBar().setValue(max(0, found - 2))

    def _begins_change(self, row: int) -> bool:
        return self._rows[row].kind not in "=@#" and (row == 0 or self._rows[row - 1].kind in "=@#")

    def _choose(self, row: int) -> None:
        if not self._lines:
            return
        self._row = max(0, min(len(self._lines) - 1, row))
        self.setAccessibleDescription(spoken(self._lines[self._row]))
        bar, visible = self.verticalScrollBar(), self.viewport().height() // ROW
        if self._row < bar.value():
            bar.setValue(self._row)
        elif self._row >= bar.value() + visible:
            bar.setValue(self._row - visible + 1)
        self.viewport().update()

    # geometry

    def _half(self) -> int:
        return max(1, (self.viewport().width() - ruler.WIDTH) // 2)

    def _halves(self, row: int) -> tuple[QRect, QRect]:
        top = (row - self.verticalScrollBar().value()) * ROW
        half, width = self._half(), self.viewport().width()
        return (mirrored(self, QRect(0, top, half, ROW), width), mirrored(self, QRect(half, top, half, ROW), width))

    def _arrange(self) -> None:
        self._ruler = None
        visible = self.viewport().height() // ROW
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setRange(0, max(0, len(self._lines) - visible))
        vertical.setPageStep(max(1, visible))
        text_width = self._half() - self._paint.gutter(new=True)
        wanted = min(self._widest, LONGEST) * self.fontMetrics().averageCharWidth() + 2 * PAD
        horizontal.setRange(0, max(0, wanted - text_width))
        horizontal.setPageStep(max(1, text_width))
        horizontal.setSingleStep(40)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._end_typing()
        self._arrange()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._end_typing()
        self.viewport().update()

    # mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._end_typing()
        place = event.position().toPoint()
        row = self.verticalScrollBar().value() + place.y() // ROW
        if row >= len(self._lines):
            return
        self._choose(row)
        if self._paint.tick_box(self._halves(row)[1]).adjusted(-4, -3, 4, 3).contains(place):
            self.toggle(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        row = self.verticalScrollBar().value() + place.y() // ROW
        if row < len(self._lines) and self._halves(row)[1].contains(place):
            self.type_over(row)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            self._choose(self.verticalScrollBar().value() + event.pos().y() // ROW)
            place = event.globalPos()
        else:
            place = self.viewport().mapToGlobal(self._halves(self._row)[1].bottomLeft())
        row = self._row
        matches = self._lines[row].matches if row < len(self._lines) else ()
        if matches:
            show_match_menu(matches, self, place, lambda number: self.toggle_one(row, number))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = self.verticalScrollBar().pageStep()
        last = len(self._lines) - 1
        steps = {Qt.Key.Key_Up: self._row - 1, Qt.Key.Key_Down: self._row + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        steps |= {Qt.Key.Key_PageUp: self._row - page, Qt.Key.Key_PageDown: self._row + page}
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape and self._field is not None:
            self._end_typing()
        elif key in steps:
            self._choose(steps[key])
        elif key is Qt.Key.Key_Space:
            self.toggle(self._row)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and not event.modifiers():
            self.toggle_one(self._row, key - Qt.Key.Key_1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_F2) and not event.modifiers():
            self.type_over(self._row)
        else:
            super().keyPressEvent(event)

    def _forget(self) -> None:
        self._paint.forget()
        self._arrange()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens, area = QPainter(self.viewport()), self._theme.tokens, self.viewport().rect()
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # what contents are, whatever surrounds them
        painter.fillRect(area, QColor(tokens.surface))
        if self._message:
            painter.setPen(QColor(tokens.dim))
            painter.setFont(QApplication.font())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(24, 24, -24, -24), int(flags), self._message)
            return
        first = self.verticalScrollBar().value()
        for row in range(first, min(len(self._lines), first + area.height() // ROW + 2)):
            self._paint_row(painter, row)
        if self._ruler is None:
            self._ruler = ruler.ruler(self._lines, area.height(), tokens)
        place = mirrored(self, QRect(area.width() - ruler.WIDTH, 0, ruler.WIDTH, area.height()), area.width())
        painter.drawPixmap(place.topLeft(), self._ruler)

    def _paint_row(self, painter: QPainter, row: int) -> None:
        one, (before, after) = self._lines[row], self._halves(row)
        self._paint.row(painter, one, before, after, self.horizontalScrollBar().value())
        if row == self._row and self.hasFocus() and one.kind not in "@#":
            painter.setPen(QPen(QColor(self._theme.tokens.accent), 1))
            painter.drawRect(before.united(after).adjusted(0, 0, -1, -1))
