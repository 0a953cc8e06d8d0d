"""A real window with a real engine behind it, drawn off screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.engine import EngineClient
from app.theme.theme import Theme
from app.window.main_window import MainWindow
from tests.support.robot import Answers, Robot


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """The light theme."""
    return Theme(qapp, "light")


@pytest.fixture
def robot(qtbot: QtBot, theme: Theme) -> Iterator[Robot]:
    """A person at a window that has just been opened."""
    engine, answers = EngineClient(), Answers()
    window = MainWindow(engine, theme, answers)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()  # shortcuts are for the active window only
    window.begin([])
    one = Robot(window, qtbot, answers, theme)
    yield one
    one.wait(lambda: not window.flow.is_busy)
    workers = window.leftovers_flow.workers
    window.leftovers_flow.close()
    engine.close()
    for client in (engine, *workers):
        client.wait()
    window.close()
