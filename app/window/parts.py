"""Small widgets that every page uses."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from app.theme import icons
from app.theme.theme import Theme

TICK = 18
_BESIDE = 8  # our box is larger than the style's


def label(text: str = "", role: str = "", *, wraps: bool = False) -> QLabel:
    """Make a label; `role` is one of the style sheet's (title, dim, strong, ok, warn, error)."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wraps)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role of the style sheet."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(text: str, action: Callable[[], object], *, primary: bool = False, name: str = "") -> QPushButton:
    """Make a button."""
    made = QPushButton(text)
    made.setProperty("role", "primary" if primary else "")
    made.setAccessibleName(name or text)
    made.setAutoDefault(False)
    made.clicked.connect(lambda: action())
    return made


def paint_tick(painter: QPainter, theme: Theme, box: QRectF, *, ticked: bool, focused: bool = False) -> None:
    """Paint a box with or without a tick."""
    tokens = theme.tokens
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tokens.accent if ticked or focused else tokens.outline), 2 if focused else 1))
    painter.setBrush(QColor(tokens.accent if ticked else tokens.surface))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    if ticked:
        icons.paint(painter, "tick", tokens.on_accent, box.adjusted(2, 2, -2, -2))
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.text), 1))
        painter.drawRoundedRect(box.adjusted(-2.5, -2.5, 2.5, 2.5), 6, 6)
    painter.restore()


class Tick(QCheckBox):
    """A check box that looks like the ticks in tables."""

    def __init__(self, theme: Theme, text: str = "") -> None:
        super().__init__(text)
        self._theme = theme
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        style = self.style()
        box = style.subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        square = QRectF(0, 0, TICK, TICK)
        square.moveCenter(QRectF(box).center())
        paint_tick(painter, self._theme, square, ticked=self.isChecked(), focused=self.hasFocus())
        if self.text():
            words = style.subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
            beside = _BESIDE if self.layoutDirection() is Qt.LayoutDirection.LeftToRight else -_BESIDE
            option.rect = words.translated(beside, 0)
            painter.drawControl(QStyle.ControlElement.CE_CheckBoxLabel, option)

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(max(size.width() + _BESIDE, TICK + 6), max(size.height(), TICK + 6))


class IconLabel(QLabel):
    """An icon that follows the theme."""

    def __init__(self, theme: Theme, name: str, token: str = "dim", size: int = 18) -> None:  # noqa: S107 - a colour
        super().__init__()
        self._theme, self._name, self._token, self._size = theme, name, token, size
        self.setFixedSize(size, size)
        theme.changed.connect(self._paint_again)
        self._paint_again()

    def show_icon(self, name: str, token: str) -> None:
        """Show another icon."""
        self._name, self._token = name, token
        self._paint_again()

    def _paint_again(self) -> None:
        colour = getattr(self._theme.tokens, self._token)
        ratio = self.devicePixelRatioF()
        pixmap = icons.icon(self._name, colour).pixmap(QSize(round(self._size * ratio), round(self._size * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        self.setPixmap(pixmap)


class IconButton(QToolButton):
    """A small button that is only an icon; `text` is what it is called."""

    def __init__(self, theme: Theme, name: str, text: str, action: Callable[[], object]) -> None:
        super().__init__()
        self._theme, self._name = theme, name
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(lambda: action())
        theme.changed.connect(self._paint_again)
        self._paint_again()

    def _paint_again(self) -> None:
        self.setIcon(icons.icon(self._name, self._theme.tokens.dim))


class Card(QFrame):
    """A bordered surface with a row in it."""

    def __init__(self, kind: str = "card") -> None:
        super().__init__()
        self.setObjectName(kind)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(12, 8, 12, 8)
        self.row.setSpacing(8)
