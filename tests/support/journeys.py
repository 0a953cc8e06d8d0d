"""What journeys have in common, whether they go by mouse or by keyboard."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.robot import Moment
from tests.support.screen import Program
from tests.support.work import Work


def fill_in_search(program: Program) -> None:
    """Say in the dialog that is about to open that "old" is to become "new", and queue it."""
    program.wait_for("focus", "Find")
    program.type("old")
    program.press("Tab")
    program.type("new")
    program.press("Return")
    program.wait_for("Start over")
    program.focus()


def fill_in_path(program: Program, path: Path) -> None:
    """Name a file or folder in the file dialog that is about to open."""
    program.wait_for("focus", "fileNameEdit")
    program.press("ctrl+a")
    program.type(str(path))
    program.press("Return")


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
    """Wait until something is true of the disk or of another process."""
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)
