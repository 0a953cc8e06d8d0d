"""What people do with Holdfast, through its window, on real files."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt

from app.flows.batch import State
from app.models.columns import Column
from app.window.tables import select_row
from tests.support.robot import Moment, Robot
from tests.support.talking import worker
from tests.support.tree import snapshot
from tests.support.work import Work

MANY = 1_500


@pytest.fixture
def many(work: Work) -> Work:
    """A folder with many files that hold the same word."""
    work.write({f"part{number % 20:02}/file{number:04}.txt": f"old {number}\n" for number in range(MANY)})
    return work


def queue_replacement(robot: Robot, work: Work, files: int) -> None:
    robot.drop(work.tree)
    robot.find_and_replace("old", "new")
    robot.wait_until_planned(files)


def new_files(work: Work) -> int:
    """Count the files with new content, our own side files apart."""
    return sum(path.read_text().startswith("new") for path in work.tree.glob("*/file*.txt"))


def half_way(robot: Robot, work: Work, number: signal.Signals, part: int = 10) -> Moment:
    """Send the engine a signal when a file has its new content; that is the middle one of many, unless told otherwise."""
    return Moment(robot.window.engine.pid, number, work.tree / f"part{part:02}" / f"file{part:04}.txt", "new")


def test_a_word_is_replaced_in_many_files_at_once(robot: Robot, many: Work) -> None:
    queue_replacement(robot, many, MANY)
    assert robot.window.batch.head.summary == "1 operation · 1,500 files · 1,500 changes"
    assert robot.window.batch.actions_bar.says == "Nothing has been written yet."
    robot.click("Apply 1,500 changes in 1,500 files")
    robot.wait_for(State.OVER)
    assert robot.window.batch.result.headline.text() == "1,500 files changed"
    assert all(text.startswith("new ") for text in many.texts().values())
    robot.click("Done")
    robot.wait_for(State.EMPTY)


def test_apply_answers_to_ctrl_enter_and_never_to_enter(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    queue_replacement(robot, work, 1)
    robot.press(Qt.Key.Key_Return, on=robot.window.batch.table)
    assert robot.window.flow.state is State.READY
    robot.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "new\n"}


def test_files_without_the_word_and_binary_files_stay_out_of_the_batch(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "nothing\n", "c.bin": b"old\0\xff"})
    queue_replacement(robot, work, 1)
    assert robot.rows(robot.window.batch.table) == ["a.txt"]
    assert robot.window.flow.cards[0].detail == "1 file in tree"


def test_cancel_in_the_middle_puts_everything_back(robot: Robot, many: Work) -> None:
    before = snapshot(many.tree)
    queue_replacement(robot, many, MANY)
    stopped = half_way(robot, many, signal.SIGSTOP, part=1)  # early: once it goes on it may do much before it listens
    robot.apply()
    robot.wait(lambda: stopped.has_come)
    assert 0 < new_files(many) < MANY
    robot.click("Cancel and put everything back")
    assert robot.window.batch.progress.says.startswith("Cancelling…")  # at once, though the engine stands still
    robot.wait(lambda: not robot.window.engine._process.bytesToWrite())  # it is in the pipe before the engine goes on
    os.kill(robot.window.engine.pid, signal.SIGCONT)
    robot.wait_for(State.OVER)
    assert robot.window.batch.result.headline.text() == "Cancelled"
    assert robot.window.batch.result.detail.text() == "All 1,500 files are as they were."
    assert snapshot(many.tree) == before


def test_logging_out_waits_until_everything_is_put_back(robot: Robot, many: Work) -> None:
    before = snapshot(many.tree)
    queue_replacement(robot, many, MANY)
    refused: list[bool] = []
    closed: list[bool] = []
    robot.window.closed.connect(lambda: closed.append(True))
    stopped = half_way(robot, many, signal.SIGSTOP, part=1)
    robot.apply()
    robot.wait(lambda: stopped.has_come)
    robot.window.log_out(lambda: refused.append(True))
    assert (refused, closed) == ([True], [])
    robot.wait(lambda: not robot.window.engine._process.bytesToWrite())
    os.kill(robot.window.engine.pid, signal.SIGCONT)
    robot.wait(lambda: bool(closed))
    assert snapshot(many.tree) == before


def test_an_engine_that_is_killed_is_noticed_and_its_batch_put_back(robot: Robot, many: Work) -> None:
    before = snapshot(many.tree)
    queue_replacement(robot, many, MANY)
    killed = half_way(robot, many, signal.SIGKILL)
    robot.apply()
    robot.wait(lambda: killed.has_come)
    robot.wait_for(State.OVER)
    assert robot.window.batch.result.headline.text() == "The engine stopped unexpectedly"
    assert snapshot(many.tree) == before
    robot.click("Back to the batch")
    robot.wait_until_planned(MANY)


def test_unticked_files_are_left_as_they_are(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n", "c.txt": "old\n"})
    queue_replacement(robot, work, 3)
    robot.click_tick(robot.window.batch.table, "b.txt")
    assert robot.rows(robot.window.batch.table, Column.STATUS) == ["ready", "left out", "ready"]
    robot.click("Apply 2 changes in 2 files")
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "new\n", "b.txt": "old\n", "c.txt": "new\n"}


def test_the_space_bar_ticks_and_the_filter_says_what_it_hides(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n"})
    queue_replacement(robot, work, 2)
    table = robot.window.batch.table
    table.selectRow(0)
    robot.press(Qt.Key.Key_Space, on=table)
    assert len(robot.window.batch.model.ticked()) == 1
    robot.press(Qt.Key.Key_Space, on=table)
    robot.type("Filter files", "b.txt")
    assert robot.rows(table) == ["b.txt"]
    assert "The filter hides 1 change that will be applied as well." in robot.window.batch.actions_bar.says


def test_each_file_shows_what_changes_in_it(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "one\nold\nthree\n"})
    queue_replacement(robot, work, 1)
    view = robot.window.batch.diff.view
    robot.wait(lambda: len(view.lines) == 3)
    changed = view.lines[1]
    assert (changed.kind, changed.old.text, changed.new.text) == ("~", "old", "new")  # type: ignore[union-attr]
    assert "2 removed: old" in view.accessibleDescription()


def test_replace_with_another_file_rename_edit_and_delete_are_one_batch(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n", "d.txt": "d\n", "fresh": "fresh\n"})
    robot.drop(work.tree / "a.txt")
    robot.answers.next.append([str(work.tree / "fresh")])
    robot.click("Replace with")
    robot.wait_until_planned(1)
    robot.drop(work.tree / "b.txt")
    robot.click("Rename")
    robot.wait(robot.dialog)
    robot.type("New name", "renamed.txt")
    robot.click("Add to batch")
    robot.wait_until_planned(2)
    robot.drop(work.tree / "c.txt")
    robot.click("Edit text")
    robot.wait(robot.dialog)
    robot.dialog().editor.setPlainText("typed\n")  # type: ignore[union-attr]
    robot.click("Add to batch")
    robot.wait_until_planned(3)
    robot.drop(work.tree / "d.txt")
    robot.click("Delete")
    robot.wait_until_planned(4)
    robot.click("Apply to 4 files")
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "fresh\n", "renamed.txt": "b\n", "c.txt": "typed\n", "fresh": "fresh\n"}


def test_a_problem_is_named_on_its_row_and_can_be_left_out(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n"})
    robot.drop(work.tree / "a.txt", work.tree / "b.txt")
    robot.click("Delete")
    robot.wait_until_planned(2)
    (work.tree / "b.txt").unlink()
    robot.window.flow.evaluate()
    robot.wait(lambda: robot.window.batch.problems.says)
    assert "there is no such file" in robot.rows(robot.window.batch.table, Column.STATUS)
    assert not robot.window.batch.actions_bar.apply_button.isEnabled()
    robot.click("Leave these out")
    robot.wait_until_planned(1)
    robot.click("Apply to 1 file")
    robot.wait_for(State.OVER)
    assert work.texts() == {}


def test_a_file_that_was_saved_after_the_preview_is_not_overwritten(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n"})
    queue_replacement(robot, work, 2)
    (work.tree / "b.txt").write_text("saved by an editor\n")
    robot.apply()
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "old\n", "b.txt": "saved by an editor\n"}
    assert str(work.tree / "b.txt") in robot.window.batch.result.detail.text()


def test_a_name_that_is_not_utf8_can_be_dropped_and_changed(robot: Robot, work: Work) -> None:
    odd = Path(os.fsdecode(os.fsencode(work.tree) + b"/odd\xff.txt"))
    odd.write_text("old\n")
    data = QMimeData()
    data.setData("text/uri-list", b"file://" + os.fsencode(work.tree) + b"/odd%FF.txt\r\n")
    robot.drop_data(data)
    robot.find_and_replace("old", "new")
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    assert odd.read_text() == "new\n"


def test_closing_while_a_batch_runs_asks_first_and_keeps_running_by_default(robot: Robot, many: Work) -> None:
    before = snapshot(many.tree)
    queue_replacement(robot, many, MANY)
    stopped = half_way(robot, many, signal.SIGSTOP)
    robot.apply()
    robot.wait(lambda: stopped.has_come)
    robot.window.close()
    assert robot.window.isVisible()
    robot.wait(robot.dialog)
    assert robot.dialog().defaultButton().text() == "Keep running"  # type: ignore[union-attr]
    robot.click("Cancel, put everything back, then close")
    os.kill(robot.window.engine.pid, signal.SIGCONT)
    robot.wait(lambda: not robot.window.isVisible())
    assert snapshot(many.tree) == before


# Leftovers


def watch(robot: Robot, work: Work) -> None:
    robot.press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    robot.answers.next.append([str(work.tree)])
    robot.click("Choose a folder…")
    robot.wait(lambda: robot.window.leftovers.coverage.text().startswith("Watching 1 place"))


def test_a_leftover_that_appears_is_looked_at_and_restored(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "broken\n"})
    watch(robot, work)
    page = robot.window.leftovers
    work.write({"a.txt.bak": "good\n"})
    robot.wait(lambda: robot.rows(page.table) == ["a.txt.bak"])
    robot.wait(lambda: len(page.diff.view.lines) == 1)
    shown = page.diff.view.lines[0]
    assert (shown.old.text, shown.new.text) == ("broken", "good")  # type: ignore[union-attr]
    robot.click("Restore the original from this leftover")
    robot.wait_until_planned(1)
    assert robot.window.page == "batch"
    robot.click("Apply to 1 file")
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "good\n", "a.txt.bak": "good\n"}


def clear_after_a_question(robot: Robot, work: Work, answer: str) -> None:
    """Tick a leftover, be asked about it, keep it; be asked again, and answer that."""
    work.write({"a.txt": "a\n", "a.txt.bak": "b\n"})
    watch(robot, work)
    table = robot.window.leftovers.table
    robot.wait(lambda: robot.rows(table) == ["a.txt.bak"])
    assert robot.window.leftovers.model.ticked() == []
    robot.click_tick(table, "a.txt.bak")
    robot.click("Clear what is ticked")
    robot.wait(robot.dialog)
    robot.click("Keep them")
    assert "a.txt.bak" in work.texts()
    robot.click("Clear what is ticked")
    robot.click(answer)
    robot.wait(lambda: work.texts() == {"a.txt": "a\n"})
    robot.wait(lambda: robot.window.leftovers.model.rowCount() == 0)


def test_leftovers_are_cleared_only_after_a_question_and_come_back_by_undo(robot: Robot, work: Work) -> None:
    clear_after_a_question(robot, work, "Clear")
    robot.wait(lambda: robot.window.leftovers.notice.says == "1 leftover cleared. Undo is in History.")
    robot.window.show_page("history")
    robot.wait(lambda: robot.window.history.model.rowCount() == 1)
    robot.click("Undo this batch…")
    robot.wait_until_planned(1)
    robot.click("Apply to 1 file")
    robot.wait_for(State.OVER)
    assert work.texts() == {"a.txt": "a\n", "a.txt.bak": "b\n"}


def test_leftovers_go_to_the_trash_only_after_a_question(
    robot: Robot, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear_after_a_question(robot, work, "Move to trash")
    robot.wait(lambda: robot.window.leftovers.notice.says == "1 leftover moved to the trash.")


def test_leftovers_are_deleted_for_good_only_when_that_is_asked_for(robot: Robot, work: Work, state: Path) -> None:
    clear_after_a_question(robot, work, "Delete for good")
    robot.wait(lambda: robot.window.leftovers.notice.says == "1 leftover deleted for good.")
    assert not [path for path in (state / "attic").rglob("*") if path.is_file()]


@pytest.mark.skipif(shutil.which("vim") is None, reason="vim is not installed")
def test_a_swap_file_is_restored_from_as_vim_recovers_it(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "saved\n"})
    save = [
        "vim",
        "-u",
        "NONE",
        "-N",
        "-es",
        "-c",
        "normal otyped",
        "-c",
        "preserve",
        "-c",
        "!cp .a.txt.swp kept",
        "-c",
        "q!",
    ]
    subprocess.run([*save, "a.txt"], cwd=work.tree, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=30)
    (work.tree / "kept").rename(work.tree / ".a.txt.swp")
    watch(robot, work)
    table = robot.window.leftovers.table
    robot.wait(lambda: robot.rows(table) == [".a.txt.swp"])
    robot.click("Restore the original from this leftover")
    robot.wait_until_planned(1)
    robot.click("Apply to 1 file")
    robot.wait_for(State.OVER)
    assert (work.tree / "a.txt").read_text() == "saved\ntyped\n"
    assert (work.tree / ".a.txt.swp").exists()


def test_what_is_kept_or_ignored_is_shown_no_more_until_a_person_wants_it_again(robot: Robot, work: Work) -> None:
    work.write({"a": "a", "a.bak": "b", "sub/c.bak": "c", "a~": "d"})
    watch(robot, work)
    page = robot.window.leftovers
    robot.wait(lambda: sorted(robot.rows(page.table)) == ["a.bak", "a~", "c.bak"])
    select_row(page.table, page.model.row_of(str(work.tree / "a~")))
    robot.click("Keep: show it no more until it changes")
    robot.wait(lambda: sorted(robot.rows(page.table)) == ["a.bak", "c.bak"])
    select_row(page.table, page.model.row_of(str(work.tree / "sub/c.bak")))
    robot.click("Ignore this kind here…")
    robot.wait(robot.dialog)
    robot.click("Ignore")
    robot.wait(lambda: robot.rows(page.table) == ["a.bak"])
    page.more.menu().actions()[-1].trigger()
    robot.wait(lambda: sorted(robot.rows(page.table)) == ["a.bak", "a~", "c.bak"])
    assert page.notice.says == "2 decisions were taken back."


def test_what_is_protected_is_shown_on_request_with_why_and_cannot_be_ticked(robot: Robot, work: Work) -> None:
    work.write({"a": "a", "a.bak": "b", "db-wal": "x"})
    watch(robot, work)
    page = robot.window.leftovers
    robot.wait(lambda: robot.rows(page.table) == ["a.bak"])
    page.protected.setChecked(True)
    robot.wait(lambda: sorted(robot.rows(page.table)) == ["a.bak", "db-wal"])
    page.groups.choose("protected")
    robot.wait(lambda: robot.rows(page.table) == ["db-wal"])
    select_row(page.table, 0)
    assert "committed data that are nowhere else" in page.reason.text()
    page.model.tick_shown()
    assert page.model.ticked() == []
    page.protected.setChecked(False)
    page.groups.choose("")
    robot.wait(lambda: robot.rows(page.table) == ["a.bak"])


# Recovery


@pytest.fixture
def interrupted(many: Work) -> Iterator[Work]:
    """A batch whose engine was killed half-way, before there was any window."""
    operations = [
        {"op": "edit", "path": str(path), "find": "old", "replace": "new"} for path in sorted(many.tree.glob("*/*.txt"))
    ]
    with worker() as talking:
        plan = talking.evaluate(*operations)
        middle = many.tree / "part10" / "file0010.txt"
        killed = Moment(talking.hello["pid"], signal.SIGKILL, middle, "new")
        talking.send(id=2, do="apply", plan=plan["plan"], name="rename the word")
        killed.wait()
    assert 0 < new_files(many) < MANY
    yield many


def test_an_interrupted_batch_is_shown_first_and_put_back(interrupted: Work, robot: Robot) -> None:
    robot.wait(lambda: robot.window.page == "recovery")
    (card,) = robot.window.recovery.cards.values()
    assert f"of {MANY:,} files have new content" in card.says
    assert "the machine has run on" in card.says
    robot.click("Put all back")
    robot.wait(lambda: robot.window.page == "batch")
    assert robot.window.batch.trouble.says == "Put back: 1,500 files are as before."
    assert new_files(interrupted) == 0


def test_an_interrupted_batch_can_be_finished(interrupted: Work, robot: Robot) -> None:
    robot.wait(lambda: robot.window.page == "recovery")
    robot.click("Finish applying")
    robot.wait(lambda: robot.window.page == "batch")
    assert new_files(interrupted) == MANY


def test_deciding_later_leaves_everything_as_it_is(interrupted: Work, robot: Robot) -> None:
    robot.wait(lambda: robot.window.page == "recovery")
    before = new_files(interrupted)
    robot.click("Decide later")
    assert robot.window.page == "batch"
    assert new_files(interrupted) == before
    robot.drop(interrupted.tree / "part00")
    robot.find_and_replace("new", "newer")
    robot.wait(lambda: robot.window.flow.state is State.READY)
    robot.apply()
    robot.wait_for(State.OVER)
    assert robot.window.batch.result.headline.text() == "Nothing was changed."
    assert new_files(interrupted) == before
