"""Everything that the window does can be done with the keyboard alone, in a real window."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

from core import api
from tests.support.driving import ROOT
from tests.support.journeys import fill_in_path, fill_in_search, stop_half_way, wait_until
from tests.support.screen import Program, Start
from tests.support.tree import snapshot
from tests.support.work import Work


def search(program: Program) -> None:
    program.wait_for("Find and replace")
    program.press("ctrl+shift+f")
    fill_in_search(program)


def apply(program: Program, button: str) -> None:
    program.wait_for(button)
    program.press("ctrl+Return")
    program.wait_for("state", "OVER")


def test_a_file_is_found_by_the_filter_and_left_out(start: Start, work: Work) -> None:
    work.write({f"file{number}.txt": "old\n" for number in range(12)})
    program = start(work.tree)
    search(program)
    program.wait_for("Apply 12 changes in 12 files")
    program.press("ctrl+f")
    program.wait_for("focus", "Filter files")
    program.type("file7")
    program.go_to("Files that will change")
    program.press("Home", "space")
    apply(program, "Apply 11 changes in 11 files")
    assert [path.name for path in work.tree.iterdir() if path.read_text() == "old\n"] == ["file7.txt"]
    assert program.close() == 0


def test_a_match_is_left_out_and_a_line_typed_over_in_the_preview(start: Start, work: Work) -> None:
    work.write({"a.txt": "first old\nbetween\nsecond old\nthird old\n"})
    program = start(work.tree)
    search(program)
    program.wait_for("Apply 3 changes in 1 file")
    program.go_to("Preview")
    program.press("space")
    program.wait_for("Apply 2 changes in 1 file")
    program.press("F7", "Return")
    program.wait_for("focus", "Line 3")
    program.press("ctrl+a")
    program.type("my own line")
    program.press("Return")
    apply(program, "Apply 3 changes in 1 file")
    assert work.texts() == {"a.txt": "first old\nbetween\nmy own line\nthird new\n"}
    assert program.close() == 0


def test_a_part_of_a_patch_is_left_out_in_the_preview(start: Start, work: Work) -> None:
    diff = "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1,3 @@\n one\n+new\n+newer\n@@ -9,2 +11 @@\n-nine\n-ten\n+9 and 10\n"
    numbers = "one\n" + "between\n" * 7 + "nine\nten\n"
    work.write({"a.txt": numbers, "fix.diff": diff})
    program = start(work.tree)
    program.press("alt+f", "p")
    fill_in_path(program, work.tree / "fix.diff")
    program.wait_for("focus", "Paths begin at")
    program.press("Return")
    program.wait_for("Start over")
    program.focus()
    program.wait_for("Apply 2 changes in 1 file")
    program.go_to("Preview")
    program.press("space")
    apply(program, "Apply 1 change in 1 file")
    assert (work.tree / "a.txt").read_text() == numbers.replace("nine\nten\n", "9 and 10\n")
    assert program.close() == 0


def test_a_batch_is_undone_from_its_result(start: Start, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n"})
    before = snapshot(work.tree)
    program = start(work.tree)
    search(program)
    apply(program, "Apply 2 changes in 2 files")
    program.push("Undo batch")
    apply(program, "Apply to 2 files")
    assert snapshot(work.tree) == before
    assert program.close() == 0


def test_a_batch_of_another_day_is_undone_from_history(start: Start, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    before = snapshot(work.tree)
    assert isinstance(work.apply({"op": "edit", "path": "a.txt", "find": "old", "replace": "new"}), api.Committed)
    program = start()
    program.press("ctrl+3")
    program.wait_for("page", "history")
    program.push("Undo this batch…")
    program.wait_for("page", "batch")
    apply(program, "Apply to 1 file")
    assert snapshot(work.tree) == before
    assert program.close() == 0


def test_what_is_queued_is_taken_back_and_queued_again(start: Start, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    program = start(work.tree)
    search(program)
    program.wait_for("Apply 1 change in 1 file")
    program.press("ctrl+z")
    program.wait_for("state", "EMPTY")
    program.press("ctrl+shift+z")
    apply(program, "Apply 1 change in 1 file")
    assert work.texts() == {"a.txt": "new\n"}
    assert program.close() == 0


def test_a_file_is_renamed_another_made_and_one_deleted(start: Start, work: Work) -> None:
    work.write({"a.txt": "1", "b.txt": "2"})
    program = start(work.tree / "a.txt")
    program.wait_for("Rename")
    program.press("F2")
    program.wait_for("focus", "New name")
    program.press("ctrl+a")
    program.type("renamed.txt")
    program.press("Return")
    program.wait_for("Start over")
    program.focus()
    program.press("ctrl+l")
    program.wait_for("focus", "Path")
    program.type(str(work.tree / "b.txt"))
    program.press("Return")
    program.wait_for("Delete")
    program.focus()
    program.press("ctrl+Delete")
    apply(program, "Apply to 2 files")
    assert work.texts() == {"renamed.txt": "1"}
    assert program.close() == 0


def test_a_plan_is_saved_and_opened_again(start: Start, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    plan = work.tree.parent / "kept.json"
    program = start(work.tree)
    search(program)
    program.wait_for("Apply 1 change in 1 file")
    for keys in ("ctrl+s", "ctrl+shift+p"):
        program.press(keys)
        fill_in_path(program, plan)
        program.focus()
        if keys == "ctrl+s":
            program.wait_for("state", "READY")
            wait_until(plan.exists)
            program.press("ctrl+n")
            program.wait_for("state", "EMPTY")
    apply(program, "Apply 1 change in 1 file")
    assert json.loads(plan.read_text())["operations"][0]["op"] == "find_replace"
    assert program.close() == 0


def test_what_has_a_problem_is_left_out(start: Start, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    edits = [{"op": "edit", "path": name, "find": "old", "replace": "new"} for name in ("a.txt", "missing.txt")]
    plan = work.tree.parent / "plan.json"
    plan.write_text(
        json.dumps({"holdfast": 1, "operations": [{**one, "path": str(work.tree / one["path"])} for one in edits]})
    )
    program = start(plan)
    program.push("Leave these out")
    apply(program, "Apply 1 change in 1 file")
    assert work.texts() == {"a.txt": "new\n"}
    assert program.close() == 0


def test_closing_while_a_batch_runs_keeps_it_running_by_default(start: Start, many: Work) -> None:
    program = start(many.tree)
    search(program)
    engine = stop_half_way(program, many)
    program.press("ctrl+q")
    program.wait_for("focus", "Keep running")
    program.take_picture()
    program.press("Return")
    program.focus()
    os.kill(engine, signal.SIGCONT)
    program.wait_for("state", "OVER")
    assert set(many.texts().values()) == {f"new {number}\n" for number in range(1_500)}
    assert program.close() == 0


def test_a_leftover_is_cleared_and_comes_back_by_undo(start: Start, work: Work) -> None:
    work.write({"a.txt": "new\n", "a.txt.bak": "old\n"})
    before = snapshot(work.tree)
    program = start()
    program.press("ctrl+2")
    program.push("Choose a folder…")
    fill_in_path(program, work.tree)
    program.wait_for("row:a.txt.bak")
    program.focus()
    program.go_to("Leftovers")
    program.press("Home", "space")
    program.push("Clear what is ticked")
    program.wait_for("focus", "Keep them")
    program.take_picture()
    program.go_to("Clear")
    program.press("space")
    program.focus()
    program.press("ctrl+3")
    program.push("Undo this batch…")
    program.wait_for("page", "batch")
    apply(program, "Apply to 1 file")
    assert snapshot(work.tree) == before
    assert program.close() == 0


def test_the_dark_look_is_chosen_in_the_settings(start: Start) -> None:
    program = start()
    program.press("ctrl+5")
    program.wait_for("page", "settings")
    program.go_to("Theme")
    program.press("End")
    program.wait_for("look", "contrast")
    program.press("Up")
    program.wait_for("look", "dark")
    assert program.close() == 0


def test_the_next_start_shows_what_was_queued(start: Start, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n"})
    program = start(work.tree)
    search(program)
    program.wait_for("Apply 2 changes in 2 files")
    program.go_to("Files that will change")
    program.press("Home", "space")
    program.wait_for("Apply 1 change in 1 file")
    assert program.close() == 0
    program = start()
    apply(program, "Apply 1 change in 1 file")
    assert program.close() == 0


def test_a_second_start_hands_its_files_over(start: Start, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    program = start()
    second = subprocess.run(
        [sys.executable, "-P", "-m", "app", str(work.tree / "a.txt")],
        env={**os.environ, **program.screen_environment, "PYTHONPATH": str(ROOT)},
        timeout=30,
    )
    assert second.returncode == 0
    program.wait_for("Find and replace")
    search(program)
    apply(program, "Apply 1 change in 1 file")
    assert work.texts() == {"a.txt": "new\n"}
    assert program.close() == 0
