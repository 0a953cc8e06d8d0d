"""How much memory a plan takes, measured in a process of its own: python -m tests.support.peak PLAN [apply | helped]

Prints JSON lines: after each step, the most memory that was held so far, in bytes over what the process held when
everything was imported and had been used once.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from core import api, helper
from core.journal.home import Home
from core.plan.fold import PlanScript
from core.progress import CancelToken, Meter
from core.txn.transaction import Transaction

ROOT = Path(__file__).parents[2]


def measure(plan: Path, *how: str) -> dict[str, int]:
    """Return bytes over the start, by step: "plan", "preview" and "begin", or with "apply" that in place of "begin".

    "helped" does all of that in two processes, and says in "helper" what the second one took more.
    """
    command = [sys.executable, "-m", "tests.support.peak", str(plan), *how]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {step: held for line in done.stdout.splitlines() for step, held in json.loads(line).items()}


def _peak() -> int:
    """Return the most memory held since `_forget`, in bytes. Not `ru_maxrss`: that one is inherited."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("the kernel does not tell")


def _forget() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _warm_up() -> None:
    """Use everything once, so that what is loaded late is not counted as the plan's."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "file").write_text("old\n")
        plan = Path(folder) / "plan"
        edit = {"op": "edit", "path": "file", "find": "old", "replace": "new"}
        plan.write_text(json.dumps({"holdfast": 1, "operations": [edit]}))
        assert list(api.preview_lines(api.read_plan(str(plan))))


def _begin(plan: api.Plan) -> None:
    """Write down all that would be done, as `apply` does first."""
    fs = api.file_system()
    home = Home.open(fs)
    transaction = Transaction(home, PlanScript(fs, plan), Meter(), CancelToken())
    transaction.begin()
    assert not transaction.put_back("measured").failed
    transaction.close()
    home.close()


def _apply(plan: api.Plan, processes: int) -> None:
    outcome = api.apply(plan, processes=processes)
    assert isinstance(outcome, api.Committed), outcome


@contextlib.contextmanager
def _watched() -> Iterator[list[int]]:
    """Look at helpers for a while; the most bytes that one had for itself are last in the list in the end."""
    ended, found = threading.Event(), [0]

    def look() -> None:
        while not ended.wait(0.005):
            found.append(max([found[-1], *map(_own, list(helper._alive))]))

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield found
    finally:
        ended.set()
        watching.join()


def _own(child: int) -> int:
    """Return the bytes that a helper does not share with the process it was forked from; 0 once it has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{child}/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_Dirty:"):
                return int(line.split()[1]) * 1024
    return 0


def _main(path: str, *how: str) -> None:
    processes = 2 if "helped" in how else 1
    _warm_up()
    _forget()
    start = _peak()
    with _watched() if "helped" in how else contextlib.nullcontext([0]) as most:
        plan = api.read_plan(path, processes=processes)
        assert plan.problems == [], plan.problems[:3]
        print(json.dumps({"files": plan.files, "plan": _peak() - start}))
        for _ in api.preview_lines(plan):
            pass
        print(json.dumps({"preview": _peak() - start}))
        if how:
            _apply(plan, processes)
        else:
            _begin(plan)
    print(json.dumps({"apply" if how else "begin": _peak() - start, "helper": most[-1]}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
