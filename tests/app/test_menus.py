"""What the buttons of a page do is in a menu, too, with its keys; and those do nothing on other pages."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QMenu, QPushButton

from tests.app.test_history_page import apply_one, open_history
from tests.app.test_stories import watch
from tests.support.robot import Robot
from tests.support.work import Work

CTRL, CTRL_SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
)


def menu(robot: Robot, title: str) -> QMenu:
    """Return a menu as it is open."""
    every = robot.window.menuBar().findChildren(QMenu)
    (found,) = (one for one in every if one.title().replace("&", "") == title)
    found.aboutToShow.emit()
    return found


def actions(robot: Robot, title: str) -> list[QAction]:
    """Return the actions of a menu as it is open."""
    return [one for one in menu(robot, title).actions() if not one.isSeparator()]


def plain(text: str) -> str:
    return text.replace("&", "").rstrip("…")


def test_a_batch_is_undone_by_keys(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    apply_one(robot, work)
    robot.press(Qt.Key.Key_U, CTRL)
    assert robot.window.page == "batch"
    assert robot.window.flow.cards == []
    open_history(robot, 1)
    robot.wait(lambda: robot.window.history.undo_button.isEnabled())
    robot.press(Qt.Key.Key_U, CTRL)
    robot.wait_until_planned(1)
    assert robot.window.page == "batch"


def test_leftovers_are_kept_and_cleared_by_keys(robot: Robot, work: Work) -> None:
    work.write({"a": "a\n", "a.bak": "b\n", "b": "b\n", "b.bak": "a\n"})
    watch(robot, work)
    page = robot.window.leftovers
    robot.wait(lambda: robot.rows(page.table) == ["a.bak", "b.bak"])
    robot.press(Qt.Key.Key_K, CTRL)
    robot.wait(lambda: robot.rows(page.table) == ["b.bak"])
    robot.click_tick(page.table, "b.bak")
    robot.press(Qt.Key.Key_Delete, CTRL_SHIFT)
    robot.wait(robot.dialog)
    robot.click("Keep them")


def test_every_button_of_a_page_is_in_its_menu(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "a.txt.bak": "older\n"})
    apply_one(robot, work)
    for number, page, title in ((Qt.Key.Key_2, "leftovers", "Leftovers"), (Qt.Key.Key_3, "history", "History")):
        robot.press(number, CTRL)
        shown = robot.window.stack.currentWidget()
        assert shown is not None
        assert robot.window.page == page
        found = {plain(one.text()) for one in actions(robot, title)}
        pressed = {
            id(button)
            for page_menu in robot.window.menus._pages
            for _, find in page_menu._actions
            if (button := find())
        }
        for button in shown.findChildren(QPushButton):
            is_of_the_page = not button.isCheckable() and button.menu() is None and button.isVisible()
            said = {plain(button.text()), plain(button.accessibleName())}
            assert not is_of_the_page or id(button) in pressed or said & found | {"Choose a folder"} & said, said


def test_what_makes_no_sense_now_looks_like_that(robot: Robot) -> None:
    """The style of a menu's items holds for all of them, unless it says otherwise."""
    text = QColor(robot.theme.tokens.text).rgb()
    for title, is_dimmed in (("History", True), ("File", False)):
        picture = menu(robot, title).grab().toImage()
        colours = {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}
        assert (text not in colours) == is_dimmed


def test_the_page_of_what_was_interrupted_has_its_key_while_something_waits(robot: Robot) -> None:
    (recovery,) = (one for one in actions(robot, "View") if one.text() == "Recovery")
    assert not recovery.isEnabled()
    robot.press(Qt.Key.Key_4, CTRL)
    assert robot.window.page == "batch"
    robot.window.interrupted.waiting = 1
    robot.window.menus.refresh()
    robot.press(Qt.Key.Key_4, CTRL)
    assert robot.window.page == "recovery"
