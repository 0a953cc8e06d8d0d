"""Each exit code that the guide names comes when the guide says it does."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import guide
from tests.support.interrupted import interrupt
from tests.support.work import Work

ROOT = Path(__file__).parents[2]
ROWS = re.findall(r"^\| (\d[\d, ]*) \| (.*) \|$", (guide.GUIDE / "exit-codes.md").read_text(), re.MULTILINE)
CODES = [int(code) for codes, _ in ROWS for code in codes.split(", ")]


def run(*words: str) -> int:
    return subprocess.run([sys.executable, "-m", "app", *words], cwd=ROOT, capture_output=True).returncode


def apply(folder: Path, *operations: dict[str, object]) -> int:
    (folder / "plan.json").write_text(json.dumps({"holdfast": 1, "operations": operations}))
    return run("apply", "--yes", str(folder / "plan.json"))


def done(folder: Path) -> int:
    code = apply(folder, {"op": "create", "path": "a", "text": "new"})
    assert (folder / "a").read_text() == "new"
    return code


def refused(folder: Path) -> int:
    (folder / "a").write_text("old")
    code = apply(folder, {"op": "delete", "path": "a"}, {"op": "delete", "path": "none"})
    assert (folder / "a").read_text() == "old"
    return code


def makes_no_sense(folder: Path) -> int:
    (folder / "plan.json").write_text("no plan")
    assert run("apply", "--no-such-option", "plan.json") == 2
    return run("apply", "--yes", str(folder / "plan.json"))


def needs_attention(folder: Path) -> int:
    """A folder of an interrupted batch has gone: nothing can be put back there, and nothing is concluded from that."""
    work = Work(folder / "tree")
    work.tree.mkdir()
    one = interrupt(work, folder / "state")
    work.tree.rename(folder / "elsewhere")
    code = run("recover", "--state-dir", str(one.state))
    (folder / "elsewhere").rename(work.tree)
    assert run("recover", "--state-dir", str(one.state)) == 0  # and nothing is lost
    return code


def stopped_by(number: signal.Signals) -> Callable[[Path], int]:
    def stopped(folder: Path) -> int:
        command = [sys.executable, "-m", "app", "watch", "--json", str(folder)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.send_signal(number)
            return process.wait(30)

    return stopped


HOW = {
    0: done,
    1: refused,
    2: makes_no_sense,
    3: needs_attention,
    129: stopped_by(signal.SIGHUP),
    130: stopped_by(signal.SIGINT),
    143: stopped_by(signal.SIGTERM),
}


@pytest.mark.parametrize("code", CODES)
def test_each_exit_code_of_the_guide_comes_when_it_says_so(code: int, tmp_path: Path) -> None:
    assert HOW[code](tmp_path) == code
