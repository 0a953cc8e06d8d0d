"""A large batch whose owner is killed while helpers work at it: they end with it, and recovery finds nobody at work."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core import api, helper
from tests.support.tree import Snapshot, difference, snapshot
from tests.support.tried import Tried

ROOT = Path(__file__).parents[2]
FILES = 2600  # more than what one process does alone
TIMES = [8, pytest.param(150, marks=pytest.mark.full)]

pytestmark = pytest.mark.skipif(helper.processes() < 2, reason="there is one processor, so there are no helpers")


@pytest.fixture
def tree(memory: Path) -> Path:
    """A tree of files; beside it a plan that changes them all."""
    tree = memory / "tree"
    operations = []
    for number in range(FILES):
        path = tree / f"{number % 26}/{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"old {number}\n")
        operations.append({"op": "edit", "path": str(path), "find": "old", "replace": "new"})
    (memory / "plan.json").write_text(json.dumps({"holdfast": 1, "operations": operations}))
    return tree


def begin(memory: Path) -> subprocess.Popen[bytes]:
    """Apply the plan, and return as soon as there is a journal."""
    state = memory / "state"
    command = [sys.executable, "-m", "app", "apply", str(memory / "plan.json"), "--yes", "--state-dir", str(state)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list(state.glob("journals/*.journal")) and process.poll() is None:
        time.sleep(0.001)
    return process


def restored(tree: Path) -> None:
    """Give every file the content that it had."""
    for number in range(FILES):
        (tree / f"{number % 26}/{number}").write_text(f"old {number}\n")


@pytest.mark.parametrize("times", TIMES)
def test_killed_at_any_time_it_recovers_to_before_or_after(memory: Path, tree: Path, tried: Tried, times: int) -> None:
    before = snapshot(tree)
    with begin(memory) as whole:
        started = time.monotonic()
        assert whole.wait() == 0
    seconds, after = time.monotonic() - started, snapshot(tree)
    seen = set()
    for number in range(times):
        restored(tree)
        with begin(memory) as process:
            time.sleep(seconds * number / times)
            process.kill()
        recovery = [sys.executable, "-m", "app", "recover", "--state-dir", str(memory / "state")]
        assert subprocess.run(recovery, cwd=ROOT, capture_output=True, check=False).returncode == 0
        assert not api.pending(str(memory / "state"))
        seen.add(which(snapshot(tree), before, after))
        tried("SIGKILL at any time of a batch with helpers")
    assert "before" in seen


def which(found: Snapshot, before: Snapshot, after: Snapshot) -> str:
    """Say which of the two it is."""
    assert found in (before, after), difference(found, before)
    return "before" if found == before else "after"
