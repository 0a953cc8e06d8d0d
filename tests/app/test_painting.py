"""What is painted is whole: at twice the size, and from right to left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.theme import icons
from app.theme.theme import Theme
from app.theme.tokens import CONTRAST, DARK, LIGHT, OUTLINE_PAIRS, TEXT_PAIRS, Tokens, contrast
from app.window.parts import Tick

ROOT = Path(__file__).parents[2]


def painted(widget: QWidget, colour: str, *, is_ground: bool) -> QRect:
    """Return the smallest rectangle that holds everything of a colour, or that differs from it as the ground."""
    image: QImage = widget.grab().toImage()
    plain = QColor(colour).rgb()
    points = [
        QPoint(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if (image.pixel(x, y) == plain) is not is_ground
    ]
    xs, ys = [point.x() for point in points], [point.y() for point in points]
    return QRect(QPoint(min(xs), min(ys)), QPoint(max(xs), max(ys)))


_ICON = """
from PySide6.QtWidgets import QApplication
application = QApplication([])
from app.theme.theme import Theme
from app.window.parts import IconLabel
from tests.app.test_painting import painted
theme = Theme(application, "light")
icon = IconLabel(theme, "search", "accent", 18)
icon.show()
area = painted(icon, theme.tokens.accent, is_ground=False)
print(area.left(), area.top(), area.right() + 1, area.bottom() + 1)
"""


def icon_edges(scale: int) -> list[int]:
    environment = {**os.environ, "QT_SCALE_FACTOR": str(scale), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", _ICON], env=environment, capture_output=True, text=True, check=True)
    return [int(edge) for edge in done.stdout.split()]


def test_an_icon_is_whole_at_every_scale() -> None:
    once, twice = icon_edges(1), icon_edges(2)
    assert all(abs(large - 2 * small) <= 2 for small, large in zip(once, twice, strict=True)), (once, twice)


def test_an_icon_that_has_no_room_is_none(qapp: QApplication) -> None:
    """It was painted all the same, and Qt wrote thirty warnings about each."""
    assert icons.icon("search", "#000000").pixmap(QSize(0, 16)).isNull()


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_tick_box_is_painted_whole(qtbot: QtBot, theme: Theme, direction: Qt.LayoutDirection) -> None:
    tick = Tick(theme)
    tick.setLayoutDirection(direction)
    tick.resize(tick.sizeHint())
    qtbot.addWidget(tick)
    tick.show()
    area = painted(tick, theme.tokens.bg, is_ground=True)
    assert (area.width(), area.height()) == (18, 18)
    assert tick.rect().adjusted(1, 1, -1, -1).contains(area)


@pytest.mark.parametrize("tokens", [LIGHT, DARK, CONTRAST])
def test_everything_that_is_painted_can_be_read(tokens: Tokens, qapp: QApplication) -> None:
    for pairs, least in ((TEXT_PAIRS, 4.5), (OUTLINE_PAIRS, 3.0)):
        for text, ground in pairs:
            found = contrast(getattr(tokens, text), getattr(tokens, ground))
            assert found >= least, f"{text} on {ground}: {found:.2f}"


def test_in_high_contrast_every_text_has_seven_to_one(qapp: QApplication) -> None:
    for text, ground in TEXT_PAIRS:
        assert contrast(getattr(CONTRAST, text), getattr(CONTRAST, ground)) >= 7, (text, ground)
