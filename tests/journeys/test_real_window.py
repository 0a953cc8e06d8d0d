"""The stories of the product in a real window, with a real mouse and a real keyboard."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from tests.support.robot import Moment
from tests.support.screen import Program, Start
from tests.support.tree import snapshot
from tests.support.work import Work


def queue_replacement(program: Program) -> None:
    program.click("Find and replace")
    program.wait_for("focus", "Find")
    program.type("old")
    program.press("Tab")
    program.type("new")
    program.press("Return")
    program.wait_for("Start over")
    program.focus()


def stop_half_way(program: Program, work: Work) -> int:
    """Apply, and stop the engine when the middle one of the files has its new content; return its process id."""
    program.wait_for("Apply 1,500 changes in 1,500 files")
    engine = program.ask("engine")
    assert isinstance(engine, int)
    stopped = Moment(engine, signal.SIGSTOP, work.tree / "part10" / "file0010.txt", "new")
    program.press("ctrl+Return")
    wait_until(lambda: stopped.has_come)
    return engine


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_bulk_replacement_with_mouse_and_keyboard(start: Start, work: Work) -> None:
    work.write({f"file{number}.txt": f"old {number}\n" for number in range(30)})
    program = start(work.tree)
    queue_replacement(program)
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
    queue_replacement(program)
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
    queue_replacement(program)
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
    program.wait_for("focus", "fileNameEdit")
    program.type(str(work.tree))
    program.press("Return")
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
    queue_replacement(program)
    engine = stop_half_way(program, many)
    program.process.terminate()
    program.wait_for("state", "CANCELLING")  # an engine that went on before that could be done first
    os.kill(engine, signal.SIGCONT)
    assert program.process.wait(30) == 0
    assert snapshot(many.tree) == before
