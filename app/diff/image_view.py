"""Two pictures: side by side, one over the other with an edge that moves or faintly, or what differs between them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QSlider, QVBoxLayout, QWidget

from app.theme.theme import Theme
from app.window_texts import IMAGE_MODES, PART_BEFORE
from app.words import _

_PAD = 12
_SQUARE = 8


def picture(content: bytes) -> QImage | None:
    """Return content as a picture, None where it is none."""
    image = QImage.fromData(content)
    return None if image.isNull() else image.convertToFormat(QImage.Format.Format_ARGB32)


class ImageView(QWidget):
    """Shows what a picture was and what it will be; either may be missing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.canvas = _Canvas(theme)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setValue(50)
        self.slider.setAccessibleName(PART_BEFORE)
        self.slider.valueChanged.connect(self.canvas.mix)
        self._modes = [QRadioButton(words) for words in IMAGE_MODES.values()]
        row = QHBoxLayout()
        row.setContentsMargins(16, 4, 16, 8)
        row.setSpacing(16)
        for mode, button in zip(IMAGE_MODES, self._modes, strict=True):
            button.setAccessibleName(button.text())
            button.clicked.connect(lambda checked, mode=mode: self._choose(mode))
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            row.addWidget(button)
        row.addWidget(self.slider, 3)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas, 1)
        column.addLayout(row)
        self._choose("two_up")

    def show_pictures(self, before: QImage | None, after: QImage | None) -> None:
        """Show these."""
        self.canvas.show_pictures(before, after)
        both = before is not None and after is not None
        if not both:
            self._choose("two_up")
        for button in self._modes[1:]:
            button.setEnabled(both)
        self.setAccessibleDescription(self.canvas.says)

    def _choose(self, mode: str) -> None:
        self._modes[list(IMAGE_MODES).index(mode)].setChecked(True)
        self.slider.setVisible(mode in ("swipe", "onion"))
        self.canvas.choose(mode)


class _Canvas(QWidget):
    """Paints the pictures, no larger than they are and no larger than there is room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._before: QImage | None = None
        self._after: QImage | None = None
        self._difference: QImage | None = None
        self._mode, self._part = "two_up", 50
        self.setMinimumHeight(80)
        theme.changed.connect(self.update)

    @property
    def says(self) -> str:
        """What is shown, in words."""
        return " → ".join(
            f"{one.width()} × {one.height()}" if one else _("nothing") for one in (self._before, self._after)
        )

    def show_pictures(self, before: QImage | None, after: QImage | None) -> None:
        self._before, self._after, self._difference = before, after, None
        self.update()

    def choose(self, mode: str) -> None:
        self._mode = mode
        self.update()

    def mix(self, part: int) -> None:
        self._part = part
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.surface))
        half = self.width() // 2
        if self._mode == "two_up":
            sides = (self._before, QRect(0, 0, half, self.height())), (self._after, QRect(half, 0, half, self.height()))
            for image, area in sides:
                if image is not None:
                    self._paint(painter, image, self._place(image, area))
        elif self._before is not None and self._after is not None:
            self._paint_together(painter, self._before, self._after)

    def _paint_together(self, painter: QPainter, before: QImage, after: QImage) -> None:
        place = self._place(after, self.rect())
        if self._mode == "difference":
            if self._difference is None:
                self._difference = _difference(before, after)
            self._paint(painter, self._difference, place)
            return
        self._paint(painter, after, place)
        if self._mode == "onion":
            painter.setOpacity(self._part / 100)
            painter.drawImage(self._place(before, self.rect()), before)
            return
        edge = place.left() + place.width() * self._part // 100
        painter.setClipRect(QRect(place.left(), place.top(), edge - place.left(), place.height()))
        self._paint(painter, before, place)
        painter.setClipping(False)
        painter.fillRect(QRect(edge, place.top(), 2, place.height()), QColor(self._theme.tokens.accent))

    def _paint(self, painter: QPainter, image: QImage, place: QRect) -> None:
        painter.fillRect(place, QColor(self._theme.tokens.surface))
        painter.fillRect(place, QBrush(QColor(self._theme.tokens.border), Qt.BrushStyle.Dense6Pattern))
        painter.drawImage(place, image)

    @staticmethod
    def _place(image: QImage, area: QRect) -> QRect:
        inner = area.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        size = image.size()
        if size.width() > inner.width() or size.height() > inner.height():
            size = size.scaled(inner.size(), Qt.AspectRatioMode.KeepAspectRatio)
        found = QRect(inner.topLeft(), size.expandedTo(QSize(1, 1)))
        found.moveCenter(inner.center())
        return found


def _difference(before: QImage, after: QImage) -> QImage:
    """Return a picture that is black where both are the same."""
    size = before.size().expandedTo(after.size())
    made = QImage(size, QImage.Format.Format_ARGB32)
    made.fill(Qt.GlobalColor.black)
    painter = QPainter(made)
    painter.drawImage(0, 0, before)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(0, 0, after)
    painter.end()
    return made
