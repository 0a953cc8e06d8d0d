"""The preview: matches are ticked, lines are typed over, pictures and bytes are shown."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from app.diff import hexdump
from app.diff.document import Lines
from app.diff.view import DiffView
from app.flows import operations
from app.flows.batch import State
from app.flows.looking import mixed
from app.models.columns import Column
from app.values import DiffRow, Match
from tests.support.robot import Robot
from tests.support.work import Json, Work

FAR = "".join(f"line {number}\n" for number in range(30))


def look_at(robot: Robot, work: Work, texts: dict[str, str | bytes], find: str = "old") -> DiffView:
    work.write(texts)
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], find, "new"))
    robot.wait(lambda: robot.window.flow.state is State.READY)
    view = robot.window.batch.diff.view
    robot.wait(lambda: any(line.matches for line in view.lines))
    return view


def changed(view: DiffView) -> list[int]:
    return [row for row, line in enumerate(view.lines) if line.matches]


def click_tick(view: DiffView, row: int) -> None:
    box = view._paint.tick_box(view._halves(row)[1])
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box.center())


def test_a_match_that_is_unticked_stays_in_sight_and_is_not_written(robot: Robot, work: Work) -> None:
    view = look_at(robot, work, {"a.txt": f"old 1\n{FAR}old 2\n"})
    click_tick(view, changed(view)[0])
    assert view.lines[changed(view)[0]].is_out  # at once
    robot.wait(lambda: robot.rows(robot.window.batch.table, Column.MATCHES) == ["1"])
    robot.wait(lambda: len(changed(view)) == 2)
    assert [view.lines[row].is_out for row in changed(view)] == [True, False]
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": f"old 1\n{FAR}new 2\n"}


def test_matches_are_ticked_with_the_keyboard_alone_and_undone(robot: Robot, work: Work) -> None:
    view = look_at(robot, work, {"a.txt": "old 1\nkept\nold 2\n"})
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert "left out" in view.accessibleDescription()
    robot.wait(lambda: robot.rows(robot.window.batch.table, Column.MATCHES) == ["1"])
    robot.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    robot.wait(lambda: robot.rows(robot.window.batch.table, Column.MATCHES) == ["2"])
    robot.wait(lambda: not any(line.is_out for line in view.lines))


def test_one_of_two_matches_of_a_line_is_left_out_by_its_number(robot: Robot, work: Work) -> None:
    view = look_at(robot, work, {"a.txt": "old old\n"})
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_2)
    assert view.lines[0].is_ticked is None
    robot.wait(lambda: robot.rows(robot.window.batch.table, Column.MATCHES) == ["1"])
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "new old\n"}


def test_the_menu_of_a_line_has_each_of_its_matches(robot: Robot, work: Work) -> None:
    view = look_at(robot, work, {"a.txt": "old & old\n"})
    line, place = view.viewport(), QPoint(5, 5)
    QApplication.sendEvent(line, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, line.mapToGlobal(place)))
    (menu,) = view.findChildren(QMenu)
    assert [(one.text(), one.isChecked()) for one in menu.actions()] == [
        ("&1  old → new", True),
        ("&2  old → new", True),
    ]
    menu.actions()[0].trigger()
    assert [match.is_out for match in view.lines[0].matches] == [True, False]
    menu.close()
    robot.wait(lambda: robot.rows(robot.window.batch.table, Column.MATCHES) == ["1"])


def test_where_the_last_match_is_unticked_it_is_the_file_that_is_left_out(robot: Robot, work: Work) -> None:
    view = look_at(robot, work, {"a.txt": "old\n", "b.txt": "old\n"})
    view.toggle(changed(view)[0])
    robot.wait(lambda: len(robot.window.batch.model.ticked()) == 1)
    assert robot.rows(robot.window.batch.table) == ["a.txt", "b.txt"]


def test_ticks_of_other_files_stay_when_a_match_is_unticked(robot: Robot, work: Work) -> None:
    view = look_at(robot, work, {"a.txt": "old\nold\n", "b.txt": "old\n"})
    robot.click_tick(robot.window.batch.table, "b.txt")
    view.toggle(changed(view)[0])
    robot.wait(lambda: robot.rows(robot.window.batch.table, Column.MATCHES) == ["1", "1"])
    assert [one.path[-5:] for one in robot.window.batch.model.ticked()] == ["a.txt"]


def test_a_line_that_is_typed_over_becomes_an_edit_of_the_batch(robot: Robot, work: Work) -> None:
    view = look_at(robot, work, {"a.txt": "old\nkept\nkept\n"})
    view.type_over(2)
    field = view.viewport().findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.accessibleName() == "Line 3"
    field.setText("typed")
    QTest.keyClick(field, Qt.Key.Key_Return)
    robot.wait(lambda: len(robot.window.flow.cards) == 2)
    assert robot.window.flow.cards[1].kind == "edit"
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "new\nkept\ntyped\n"}


def test_escape_ends_typing_without_a_change(robot: Robot, work: Work) -> None:
    view = look_at(robot, work, {"a.txt": "old\n"})
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_F2)
    field = view.viewport().findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("typed")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    robot.bot.wait(50)
    assert len(robot.window.flow.cards) == 1


def test_a_line_with_what_a_field_would_lose_cannot_be_typed_over(robot: Robot, work: Work) -> None:
    view = look_at(robot, work, {"a.txt": "old \x01\n"})
    view.type_over(changed(view)[0])
    assert view.viewport().findChild(QLineEdit) is None


def png(colour: str) -> bytes:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def test_a_picture_is_shown_side_by_side_swiped_seen_through_and_as_a_difference(robot: Robot, work: Work) -> None:
    work.write({"a.png": png("red"), "b.png": png("blue")})
    robot.window.flow.add(operations.replace_with(str(work.tree / "a.png"), str(work.tree / "b.png")))
    panel = robot.window.batch.diff
    robot.wait(panel.pictures.isVisible)
    canvas = panel.pictures.canvas
    middle, end = (
        QPoint(canvas.width() // 4, canvas.height() // 2),
        QPoint(canvas.width() * 3 // 4, canvas.height() // 2),
    )
    shown = canvas.grab().toImage()
    assert [QColor(shown.pixel(at)).name() for at in (middle, end)] == ["#ff0000", "#0000ff"]
    robot.click("What differs")
    shown = canvas.grab().toImage()
    assert QColor(shown.pixel(canvas.rect().center())).name() == "#ff00ff"
    robot.click("One over the other")
    assert panel.pictures.slider.isVisible()
    robot.click("Seen through")
    shades = []
    for part in (0, 50, 100):  # of the red one, on top of the blue one
        panel.pictures.slider.setValue(part)
        shades.append(QColor(canvas.grab().toImage().pixel(canvas.rect().center())))
    assert [shade.name() for shade in (shades[0], shades[2])] == ["#0000ff", "#ff0000"]
    assert abs(shades[1].red() - 128) <= 2 >= abs(shades[1].blue() - 128)


def test_a_file_that_is_renamed_and_edited_shows_what_changes_in_it(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    robot.window.flow.add(operations.rename(f"{work.tree}/a.txt", f"{work.tree}/b.txt"))
    view = robot.window.batch.diff.view
    robot.wait(lambda: len(view.lines) == 1 and view.lines[0].new and view.lines[0].new.text == "new")
    assert robot.rows(robot.window.batch.table, 1) == ["rename"]
    assert robot.window.batch.diff._path.text() == f"{work.tree}/a.txt → {work.tree}/b.txt"


def test_bytes_are_shown_where_a_file_is_no_text(robot: Robot, work: Work) -> None:
    work.write({"a.bin": b"\0abc" * 100, "b.bin": b"\0abc" * 50 + b"\0xyz" + b"\0abc" * 49})
    robot.window.flow.add(operations.replace_with(str(work.tree / "a.bin"), str(work.tree / "b.bin")))
    view = robot.window.batch.diff.view
    robot.wait(lambda: any(line.kind == "~" for line in view.lines))
    (differs,) = [line for line in view.lines if line.kind == "~"]
    assert differs.new is not None
    assert differs.new.text.startswith("000000c0  00 61 62 63 00 61 62 63 00 78 79 7a")


def test_the_change_is_there_as_text_for_whoever_has_it_read_out(robot: Robot, work: Work) -> None:
    look_at(robot, work, {"a.txt": "old\n"})
    robot.click("Show the change as text")
    assert robot.window.batch.diff.text.toPlainText() == "1 removed: old\n1 added: new"


# Rows, without a window


def test_hexdump_shows_what_differs_and_a_little_around_it() -> None:
    rows = hexdump.rows(bytes(16 * 20), bytes(16 * 10) + b"\1" + bytes(16 * 10 - 1) + b"more")
    assert [row.kind for row in rows] == ["@", "=", "=", "~", "=", "=", "@", "=", "=", "+"]


def test_a_match_of_a_later_search_is_found_on_the_line_it_was_on_before() -> None:
    rows = [DiffRow("~", 1, "a", 1, "b"), DiffRow("~", 2, "x", 3, "y")]
    matches = [Match(0, "1", 1, "a", "b\nc", False), Match(1, "2", 3, "x", "y", False)]
    assert [[match.id for match in line.matches] for line in Lines(rows, matches)] == [["1"], ["2"]]


def test_a_line_of_which_only_some_matches_are_left_out_shows_what_it_will_be() -> None:
    rows, real = [DiffRow("~", 1, "o o", 1, "n n")], [DiffRow("~", 1, "o o", 1, "o n")]
    matches = [Match(0, "1", 1, "o", "n", True), Match(0, "2", 1, "o", "n", False)]
    assert mixed(rows, real, matches)[0].new_text == "o n"
    assert Lines(rows, matches)[0].is_ticked is None


def test_files_saved_by_another_program_are_shown_as_they_are_now_and_all_ticks_stay(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n", "c.txt": "old\n"})
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    robot.wait_until_planned(3)
    robot.click_tick(robot.window.batch.table, "c.txt")
    robot.window.flow.look_again()
    robot.bot.wait(300)
    assert robot.window.batch.trouble.says == ""
    work.write({"a.txt": "old old old\n"})
    robot.window.flow.look_again()  # as when a person comes back to the window
    robot.wait(lambda: robot.rows(robot.window.batch.table, Column.MATCHES) == ["3", "1", "1"])
    assert robot.window.batch.trouble.says.startswith(f"{work.tree}/a.txt changed on disk after the preview.")
    assert robot.rows(robot.window.batch.table, Column.STATUS) == ["ready", "ready", "left out"]


def test_counts_are_of_what_will_be_whatever_is_left_out_or_typed_over(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "first old\nsecond old\nthird old\n"})
    flow, batch = robot.window.flow, robot.window.batch
    flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    robot.wait(lambda: [line.matches for line in batch.diff.view.lines if line.matches])
    first = next(line.matches for line in batch.diff.view.lines if line.matches)
    flow.leave_out(0, {one.id for one in first}, is_out=True)
    edit: Json = {"op": "edit", "path": str(work.tree / "a.txt"), "find": "third new", "replace": "my own line"}
    flow.add(operations.card(edit))

    robot.wait(lambda: batch.head.summary == "2 operations · 1 file · 3 changes")
    robot.wait(lambda: robot.rows(batch.table, Column.LINES) == ["+2 −2"])
    robot.wait(lambda: batch.diff.heading == "+2 −2")
    assert flow.cards[0].detail == "1 file in tree"


def test_a_file_of_which_a_match_was_left_out_before_is_left_out_as_a_whole(robot: Robot, work: Work) -> None:
    view = look_at(robot, work, {"a.txt": "old\nold\n", "b.txt": "old\n"})
    view.toggle(changed(view)[0])
    robot.wait(lambda: robot.rows(robot.window.batch.table, Column.MATCHES) == ["1", "1"])
    robot.click_tick(robot.window.batch.table, "a.txt")
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "old\nold\n", "b.txt": "new\n"}


PATCH = "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,4 @@\n one\n+new\n+newer\n two\n@@ -8,3 +10 @@\n-eight\n-nine\n-ten\n+8 to 10\n"
NUMBERS = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n"


def test_parts_of_a_patch_are_left_out_in_the_preview_line_by_line_that_they_have(robot: Robot, work: Work) -> None:
    work.write({"a.txt": NUMBERS, "fix.diff": PATCH})
    patch: Json = {"op": "patch", "file": str(work.tree / "fix.diff"), "base": str(work.tree)}
    robot.window.flow.add(operations.card(patch))
    robot.wait_until_planned(1)
    view = robot.window.batch.diff.view
    robot.wait(lambda: view.lines.has_matches)

    ticked = [number for number, line in enumerate(view.lines) if line.matches]
    assert [(view.lines[number].kind, len(view.lines[number].matches)) for number in ticked] == [
        *[("+", 1)] * 2,
        *[("~", 1), ("-", 1), ("-", 1)],
    ]
    view.toggle(ticked[3])
    assert [view.lines[number].is_out for number in ticked] == [False, False, True, True, True]
    robot.wait(lambda: robot.rows(robot.window.batch.table, Column.MATCHES) == ["1"])
    assert [line.is_out for line in view.lines if line.matches] == [False, False, True, True, True]
    robot.apply()
    robot.wait_for(State.OVER)

    assert (work.tree / "a.txt").read_text() == NUMBERS.replace("two", "new\nnewer\ntwo")
