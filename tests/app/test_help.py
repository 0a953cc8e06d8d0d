"""Help in the window: the guide, and what can be sent to somebody who helps."""

from __future__ import annotations

import os
import re

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.window.guide import GuideWindow, Pages
from tests.support import guide
from tests.support.robot import Robot


def test_f1_shows_the_guide_and_its_links_lead_to_its_pages(robot: Robot) -> None:
    QTest.keyClick(robot.window, Qt.Key.Key_F1)

    shown = robot.window.findChild(GuideWindow)
    assert shown is not None
    assert shown.isVisible()
    assert "all of them, or none of them" in shown.pages.toPlainText()
    shown.pages.setSource(QUrl("tutorial.md"))
    assert shown.pages.toPlainText().startswith("Tutorial")
    shown.pages.backward()
    assert shown.pages.source().path() == "index.md"
    shown.close()


@pytest.mark.parametrize("page", guide.pages(), ids=lambda page: page.stem)
def test_every_page_can_be_shown(qtbot: QtBot, page: object) -> None:
    pages = Pages()
    qtbot.addWidget(pages)

    pages.setSource(QUrl(page.name))  # type: ignore[attr-defined]

    assert len(pages.toPlainText()) > 200


@pytest.mark.parametrize("name", ["/etc/hostname", "../__init__.py", "file:///etc/hostname", "none.md"])
def test_nothing_but_the_guide_is_shown(qtbot: QtBot, name: str) -> None:
    pages = Pages()
    qtbot.addWidget(pages)

    assert pages.loadResource(3, QUrl(name)) is None


def test_diagnostics_are_copied_without_anything_private(robot: Robot, qapp: QApplication) -> None:
    (action,) = (one for one in robot.window.findChildren(QAction) if one.text() == "Copy &diagnostics")

    action.trigger()

    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Holdfast ")
    assert "Window: Qt " in copied
    assert os.environ["HOLDFAST_STATE_DIR"] not in copied
    assert not re.search(r"(^|[^:/\w])/\w+/", copied)
