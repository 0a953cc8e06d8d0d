"""A window in which nobody does anything does nothing: no timer ticks, and neither does its engine."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from tests.support.headless import Headless
from tests.support.work import Work


def switches(pid: int) -> int:
    """Return how often the threads of a process have been given a processor and have given it back."""
    found = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        lines = (thread / "status").read_text().splitlines()
        found += sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)
    return found


def ticks(pid: int) -> int:
    """Return the time of the processor that a process has taken, in the ticks of the kernel."""
    user, kernel = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return int(user) + int(kernel)


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="there is no /proc to look into")
@pytest.mark.parametrize("seconds", [1, pytest.param(10, marks=pytest.mark.full)])
def test_an_idle_window_and_its_engine_do_nothing_at_all(work: Work, tmp_path: Path, seconds: int) -> None:
    work.write({f"{number}.txt": "old\n" for number in range(50)})
    search = {"op": "find_replace", "roots": [str(work.tree)], "find": "old", "replace": "new"}
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"holdfast": 1, "operations": [search]}))
    window = Headless(plan)
    try:
        window.wait_for(("state", "READY"))
        time.sleep(1)  # the session is kept half a second after the last change
        engine = window.ask("engine")
        assert isinstance(engine, int)
        pids = (window.process.pid, engine)
        for _ in range(3):  # what the question itself has woken may still be going to sleep
            before = [(ticks(pid), switches(pid)) for pid in pids]
            time.sleep(seconds)
            after = [(ticks(pid), switches(pid)) for pid in pids]
            if before == after:
                break
        assert before == after
    finally:
        window.close()
