"""What people feel of the window: how soon it is there, whether it always answers, what it does when they do nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from harness import Row, Settings, Way, compare, interleave, scratch

FIRST = "the first picture of the window, from the start of the program"
WORK = "what of that is time of the processor, which other programs do not lengthen"
EMPTY = "an empty window of Qt, the same way"
STALL = "100,000 files: the longest time without an answer (seconds of the processor)"
DIFF = "50,000 changed lines: from the choice of the file to the picture of its first rows"
IDLE = "an idle window and its engine: time of the processor in 10 seconds"

# Both say so when they are painted for the first time, and how much work that was.
_TELL = """
import time
class Tell(QObject):
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint:
            print(time.process_time(), flush=True)
            watched.removeEventFilter(self)
        return False
tell = Tell()
"""
_PROGRAM = f"""
from app import start
from PySide6.QtCore import QEvent, QObject
{_TELL}
start.run([], lambda window: window.installEventFilter(tell))
"""
_BARE = f"""
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
{_TELL}
window = QMainWindow()
window.installEventFilter(tell)
window.show()
application.exec()
"""


def _start(code: str, folder: str) -> tuple[subprocess.Popen[str], float, float]:
    """Start a program; return it, the seconds until it was painted, and those of the processor."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOLDFAST_STATE_DIR": f"{folder}/state"}
    began = time.perf_counter()
    program = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
    assert program.stdout
    work = float(program.stdout.readline())
    return program, time.perf_counter() - began, work


def _end(program: subprocess.Popen[str]) -> None:
    program.terminate()
    program.wait()
    if program.stdout:
        program.stdout.close()


def _until_painted(code: str, folder: str, works: list[float] | None = None) -> float:
    program, seconds, work = _start(code, folder)
    _end(program)
    if works is not None:
        works.append(work)
    return seconds


def _idle(folder: str) -> float:
    """Return the seconds of the processor that a window and its engine take in ten seconds of nothing."""
    program, _, _ = _start(_PROGRAM, folder)
    time.sleep(3)
    children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
    pids = [program.pid, *map(int, children)]
    before = sum(map(_ticks, pids))
    time.sleep(10)
    found = sum(map(_ticks, pids)) - before
    _end(program)
    return found / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    user, kernel = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return int(user) + int(kernel)


def _large(folder: str) -> dict[str, float]:
    script = Path(__file__).parents[1] / "large_window.py"
    environment = {**os.environ, "HOLDFAST_STATE_DIR": f"{folder}/state"}
    files = os.path.join(folder, "files")
    os.mkdir(files)
    told = subprocess.run([sys.executable, str(script), files], env=environment, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(told.stdout)
    return found


def measure(settings: Settings) -> Iterator[Row]:
    """Yield figures in milliseconds, since people feel those and no ratios; and one ratio to what Qt alone takes."""
    works: list[float] = []
    ways = [
        Way(FIRST, lambda folder, settings: _until_painted(_PROGRAM, folder, works)),
        Way(EMPTY, lambda folder, settings: _until_painted(_BARE, folder)),
    ]
    found = interleave(ways, settings)
    yield _felt(FIRST, found[FIRST], (300, 200))
    yield _felt(WORK, works, (300, 200))
    yield compare(found, FIRST, EMPTY)
    large = []
    for _ in range(settings.rounds):
        with scratch(settings.folder) as folder:
            large.append(_large(folder))
    yield _felt(STALL, [one["stall"] for one in large], (50, 16))
    yield _felt(DIFF, [one["diff"] for one in large], (100, 50))
    with scratch(settings.folder) as folder:
        yield _felt(IDLE, [_idle(folder)], (0, 0))


def _felt(work: str, seconds: list[float], goal: tuple[float, float]) -> Row:
    return Row(work, "–", [1000 * one for one in seconds], seconds, unit="ms", goal=goal)
