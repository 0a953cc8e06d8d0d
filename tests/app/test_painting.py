"""What is painted is whole: at twice the size, and from right to left."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.theme.theme import Theme
from app.theme.tokens import DARK, LIGHT, OUTLINE_PAIRS, TEXT_PAIRS, Tokens, contrast
from app.window.parts import IconLabel, Tick


def painted(widget: QWidget, ground: str) -> QRect:
    """Return the smallest rectangle that holds everything that differs from the ground."""
    image: QImage = widget.grab().toImage()
    plain = QColor(ground).rgb()
    points = [QPoint(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) != plain]
    xs, ys = [point.x() for point in points], [point.y() for point in points]
    return QRect(QPoint(min(xs), min(ys)), QPoint(max(xs), max(ys)))


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_an_icon_fills_its_label_at_every_scale(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch, ratio: float
) -> None:
    monkeypatch.setattr(IconLabel, "devicePixelRatioF", lambda self: ratio)
    icon = IconLabel(theme, "search", "accent", 18)
    qtbot.addWidget(icon)
    assert icon.pixmap().deviceIndependentSize().toTuple() == (18.0, 18.0)
    assert icon.pixmap().width() == 18 * ratio


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_tick_box_is_painted_whole(qtbot: QtBot, theme: Theme, direction: Qt.LayoutDirection) -> None:
    tick = Tick(theme)
    tick.setLayoutDirection(direction)
    tick.resize(tick.sizeHint())
    qtbot.addWidget(tick)
    tick.show()
    area = painted(tick, theme.tokens.bg)
    assert (area.width(), area.height()) == (18, 18)
    assert tick.rect().adjusted(1, 1, -1, -1).contains(area)


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_everything_that_is_painted_can_be_read(tokens: Tokens, qapp: QApplication) -> None:
    for pairs, least in ((TEXT_PAIRS, 4.5), (OUTLINE_PAIRS, 3.0)):
        for text, ground in pairs:
            found = contrast(getattr(tokens, text), getattr(tokens, ground))
            assert found >= least, f"{text} on {ground}: {found:.2f}"
