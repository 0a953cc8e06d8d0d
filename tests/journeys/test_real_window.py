"""The stories of the product in a real window, with a real mouse and a real keyboard."""

from __future__ import annotations

import os
import signal

from tests.support.journeys import fill_in_path, fill_in_search, stop_half_way
from tests.support.screen import Program, Start
from tests.support.tree import snapshot
from tests.support.work import Work


def search(program: Program) -> None:
    program.click("Find and replace")
    fill_in_search(program)


def test_bulk_replacement_with_mouse_and_keyboard(start: Start, work: Work) -> None:
    work.write({f"file{number}.txt": f"old {number}\n" for number in range(30)})
    program = start(work.tree)
    search(program)
    program.wait_for("Apply 30 changes in 30 files")
    program.click("row:file1.txt")
    program.press("space")  # leave this one out
    program.click("Apply 29 changes in 29 files")
    program.wait_for("Done")
    assert work.texts() == {f"file{n}.txt": f"{'old' if n == 1 else 'new'} {n}\n" for n in range(30)}
    assert program.close() == 0


def test_cancel_in_the_middle(start: Start, many: Work) -> None:
    before = snapshot(many.tree)
    program = start(many.tree)
    search(program)
    engine = stop_half_way(program, many)
    assert snapshot(many.tree) != before
    program.click("Cancel and put everything back")
    os.kill(engine, signal.SIGCONT)
    program.wait_for("Back to the batch")
    assert snapshot(many.tree) == before
    assert program.close() == 0


def test_recovery_after_everything_was_killed(start: Start, many: Work) -> None:
    before = snapshot(many.tree)
    program = start(many.tree)
    search(program)
    engine = stop_half_way(program, many)
    for pid in (program.process.pid, engine):  # as when the machine is switched off: nobody can put anything back
        os.kill(pid, signal.SIGKILL)
    program.process.wait()
    assert snapshot(many.tree) != before

    program = start()
    program.wait_for("page", "recovery")
    program.click("Put all back")
    program.wait_for("page", "batch")
    assert snapshot(many.tree) == before
    assert program.close() == 0


def test_a_leftover_that_appears_is_looked_at_and_restored(start: Start, work: Work) -> None:
    work.write({"a.txt": "broken\n"})
    program = start()
    program.press("ctrl+2")
    program.click("Choose a folder…")
    fill_in_path(program, work.tree)
    program.wait_for("Add a folder…")
    work.write({"a.txt.bak": "good\n"})
    program.click("row:a.txt.bak")
    program.click("Restore the original from this leftover")
    program.click("Apply to 1 file")
    program.wait_for("Done")
    assert work.texts() == {"a.txt": "good\n", "a.txt.bak": "good\n"}
    assert program.close() == 0


def test_sigterm_puts_everything_back_and_closes(start: Start, many: Work) -> None:
    before = snapshot(many.tree)
    program = start(many.tree)
    search(program)
    engine = stop_half_way(program, many)
    program.process.terminate()
    program.wait_for("state", "CANCELLING")  # an engine that went on before that could be done first
    os.kill(engine, signal.SIGCONT)
    assert program.process.wait(30) == 0
    assert snapshot(many.tree) == before
