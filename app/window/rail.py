"""The rail at the start of the window: one button for each page."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QStyle, QVBoxLayout, QWidget

from app.theme import icons
from app.theme.theme import Theme
from app.theme.tokens import RADIUS, RAIL_WIDTH
from app.window.parts import keys
from app.words import number

_BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_ICON, _HEIGHT, _PAD, _GAP = 18, 38, 12, 10


class Rail(QWidget):
    """Buttons for the pages; `chosen` (name) when one is pressed."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(RAIL_WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 14, 10, 14)
        self._column.setSpacing(2)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, PageButton] = {}
        self._column.addStretch()
        self._above = 0

    def add(self, name: str, text: str, icon: str, shortcut: str, *, at_end: bool = False) -> None:
        """Add a page's button below those that are there, or at the foot of the rail."""
        button = PageButton(self._theme, text, icon)
        button.setToolTip(f"{text} ({keys(shortcut)})")
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        if at_end:
            self._column.addWidget(button)
        else:
            self._column.insertWidget(self._above, button)
            self._above += 1
        self._buttons[name] = button

    def show_count(self, name: str, number: int) -> None:
        """Show how many things a page has for the person; none is shown as nothing."""
        self._buttons[name].show_count(number)

    def show_button(self, name: str, *, visible: bool, count: int) -> None:
        """Show or hide a page's button, with a count on it."""
        self._buttons[name].setVisible(visible)
        self.show_count(name, count)

    def select(self, name: str) -> None:
        """Mark the page that is shown."""
        self._buttons[name].setChecked(True)
        for other, button in self._buttons.items():
            if other != name:
                button.calm()


class PageButton(QAbstractButton):
    """An icon, a word and a count."""

    def __init__(self, theme: Theme, text: str, icon: str) -> None:
        super().__init__()
        self._theme, self._icon, self._count, self._ring = theme, icon, 0, False
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    def show_count(self, many: int) -> None:
        """Show a number at the end, nothing for 0."""
        self._count = many
        self.setAccessibleName(f"{self.text()}, {number(self._count)}" if self._count else self.text())
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring to those who came with the keyboard, not at the start of the window."""
        self._ring = event.reason() in _BY_KEYBOARD
        super().focusInEvent(event)

    def calm(self) -> None:
        """Show no ring: the keyboard is here only because what it was at is not shown any more."""
        self._ring = False
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        count = metrics.horizontalAdvance(number(self._count)) + _GAP if self._count else 0
        words = metrics.horizontalAdvance(self.text()) + _GAP  # and a little, since the one that is chosen is bolder
        return QSize(2 * _PAD + _ICON + _GAP + words + count, max(_HEIGHT, metrics.height() + 16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), self._theme.tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = tokens.selection if self.isChecked() else tokens.hover if self.underMouse() else ""
        painter.setPen(QPen(QColor(tokens.accent), 2) if self._ring and self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        middle = (self.height() - _ICON) // 2
        colour = tokens.accent if self.isChecked() else tokens.dim
        icons.paint(painter, self._icon, colour, QRectF(self._placed(QRect(_PAD, middle, _ICON, _ICON))))
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text))
        start = _PAD + _ICON + _GAP
        words = QRect(start, 0, self.width() - start - _PAD, self.height())
        aligned = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(
            self.layoutDirection(), Qt.AlignmentFlag.AlignLeft
        )
        painter.drawText(self._placed(words), int(aligned | Qt.AlignmentFlag.AlignAbsolute), self.text())
        if self._count:
            at_end = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(
                self.layoutDirection(), Qt.AlignmentFlag.AlignRight
            )
            painter.setPen(QColor(tokens.dim))
            painter.drawText(self._placed(words), int(at_end | Qt.AlignmentFlag.AlignAbsolute), number(self._count))

    def _placed(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)
