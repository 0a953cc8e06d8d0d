"""What a batch comes to, before and after: lines that come and go, formats, room on disks, and what was read again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app import window_texts
from app.flows import operations
from app.flows.batch import State
from app.models.columns import Column
from tests.support.robot import Robot
from tests.support.work import Json, Work


def queue(robot: Robot, work: Work, replacement: str = "new") -> None:
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], "old", replacement))
    robot.wait_for(State.READY)


def test_lines_and_format_stand_in_the_rows(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\nold\n", "b.txt": "old\r\n", "c.txt": "\ufeffold\n".encode("utf-16-le")})
    queue(robot, work)
    table = robot.window.batch.table
    robot.wait(lambda: robot.rows(table, Column.LINES) == ["+2 −2", "+1 −1", "+1 −1"])
    assert robot.rows(table, Column.FORMAT) == ["UTF-8 · LF", "UTF-8 · CRLF", "UTF-16 LE · LF"]
    spoken = table.model().index(0, Column.LINES).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Lines: +2 −2"


def test_only_what_is_in_sight_is_looked_into(robot: Robot, work: Work) -> None:
    work.write({f"{number:04}.txt": "old\n" for number in range(1_500)})
    queue(robot, work)
    table, model = robot.window.batch.table, robot.window.batch.model
    robot.wait(lambda: not any(map(model.remarks.lacks_figures, table.rows_in_sight())))
    assert sum(map(model.remarks.lacks_figures, model.changes)) > 1_300
    table.scrollToBottom()
    robot.wait(lambda: bool(table.model().index(1_499, Column.LINES).data()))


def test_a_column_that_is_no_order_leaves_the_order_as_it_is(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old old\n"})
    queue(robot, work)
    table = robot.window.batch.table
    header = table.horizontalHeader()
    table.sortByColumn(Column.MATCHES, Qt.SortOrder.DescendingOrder)
    robot.wait(lambda: robot.rows(table, Column.FILE) == ["b.txt", "a.txt"])
    place = header.viewport().rect().center()
    place.setX(header.sectionViewportPosition(Column.LINES) + header.sectionSize(Column.LINES) // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (
        Column.MATCHES,
        Qt.SortOrder.DescendingOrder,
    )
    assert robot.rows(table, Column.FILE) == ["b.txt", "a.txt"]


def test_a_small_window_leaves_columns_out_before_a_name_has_no_room(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    queue(robot, work)
    table = robot.window.batch.table
    robot.window.resize(1400, 800)
    robot.wait(lambda: not table.isColumnHidden(Column.FORMAT))
    robot.window.resize(robot.window.minimumSizeHint())
    robot.wait(lambda: table.isColumnHidden(Column.FORMAT))
    assert not table.isColumnHidden(Column.STATUS)


def test_how_much_room_is_needed_and_free_is_said_before_apply(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    queue(robot, work)
    needs = robot.window.batch.actions_bar.needs
    assert needs.startswith("Needs 4 bytes on the disk (")
    assert " free). " in needs


def test_with_several_disks_each_is_named() -> None:
    mib = 1 << 20
    said = window_texts.needs([("/home", 3 * mib, 5 * mib), ("/mnt/photos", mib, 2 * mib)], ticked=4)
    assert said == "Needs at most 3.0 MiB on /home (5.0 MiB free), 1.0 MiB on /mnt/photos (2.0 MiB free)."


def test_the_result_says_that_the_files_were_checked_again(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n"})
    queue(robot, work)
    robot.apply()
    detail = robot.window.batch.result.detail
    robot.wait(lambda: "everything is exactly as previewed." in detail.text())


def test_the_result_says_so_when_a_file_is_another_one_already(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    queue(robot, work)
    spoil = work.tree / "a.txt"
    robot.window.flow.certain.connect(lambda event: spoil.write_text("newer still"))
    robot.apply()
    detail = robot.window.batch.result.detail
    robot.wait(lambda: "Checked again: 1 file is not as the batch left it." in detail.text())


def test_who_goes_on_does_not_wait_for_the_reading(robot: Robot, work: Work) -> None:
    work.write({f"{number:03}.txt": "old\n" for number in range(300)})
    queue(robot, work)
    robot.apply()
    robot.wait_for(State.OVER)
    robot.window.flow.dismiss()
    create: Json = {"op": "create", "path": str(work.tree / "made"), "text": ""}
    robot.window.flow.add(operations.card(create))
    robot.wait_for(State.READY)
    assert "Checked again" not in robot.window.batch.result.detail.text()
