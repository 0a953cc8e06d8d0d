"""A search of the engine has helpers, and none of them is left: not when it is over, nor stopped, nor when the engine dies."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from core import helper
from tests.support.talking import Worker, worker
from tests.support.work import Json, Work

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="there are helpers on Linux alone"),
    pytest.mark.skipif(helper.processes() < 2, reason="one processor: nobody would help"),
]

PATIENCE = 20.0  # seconds
FILES = 4000


def search(work: Work) -> Json:
    text = "a line with nothing\n" * 400 + "an old one\n"
    work.write({f"{number // 200}/{number}.txt": text for number in range(FILES)})
    find = {"find": r"(o)l(d)", "replace": r"\2\1", "regex": True}
    return {"op": "find_replace", "roots": [str(work.tree)], **find}


def helpers(pid: int) -> set[int]:
    """Return the processes that were forked from one and are still what it is: not ripgrep."""
    own = Path(f"/proc/{pid}/cmdline").read_bytes()
    found: set[int] = set()
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in thread.read_text().split():
            if _command(int(child)) == own:
                found.add(int(child))
    return found


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()  # empty for one that is dead
    except OSError:
        return b""


def wait_for_helpers(one: Worker) -> set[int]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := helpers(one.process.pid):
            return found
        time.sleep(0.001)
    raise AssertionError("there was no helper")


def demand_gone(pids: set[int]) -> None:
    until = time.monotonic() + PATIENCE
    while any(map(_command, pids)):
        assert time.monotonic() < until, "a helper is left"
        time.sleep(0.01)


def test_none_is_left_when_the_search_is_over(work: Work) -> None:
    wish = search(work)
    with worker() as one:
        one.send(id=1, do="evaluate", operations=[wish])
        found = wait_for_helpers(one)
        while (answer := one.answer())["event"] != "done":
            pass
        assert answer["files"] == FILES
        demand_gone(found)


def test_none_is_left_when_the_search_is_stopped(work: Work) -> None:
    wish = search(work)
    with worker() as one:
        one.send(id=1, do="evaluate", operations=[wish])
        found = wait_for_helpers(one)
        one.send(id=2, do="cancel", of=1)
        demand_gone(found)
        assert one.evaluate({"op": "delete", "path": str(work.tree / "0/1.txt")})["event"] in ("done", "failed")


def test_none_is_left_when_the_engine_is_killed(work: Work) -> None:
    wish = search(work)
    with worker() as one:
        one.send(id=1, do="evaluate", operations=[wish])
        found = wait_for_helpers(one)
        one.process.kill()
        one.process.wait()
        demand_gone(found)
