"""Names of any kind, on every page and in every dialog: nothing is unseen, reordered, formatted or too wide."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as Rich
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from app.flows import operations
from app.flows.batch import State
from app.values import Result
from app.window.leftovers_page import LeftoversPage
from core.api import Pending
from core.errors import Problem, ProblemCode
from tests.support.robot import Robot
from tests.support.tried import Tried
from tests.support.work import Work

NAMES = {
    "not UTF-8": os.fsdecode(b"odd\xff\xfe.txt"),
    "a line end": "new\nline.txt",
    "a control character": "bell\a\x1b[31m.txt",
    "right to left": "photo\u202egpj.txt",
    "unseen": "zero\u200bwidth\ufeff.txt",
    "formatted": "<b>bold<img src=x>.txt",
    "with an ampersand": "this & that &amp;.txt",
    "very long": "long" * 60 + ".txt",
}
WIDEST = 1240  # the window at its first start; dialogs stay within it
Everything = dict[str, str]


def is_plain(text: str) -> bool:
    """Whether everything in a text is seen as it is; line ends are, in labels of several lines."""
    return not any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") for one in text.replace("\n", ""))


def said(root: QWidget) -> Iterator[tuple[str, str]]:
    """Yield every text of a widget and what is in it, with the place where it is said."""
    for one in (root, *root.findChildren(QWidget)):
        if not one.isVisible():
            continue
        where = type(one).__name__
        yield f"{where}, for a screen reader", one.accessibleName()
        yield f"{where}, described", one.accessibleDescription()
        yield f"{where}, its title", one.windowTitle()
        if isinstance(one, QLabel | QAbstractButton | QLineEdit):
            yield where, one.text()
        elif isinstance(one, QPlainTextEdit):
            yield where, one.toPlainText()
        elif isinstance(one, QTableView):
            yield from cells(one)
        yield from tips(where, one.toolTip())


def cells(table: QTableView) -> Iterator[tuple[str, str]]:
    model, role = table.model(), Qt.ItemDataRole
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            where = f"{table.accessibleName()}, row {row}, column {column}"
            yield where, str(index.data() or "")
            yield f"{where}, for a screen reader", str(index.data(role.AccessibleTextRole) or "")
            yield from tips(where, str(index.data(role.ToolTipRole) or ""))


def tips(where: str, tip: str) -> Iterator[tuple[str, str]]:
    """Yield a tool tip; one that Qt would take for HTML is to hold nothing of a name but what is escaped."""
    yield f"{where}, its tool tip", tip
    if Rich.mightBeRichText(tip):
        assert "<b>" not in tip, f"{where}: {tip} is formatted"
        assert "<img" not in tip, f"{where}: {tip} is formatted"


def formats(root: QWidget) -> list[str]:
    """Return the labels that would take a name for HTML."""
    labels = [one for one in root.findChildren(QLabel) if one.isVisible()]
    return [one.text() for one in labels if "bold" in one.text() and one.textFormat() is not Qt.TextFormat.PlainText]


def judge(root: QWidget, what: str, tried: Tried) -> None:
    """Look at everything that a window or a dialog says, and at how wide it is."""
    for _ in range(3):
        QApplication.processEvents()
    for where, text in said(root):
        assert is_plain(text), f"{what}, {where}: {text!r}"
        tried("texts in which names of any kind were looked for")
    assert formats(root) == [], what
    assert root.width() <= WIDEST, f"{what} is {root.width()} wide"
    assert root.minimumSizeHint().width() <= WIDEST, f"{what} wants to be {root.minimumSizeHint().width()} wide"


def fill(robot: Robot, work: Work, name: str) -> str:
    """Put a file of that name on every page; return its path."""
    path = f"{work.tree}/{name}"
    for one, text in ((path, "old\n"), (f"{work.tree}/{name[:-4]}.md", "old old\n"), (f"{path[:-4]}.txt.bak", "b\n")):
        Path(one[: len(str(work.tree)) + 1 + 250]).write_text(text)
    flow = robot.window.flow
    flow.given_name = f"rename {name}"
    flow.add(operations.find_and_replace([path], "old", "new"))
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    return path


@pytest.mark.parametrize("kind", NAMES)
def test_names_of_any_kind_are_shown_safely_on_every_page(robot: Robot, work: Work, kind: str, tried: Tried) -> None:
    window, path = robot.window, fill(robot, work, NAMES[kind])
    judge(window, "what was applied", tried)
    robot.click("Done")
    flow, tree = window.flow, str(work.tree)
    flow.given_name = f"more {NAMES[kind]}"
    flow.add(operations.find_and_replace([tree], "old", NAMES[kind]))
    flow.add(operations.rename(path, f"{tree}/moved {NAMES[kind]}"[:250]))
    flow.add(operations.replace_with(f"{tree}/none", path))
    robot.wait(lambda: flow.state is State.READY)
    robot.window.choice.add([path])
    robot.wait(lambda: window.choice.entries)
    judge(window, "the batch", tried)
    for row in range(window.batch.model.rowCount()):
        window.batch.table.selectRow(row)
        robot.bot.wait(50)
        judge(window, f"row {row} of the batch", tried)
    window.leftovers_flow.watch([tree])
    window.show_page("leftovers")
    robot.wait(lambda: window.leftovers.model.rowCount())
    judge(window, "leftovers", tried)
    window.show_page("history")
    robot.wait(lambda: window.history.files_model.rowCount())
    robot.bot.wait(100)
    judge(window, "history", tried)
    window.preferences.choose("watched", (tree, path))
    window.show_page("settings")
    judge(window, "settings", tried)
    window.recovery_flow.found.emit([pending(path, flow.given_name)])
    robot.click("Show files")
    judge(window, "recovery", tried)


def pending(path: str, name: str) -> Pending:
    folders = (os.path.dirname(path),)
    return Pending("0" * 16, name, 1.0, "switching", 3, 1, alive=False, foreign=False, folders=folders, paths=(path,))


@pytest.mark.parametrize("kind", NAMES)
def test_names_of_any_kind_are_shown_safely_in_every_notice(robot: Robot, work: Work, kind: str, tried: Tried) -> None:
    window, path = robot.window, f"{work.tree}/{NAMES[kind]}"
    problem = Problem(ProblemCode.UNREADABLE, path, None, {"reason": f"{NAMES[kind]} is strange"})
    results = [
        Result("refused", problems=(problem,)),
        Result("rolled_back", 3, reason="conflict", path=path),
        Result("rolled_back", 3, reason="error", path=path, error="no space"),
        Result("needs_recovery", 3, kept=(path,), failed=((path, "the disk refuses"),)),
        Result("committed", 3, kept=(path,), txn="1"),
    ]
    window.flow.given_name = NAMES[kind]
    for result in results:
        window.flow._end(result)
        judge(window, result.outcome, tried)
    window.flow.dismiss()
    says: list[Callable[[], object]] = [
        lambda: window.flow.stale.emit([path]),
        lambda: window.plans.saved.emit(path),
        lambda: window.choice.refused.emit([path]),
        lambda: window.strips.tell_closed(NAMES[kind], None),
        lambda: window.history_flow.reported.emit(path),
    ]
    for number, say in enumerate(says):
        say()
        judge(window, f"notice {number}", tried)


@pytest.mark.parametrize("kind", NAMES)
def test_names_of_any_kind_are_shown_safely_in_every_dialog(robot: Robot, work: Work, kind: str, tried: Tried) -> None:
    name, tree = NAMES[kind], str(work.tree)
    path = f"{tree}/{name}"
    Path(path).write_text("old\n")
    (work.tree / "a.diff").write_text("")
    window, verbs = robot.window, robot.window.verbs
    new = operations.card({"op": "create", "path": path, "text": ""})
    piece = operations.card({"op": "edit", "path": path, "find": "a", "replace": "b"})
    opened: dict[str, Callable[[], object]] = {
        "find and replace": lambda: verbs.search([path]),
        "rename by a pattern": lambda: verbs.rename_many([path]),
        "convert": lambda: verbs.convert([path]),
        "rename": lambda: verbs.rename(path),
        "edit": lambda: window.look.read_text(path),
        "patch": lambda: verbs.patch(path),
        "a new file": lambda: verbs.change(new),
        "a piece": lambda: verbs.change(piece),
        "preset": window.menus._ask_for_name,
        "clear": lambda: ask_about_leftovers(robot, path).clear(),
        "ignore": lambda: ask_about_leftovers(robot, path).ignore(),
    }
    window.flow.given_name = name
    for what, show in opened.items():
        show()
        robot.wait(robot.dialog)
        dialog = robot.dialog()
        assert isinstance(dialog, QDialog)
        robot.bot.wait(30)
        judge(dialog, what, tried)
        if isinstance(dialog, QMessageBox):
            assert dialog.textFormat() is Qt.TextFormat.PlainText
        dialog.reject()
        robot.wait(lambda: robot.dialog() is None)


def ask_about_leftovers(robot: Robot, path: str) -> LeftoversPage:
    """Show a leftover of that name, and tick it."""
    Path(f"{path}.bak").write_text("other\n")
    robot.window.leftovers_flow.watch([os.path.dirname(path)])
    robot.window.show_page("leftovers")
    page = robot.window.leftovers
    robot.wait(lambda: page.table.current() is not None)
    page.model.tick([one for one in [page.table.current()] if one], ticked=True)
    return page


@pytest.mark.parametrize("kind", NAMES)
def test_a_file_of_any_name_is_renamed_from_its_dialog(robot: Robot, work: Work, kind: str) -> None:
    path = f"{work.tree}/{NAMES[kind]}"
    Path(path).write_text("a\n")
    robot.window.verbs.rename(path)
    robot.wait(robot.dialog)
    field = robot.dialog().name  # type: ignore[union-attr]
    assert not robot.button("Add to batch").isEnabled()  # type: ignore[union-attr]
    field.setText(field.text().replace(".txt", ".md"))
    robot.click("Add to batch")
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert os.listdir(work.tree) == [NAMES[kind].replace(".txt", ".md")]


def test_menus_show_names_as_they_are(robot: Robot, work: Work) -> None:
    window = robot.window
    for name in NAMES.values():
        window.flow.given_name = name
        window.remembering.presets.put(name, [operations.delete([f"{work.tree}/{name}"])])
        window.flow.queue.add(operations.delete([f"{work.tree}/{name}"]))
    window.flow.queue.undo()
    for menu in window.menuBar().findChildren(QMenu):
        menu.aboutToShow.emit()
        for action in menu.actions():
            assert is_plain(action.text()), action.text()
            assert len(action.text()) < 100, action.text()
            assert action.text().replace("&&", "").count("&") <= 1, action.text()
