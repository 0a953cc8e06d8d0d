"""History: every batch is there afterwards, with what became of its files; undo is a batch like any other."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Qt

from app.flows import operations
from app.flows.batch import State
from app.models.history import Column, FileColumn
from core import api, memory
from core.history.limits import KEEP_SIZE
from tests.support.robot import Robot
from tests.support.tree import snapshot
from tests.support.work import Work


def apply_one(robot: Robot, work: Work, find: str = "old", put: str = "new") -> None:
    flow = robot.window.flow
    flow.add(operations.find_and_replace([str(work.tree)], find, put))
    robot.wait(lambda: flow.state is State.READY)
    robot.apply()
    robot.wait_for(State.OVER)
    robot.click("Done")
    robot.wait_for(State.EMPTY)


def open_history(robot: Robot, batches: int) -> None:
    robot.press(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    robot.wait(lambda: robot.window.history.model.rowCount() == batches)


def test_a_batch_is_undone_days_later_and_everything_is_as_before(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n"})
    (work.tree / "a.txt").chmod(0o640)
    os.utime(work.tree / "a.txt", (1_600_000_000, 1_600_000_000))
    before = snapshot(work.tree)
    apply_one(robot, work)
    open_history(robot, 1)
    page = robot.window.history
    assert robot.rows(page.table, Column.NAME) == ["old → new"]
    robot.wait(lambda: robot.rows(page.files, FileColumn.SINCE) == ["unchanged since"] * 2)
    robot.click("Undo this batch…")
    assert robot.window.page == "batch"
    robot.wait_until_planned(2)
    assert robot.window.batch.head._name.text() == "Undo “old → new”"
    robot.wait(lambda: any(one.kind == "~" for one in robot.window.batch.diff.view.lines))  # then ↔ now
    robot.apply()
    robot.wait_for(State.OVER)
    assert snapshot(work.tree) == before
    robot.click("Done")
    open_history(robot, 2)
    assert robot.rows(page.table, Column.STATE) == ["applied", "undone"]


def test_a_file_that_was_edited_since_is_told_of_and_left_as_it_is_if_wished(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n"})
    apply_one(robot, work)
    work.write({"b.txt": "new, and more\n"})
    open_history(robot, 1)
    page = robot.window.history
    robot.wait(lambda: "changed since" in robot.rows(page.files, FileColumn.SINCE))
    robot.click("Undo this batch…")
    robot.wait(lambda: robot.window.batch.problems.says)
    table = robot.window.batch.table
    table.selectRow(robot.rows(table).index("b.txt"))
    robot.click("Leave it as it is now")
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "old\n", "b.txt": "new, and more\n"}


def test_a_file_that_was_edited_since_can_be_taken_back_all_the_same(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    apply_one(robot, work)
    work.write({"a.txt": "new, and more\n"})
    open_history(robot, 1)
    robot.click("Undo this batch…")
    robot.wait(lambda: robot.window.batch.problems.says)
    robot.click("Bring the previous version back all the same")
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "old\n"}


def test_the_result_offers_undo_at_once(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    robot.click("Undo batch")
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "old\n"}


def test_what_is_queued_beside_an_undo_takes_its_place_and_undo_of_the_queue_brings_it_back(
    robot: Robot, work: Work
) -> None:
    work.write({"a.txt": "old\n"})
    apply_one(robot, work)
    open_history(robot, 1)
    robot.click("Undo this batch…")
    robot.wait_until_planned(1)
    robot.window.flow.add(operations.delete([str(work.tree / "a.txt")]))
    robot.wait_until_planned(1)
    assert [card.kind for card in robot.window.flow.cards] == ["delete"]
    robot.window.flow.queue.undo()
    robot.wait_until_planned(1)
    assert robot.window.flow.is_undo


def test_a_report_is_saved_and_a_batch_is_kept_for_good(robot: Robot, work: Work, tmp_path: Path) -> None:
    work.write({"a.txt": "old\n"})
    apply_one(robot, work)
    open_history(robot, 1)
    page = robot.window.history
    report = tmp_path / "report.md"
    robot.answers.next.append([str(report)])
    page.report_button.menu().actions()[0].trigger()
    robot.wait(report.exists)
    assert "a.txt" in report.read_text()
    robot.click("Keep for good")
    robot.wait(lambda: robot.rows(page.table, Column.UNTIL) == ["kept for good"])


def test_a_filter_looks_at_names_and_states(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "one two\n"})
    apply_one(robot, work, "one", "1")
    apply_one(robot, work, "two", "2")
    open_history(robot, 2)
    assert robot.window.history.figures.text().startswith("2 batches · 2 files changed · 0 put back")
    robot.type("Filter batches", "two")
    assert robot.rows(robot.window.history.table, Column.NAME) == ["two → 2"]


def test_nothing_is_dropped_that_is_not_old(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    apply_one(robot, work)
    open_history(robot, 1)
    robot.click("Free space…")
    robot.wait(lambda: robot.window.history.notice.says == "Nothing is old enough to be dropped.")


def test_what_is_beyond_the_limits_goes_after_the_next_batch_and_the_page_says_so(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "large": ""})
    os.truncate(work.tree / "large", 3 << 29)  # all of it a hole, and more than what is to be kept
    os.utime(work.tree / "large", (1_600_000_000, 1_600_000_000))
    assert isinstance(work.apply({"op": "delete", "path": "large"}), api.Committed)
    robot.window.preferences.choose(KEEP_SIZE, "1")

    apply_one(robot, work)
    robot.wait(lambda: robot.window.history_flow.dropped)

    # The page is made only now, after all that.
    robot.wait(lambda: "1 batch cannot be undone any more" in robot.window.history.notice.says)
    assert [one.can_undo for one in memory.history()] == [True, False]


def test_an_empty_history_says_what_it_will_be_for(robot: Robot) -> None:
    robot.press(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    robot.wait(lambda: robot.window.history._middle.currentIndex() == 0)


def test_a_batch_that_cannot_be_undone_any_more_says_why(robot: Robot, work: Work) -> None:
    robot.window._take_back("unknown", "gone")
    robot.wait(lambda: robot.window.batch.trouble.says)
    assert robot.window.batch.trouble.says == (
        "Nothing was changed. This batch cannot be undone: no batch has that id."
    )


def test_nothing_can_be_done_about_a_batch_before_it_is_known_which(robot: Robot) -> None:
    page = robot.window.history
    for one in (page.undo_button, page.pin_button, page.report_button):
        assert not one.isEnabled()
