"""Queueing: what is asked for is tried while it is typed, can be changed, moved, switched off, undone, saved."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.flows import fixes, operations
from app.flows.batch import State
from app.window.cards import CardsStrip
from app.window.dialogs import PieceDialog
from app.window.pairs import pairs_of
from app.window.path_field import path_of
from app.window.search_dialog import SearchDialog
from app.window.text_field import TextField
from core.errors import Fix, Problem, ProblemCode
from tests.support.robot import Robot
from tests.support.work import Work


def search_dialog(robot: Robot, work: Work) -> SearchDialog:
    robot.drop(work.tree)
    robot.click("Find and replace")
    robot.wait(robot.dialog)
    dialog = robot.dialog()
    assert isinstance(dialog, SearchDialog)
    return dialog


def titles(robot: Robot) -> list[str]:
    return [card.title for card in robot.window.flow.cards]


# Find & replace


def test_counts_and_first_lines_are_shown_while_it_is_typed(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old old\n", "b.txt": "old\n", "c.txt": "none\n"})
    dialog = search_dialog(robot, work)
    assert not dialog.accept_button.isEnabled()
    robot.type("Find", "old")
    robot.wait(lambda: dialog.view.says == "3 matches in 2 files")
    assert dialog.guard.text() == "Every match will be deleted: the replacement is empty."
    robot.type("Replace with", "new")
    robot.wait(lambda: [one.new.text for one in dialog.view.view.lines if one.new] == ["new new", "new"])
    assert dialog.guard.isHidden()
    assert robot.window.flow.cards == []


def test_a_mistake_in_a_pattern_is_shown_below_its_place(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    dialog = search_dialog(robot, work)
    dialog.how["regex"].setChecked(True)
    robot.type("Find", "ol(d")
    robot.wait(lambda: dialog.pairs.mistake.text() == "    ▲ missing )")
    assert not dialog.accept_button.isEnabled()
    robot.type("Find", "ol(d)")
    robot.wait(dialog.accept_button.isEnabled)
    assert dialog.pairs.mistake.isHidden()


def test_what_is_typed_on_replaces_what_was_being_tried(robot: Robot, work: Work) -> None:
    work.write({f"{number}.txt": "old older\n" for number in range(300)})
    dialog = search_dialog(robot, work)
    for text in ("o", "ol", "old", "older"):
        robot.type("Find", text)
        robot.bot.wait(120)
    robot.wait(lambda: dialog.view.says == "300 matches in 300 files")


def test_words_change_places_and_only_where_they_are_meant_to(robot: Robot, work: Work) -> None:
    work.write({"a.py": "left right\n", "b.txt": "left right\n", "skip/a.py": "left right\n"})
    dialog = search_dialog(robot, work)
    QGuiApplication.clipboard().setText("find\treplace\nleft\tright\nright\tleft\n")
    robot.click("Paste pairs")
    assert dialog.pairs.pairs() == [("left", "right"), ("right", "left")]
    dialog.pairs.simultaneous.setChecked(True)
    robot.type("Only these files", "*.py")
    robot.type("Never these files", "skip")
    robot.click("Add to batch")
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.py": "right left\n", "b.txt": "left right\n", "skip/a.py": "left right\n"}


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("a,b\nc,d", [("a", "b"), ("c", "d")]),
        ("a\tb, c\n", [("a", "b, c")]),
        ('"a,1";"b"', [("a,1", "b")]),
        ('"x ""y""",\n', [('x "y"', "")]),
        ("only one\n", []),
    ],
)
def test_pairs_are_read_from_whatever_a_spreadsheet_copies(text: str, pairs: list[tuple[str, str]]) -> None:
    assert pairs_of(text) == pairs


def test_settings_are_how_a_new_search_begins(robot: Robot, work: Work) -> None:
    robot.window.preferences.choose("search_hidden", True)
    work.write({".a.txt": "old\n"})
    dialog = search_dialog(robot, work)
    assert dialog.scope.hidden.isChecked()


# Other operations


def test_many_files_get_new_names_by_a_pattern(robot: Robot, work: Work) -> None:
    work.write({"b1.txt": "1", "b2.txt": "2", "c.txt": "3"})
    robot.drop(work.tree)
    robot.click("Rename by a pattern")
    robot.wait(robot.dialog)
    robot.type("Find in names", "^b(.)")
    robot.type("New name", r"new\1-\#")
    robot.click("Add to batch")
    robot.wait_until_planned(2)
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"new1-1.txt": "1", "new2-2.txt": "2", "c.txt": "3"}


def test_files_get_other_line_ends(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "1\n2\n", "b.txt": "1\r\n"})
    robot.drop(work.tree)
    robot.click("Convert files")
    robot.wait(robot.dialog)
    box = next(one for one in robot.dialog().findChildren(QComboBox) if one.accessibleName() == "Line ends")  # type: ignore[union-attr]
    box.setCurrentIndex(box.findData("crlf"))
    robot.click("Add to batch")
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert (work.tree / "a.txt").read_bytes() == b"1\r\n2\r\n"


def test_a_patch_that_is_dropped_is_applied(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "fix.diff": "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-old\n+new\n"})
    robot.drop(work.tree / "fix.diff")
    robot.wait(robot.dialog)
    robot.click("Add to batch")
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert (work.tree / "a.txt").read_text() == "new\n"


def test_a_new_file_is_made(robot: Robot, work: Work) -> None:
    robot.drop(work.tree)
    robot.wait(lambda: robot.window.choice.paths)
    robot.window.verbs.new_file()
    robot.wait(robot.dialog)
    robot.type("Name", "fresh.txt")
    robot.dialog().findChild(QPlainTextEdit).setPlainText("fresh\n")  # type: ignore[union-attr]
    robot.click("Add to batch")
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"fresh.txt": "fresh\n"}


def test_a_plan_is_saved_and_dropped_again(robot: Robot, work: Work, tmp_path: Path) -> None:
    work.write({"a.txt": "old\n"})
    robot.drop(work.tree)
    robot.find_and_replace("old", "new")
    robot.wait_until_planned(1)
    plan = tmp_path / "plan.json"
    robot.answers.next.append([str(plan)])
    robot.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    robot.wait(plan.exists)
    assert json.loads(plan.read_text())["operations"][0]["find"] == "old"
    robot.wait(lambda: robot.window.batch.trouble.says.startswith("The plan was saved"))
    robot.click("Start over")
    robot.drop(plan)
    robot.wait_until_planned(1)
    assert titles(robot) == ["old → new"]


def test_a_json_file_that_is_no_plan_is_a_file_like_any_other(robot: Robot, work: Work) -> None:
    work.write({"data.json": '{"old": 1}\n'})
    robot.drop(work.tree / "data.json")
    robot.wait(lambda: robot.window.choice.paths == [str(work.tree / "data.json")])


# The queue


def queue_three(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n"})
    for name in "abc":
        robot.window.flow.add(operations.delete([str(work.tree / f"{name}.txt")]))
    robot.wait_until_planned(3)


def test_every_change_of_the_queue_can_be_undone_and_done_again(robot: Robot, work: Work) -> None:
    queue_three(robot, work)
    robot.click("Remove Delete b.txt")
    robot.wait_until_planned(2)
    robot.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    robot.wait_until_planned(3)
    assert titles(robot) == ["Delete a.txt", "Delete b.txt", "Delete c.txt"]
    robot.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    robot.wait_until_planned(2)
    robot.click("Start over")
    robot.wait_for(State.EMPTY)
    robot.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    robot.wait_until_planned(2)


def test_what_was_applied_cannot_be_undone_as_a_change_of_the_queue(robot: Robot, work: Work) -> None:
    queue_three(robot, work)
    robot.apply()
    robot.wait_for(State.OVER)
    robot.click("Done")
    assert robot.window.flow.queue.undo_text == ""


def test_a_card_is_dragged_to_another_place(robot: Robot, work: Work) -> None:
    queue_three(robot, work)
    strip: CardsStrip = robot.window.batch.cards
    last = strip.widget().children()[-1]  # type: ignore[union-attr]
    robot.wait(lambda: last.geometry().left() > 0)  # type: ignore[attr-defined]
    data = QMimeData()
    data.setData("application/x-holdfast-card", QByteArray(b"0"))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = QPointF(last.geometry().right() - 5, 20)  # type: ignore[attr-defined]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # from 6.12 on it is to be a QPointF
        enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.MoveAction, data, left, none)
    QApplication.sendEvent(strip.viewport(), enter)
    QApplication.sendEvent(strip.viewport(), QDropEvent(place, Qt.DropAction.MoveAction, data, left, none))
    assert titles(robot) == ["Delete b.txt", "Delete c.txt", "Delete a.txt"]
    robot.click("Delete a.txt earlier")
    assert titles(robot) == ["Delete b.txt", "Delete a.txt", "Delete c.txt"]


def test_a_card_is_opened_again_and_changed(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    robot.drop(work.tree)
    robot.find_and_replace("old", "new")
    robot.wait_until_planned(1)
    robot.click("Change old → new")
    robot.wait(robot.dialog)
    robot.type("Replace with", "newer")
    robot.click("Change")
    robot.wait(lambda: titles(robot) == ["old → newer"])
    robot.wait_until_planned(1)


def test_a_line_that_was_typed_over_is_edited_again_from_its_card(robot: Robot, work: Work) -> None:
    work.write({"a.txt": b"one\r\ntwo\r\nthree\r\n"})
    edit = {"op": "edit", "path": str(work.tree / "a.txt"), "find": "two\r\nthree", "replace": "2\r\nthree"}
    robot.window.flow.add(operations.card(edit))
    robot.wait_until_planned(1)
    robot.click("Change Edit a.txt")
    robot.wait(robot.dialog)
    assert not robot.button("Change").isEnabled()  # type: ignore[union-attr]
    dialog = robot.dialog()
    assert isinstance(dialog, PieceDialog)
    dialog.put.setPlainText("zwei\nthree")
    robot.click("Change")
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert (work.tree / "a.txt").read_bytes() == b"one\r\nzwei\r\nthree\r\n"


def test_bytes_that_are_no_text_survive_in_a_field_that_nobody_types_in(qtbot: QtBot) -> None:
    field = TextField("one\udcff\r\ntwo\r\n", "Find", takes_tabs=False)
    qtbot.addWidget(field)
    assert field.text() == "one\udcff\r\ntwo\r\n"


def test_the_keyboard_gets_out_of_a_text_in_which_tab_writes_a_tab(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    robot.drop(work.tree / "a.txt")
    robot.click("Edit text")
    robot.wait(robot.dialog)
    editor = robot.dialog().editor  # type: ignore[union-attr]
    robot.wait(editor.hasFocus)
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text() == "\told\n"
    QTest.keyClick(editor, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert not editor.hasFocus()


def test_another_file_is_chosen_for_a_replacement_from_its_card(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n"})
    robot.window.flow.add(operations.replace_with(str(work.tree / "a.txt"), str(work.tree / "b.txt")))
    robot.wait_until_planned(1)
    robot.answers.next.append([str(work.tree / "c.txt")])
    robot.click("Change Replace a.txt")
    robot.wait(lambda: [card.detail for card in robot.window.flow.cards] == ["with c.txt"])


def test_a_card_that_is_switched_off_stays_in_sight(robot: Robot, work: Work) -> None:
    queue_three(robot, work)
    robot.click("Delete b.txt, " + str(work.tree))
    robot.wait_until_planned(2)
    assert len(titles(robot)) == 3


def test_a_card_that_is_switched_off_lives_until_the_click_is_over(robot: Robot, work: Work) -> None:
    queue_three(robot, work)
    robot.wait(lambda: robot.button("Delete b.txt, " + str(work.tree)))
    tick = robot.button("Delete b.txt, " + str(work.tree))
    assert tick is not None
    alive: list[bool] = []
    tick.toggled.connect(lambda: alive.append(isValid(tick)))  # after the one that makes the cards anew
    tick.toggle()
    assert alive == [True]


# Problems


def test_what_a_problem_needs_is_offered_where_it_is_shown(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    (work.tree / "other.txt").hardlink_to(work.tree / "a.txt")
    robot.window.flow.add(operations.find_and_replace([str(work.tree / "a.txt")], "old", "new"))
    robot.wait(lambda: robot.window.batch.problems.says)
    robot.click("Let other names keep the old content")
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "new\n", "other.txt": "old\n"}


def test_an_edit_that_would_break_a_format_can_be_let_through_or_left_out(robot: Robot, work: Work) -> None:
    work.write({"a.json": '{"old": 1}\n', "b.txt": '"old"\n'})
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], '"old"', "old"))
    robot.wait(lambda: robot.window.batch.problems.says)
    row = robot.rows(robot.window.batch.table).index("a.json")
    robot.window.batch.table.selectRow(row)
    robot.click("Leave it out")
    robot.wait_until_planned(1)
    assert robot.rows(robot.window.batch.table) == ["b.txt"]
    robot.window.flow.queue.undo()
    robot.wait(lambda: robot.window.batch.problems.says)
    robot.window.batch.table.selectRow(robot.rows(robot.window.batch.table).index("a.json"))
    robot.click("Let it break")
    robot.wait_until_planned(2)


def test_a_new_file_that_is_there_already_can_be_overwritten() -> None:
    queued = [operations.card({"op": "create", "path": "/a", "text": ""})]
    problem = Problem(ProblemCode.EXISTS, "/a", 0, fixes=(Fix.REMOVE, Fix.OVERWRITE, Fix.RENAME))
    assert fixes.possible(problem, queued) == [Fix.REMOVE, Fix.OVERWRITE]
    (changed,) = fixes.fixed(problem, Fix.OVERWRITE, queued)
    assert changed.operations == ({"op": "write", "path": "/a", "text": ""},)


def test_a_dialog_closed_with_escape_queues_nothing(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    dialog = search_dialog(robot, work)
    robot.type("Find", "old")
    field = next(one for one in dialog.findChildren(QLineEdit) if one.accessibleName() == "Find")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    robot.wait(lambda: not isinstance(robot.dialog(), QDialog))
    assert robot.window.flow.cards == []


# Names and drops


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("/a/b c", "/a/b c"),
        (r"/odd\xff.txt", "/odd\udcff.txt"),
        (r"/ba\\ck", r"/ba\ck"),
        (r"/\xc3\xbc", "/ü"),
        (r"/line\x0aend", "/line\nend"),
    ],
)
def test_any_bytes_can_be_typed_as_a_path(typed: str, path: str) -> None:
    assert path_of(typed) == path


@pytest.mark.parametrize("name", [b"odd\xff.txt", b"line\nend.txt", b"\xe2\x80\xae.txt", b"x" * 250, b"'\"\\.txt"])
def test_files_with_any_name_are_added_by_path_shown_in_one_line_and_changed(
    robot: Robot, work: Work, name: bytes
) -> None:
    odd = os.fsencode(work.tree) + b"/" + name
    with open(odd, "wb") as file:
        file.write(b"old\n")
    robot.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    robot.wait(robot.dialog)
    typed = "".join(chr(byte) if 32 < byte < 127 and byte != 92 else f"\\x{byte:02x}" for byte in odd)
    robot.type("Path", typed)
    robot.click("Add this path")
    robot.find_and_replace("old", "new")
    robot.wait_until_planned(1)
    (shown,) = robot.rows(robot.window.batch.table)
    assert shown.isprintable()
    robot.apply()
    robot.wait_for(State.OVER)
    with open(odd, "rb") as file:
        assert file.read() == b"new\n"


def test_a_file_that_is_dropped_on_a_row_becomes_its_content(robot: Robot, work: Work, tmp_path: Path) -> None:
    work.write({"a.txt": "old\n"})
    fresh = tmp_path / "fresh.txt"
    fresh.write_text("fresh\n")
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    robot.wait_until_planned(1)
    table = robot.window.batch.table
    data, place = QMimeData(), QPointF(table.visualRect(table.model().index(0, 0)).center())
    data.setUrls([QUrl.fromLocalFile(str(fresh))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # from 6.12 on it is to be a QPointF
        enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(table.viewport(), enter)
    QApplication.sendEvent(table.viewport(), QDropEvent(place, Qt.DropAction.CopyAction, data, left, none))
    robot.wait(lambda: titles(robot) == ["old → new", "Replace a.txt"])
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "fresh\n"}


PATCH_OF_TWO = "".join(f"--- a/{name}\n+++ b/{name}\n@@ -1 +1 @@\n-old\n+new\n" for name in ("a.txt", "b.txt"))


def test_a_file_of_a_patch_is_unticked_and_the_others_are_patched(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n", "fix.diff": PATCH_OF_TWO})
    robot.drop(work.tree / "fix.diff")
    robot.wait(robot.dialog)
    robot.click("Add to batch")
    robot.wait_until_planned(2)
    robot.click_tick(robot.window.batch.table, "b.txt")
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "new\n", "b.txt": "old\n", "fix.diff": PATCH_OF_TWO}


def test_a_file_that_a_patch_does_not_fit_is_left_out_of_it(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "another\n", "fix.diff": PATCH_OF_TWO})
    robot.drop(work.tree / "fix.diff")
    robot.wait(robot.dialog)
    robot.click("Add to batch")
    robot.wait(lambda: robot.window.flow.state is State.READY)
    robot.window.flow.leave_out_problems()
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "new\n", "b.txt": "another\n", "fix.diff": PATCH_OF_TWO}
