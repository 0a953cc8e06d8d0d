"""Small widgets that every page uses."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.theme import icons
from app.theme.theme import Theme
from app.window_texts import tip

TICK = 18
_BESIDE = 8  # between the box and its words
_SLACK = 4  # what the style keeps free around words
_LEAST = 60  # of a path that is cut
_MOST = 2_000
_ABSOLUTE = Qt.AlignmentFlag.AlignAbsolute
_MIRRORED = {"earlier": "later", "later": "earlier"}  # icons that point where a line goes on
_ROOM = 3  # around the box, for the ring of the one that has the keyboard


def label(text: str = "", role: str = "", *, wraps: bool = False) -> QLabel:
    """Make a label; `role` is one of the style sheet's (title, dim, strong, ok, warn, error)."""
    made = Wrapped(text) if wraps else Line(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role of the style sheet."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def keys(text: str) -> str:
    """Return keys as the system and its language write them."""
    return QKeySequence(text).toString(QKeySequence.SequenceFormat.NativeText)


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
        box = QRect(_ROOM, (self.height() - TICK) // 2, TICK, TICK)
        words = self.rect().adjusted(_ROOM + TICK + _BESIDE, 0, 0, 0)
        box, words = (QStyle.visualRect(self.layoutDirection(), self.rect(), one) for one in (box, words))
        paint_tick(painter, self._theme, QRectF(box), ticked=self.isChecked(), focused=self.hasFocus())
        if self.text():
            option.rect = words
            painter.drawControl(QStyle.ControlElement.CE_CheckBoxLabel, option)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        beside = words.width() + _BESIDE + _SLACK if self.text() else 0
        return QSize(TICK + 2 * _ROOM + beside, max(words.height(), TICK) + 2 * _ROOM)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Line(QLabel):
    """A text of one line at the leading edge, whatever language it is in: Qt puts each to the edge of its own script."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # which sets the words of a line in order
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        painter.drawText(self.contentsRect(), int(flags | Qt.AlignmentFlag.AlignAbsolute), self.text())


class Wrapped(QLabel):
    """A text of several lines. What has no place to break, such as a long name, is broken anywhere, and does not widen it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._claim_height()

    def heightForWidth(self, width: int) -> int:
        return self._lines(width)[1]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._claim_height()

    def _claim_height(self) -> None:
        """Take the height that all lines need at this width: a layout that is as small as it can be looks at no other."""
        self.setMinimumHeight(self.heightForWidth(self.width()) if self.isVisible() else 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse:
            super().paintEvent(event)  # with the selection
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        layout, height = self._lines(self.width())
        layout.draw(painter, QPointF(0, max(0, self.height() - height) / 2))

    def _lines(self, width: int) -> tuple[QTextLayout, int]:
        """Return the text in lines of at most that width, and how high they are."""
        layout = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        option = QTextOption(QStyle.visualAlignment(self.layoutDirection(), self.alignment()) | _ABSOLUTE)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # each text in that of its own script
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, math.ceil(height)


class PathLabel(QLabel):
    """A text that may be longer than there is room: its middle is left out then, and the tool tip has all of it.

    `most`: how wide it wants to be at most, in pixels, where there is room for all of it.
    """

    def __init__(self, role: str = "", text: str = "", most: int = _MOST) -> None:
        super().__init__()
        self._most = most
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(tip(text))

    def sizeHint(self) -> QSize:
        wanted = super().sizeHint()
        return QSize(min(self._most, wanted.width()), wanted.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST, super().sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # what a path is, whatever surrounds it
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        flags = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(flags | Qt.AlignmentFlag.AlignAbsolute), text)


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
        self.setPixmap(icons.pixmap(self._name, colour, self._size, self.devicePixelRatioF()))


class IconButton(QToolButton):
    """A small button that is only an icon; `text` is what it is called."""

    def __init__(self, theme: Theme, name: str, text: str, action: Callable[[], object]) -> None:
        super().__init__()
        self._theme, self._name = theme, name
        self.setToolTip(tip(text))
        self.setAccessibleName(text)
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(lambda: action())
        theme.changed.connect(self._paint_again)
        self._paint_again()

    def _paint_again(self) -> None:
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        name = _MIRRORED.get(self._name, self._name) if is_mirrored else self._name
        self.setIcon(icons.icon(name, self._theme.tokens.dim))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._paint_again()


class Card(QFrame):
    """A bordered surface with a row in it."""

    def __init__(self, kind: str = "card") -> None:
        super().__init__()
        self.setObjectName(kind)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(12, 8, 12, 8)
        self.row.setSpacing(8)


def lay_out(page: QWidget, head: QLayout, notice: QWidget, middle: QWidget, foot: QLayout) -> None:
    """Give a page its order: what it is about, what is said, what it shows, what can be done."""
    column = QVBoxLayout(page)
    column.setContentsMargins(16, 14, 16, 14)
    column.setSpacing(10)
    column.addLayout(head)
    column.addWidget(notice)
    column.addWidget(middle, 1)
    column.addLayout(foot)
