"""`holdfast demo` shows what it says, proves it, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.main import main
from core import api
from core.api import Action
from core.demo import Sample
from core.fs.api import Handle
from core.fs.real import RealFileSystem

ROOT = Path(__file__).parents[2]


def demo(temporary: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "demo", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONUTF8": "1"},
        timeout=240,  # a busy machine
    )


@pytest.fixture
def temporary(tmp_path: Path) -> Iterator[Path]:
    """Where the demonstration makes its folder; in memory where there is some, since it writes a lot."""
    above = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(dir=above, prefix="holdfast-test-") as folder:
        yield Path(folder)


@pytest.fixture
def signals_as_they_were() -> Iterator[None]:
    """`main` blocks the signals that stop it, and this process lives on."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    yield
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def test_the_demo_applies_cancels_kills_and_proves_each(temporary: Path, state: Path) -> None:
    ran = demo(temporary, "--json")

    assert (ran.returncode, ran.stderr) == (0, "")
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    by_name = {event["event"]: event for event in events}
    assert by_name["copied"]["files"] >= 1500
    assert by_name["applied"]["files"] > 1000
    assert by_name["previewed"]["lines"] > 10_000
    for cut in ("cancelled", "killed"):
        assert 0 < by_name[cut]["switched"] < by_name[cut]["files"]
    assert by_name["recovered"]["mixed"] is True
    assert [event["held"] for event in events if event["event"] == "proof"] == [True] * 5
    assert by_name["undone"]["files"] == by_name["redone"]["files"] >= by_name["applied"]["files"]
    assert events[-1] == {**events[-1], "outcome": "demo", "held": True, "kept": None, "exit": 0}
    assert os.listdir(temporary) == []
    assert os.listdir(state) == []


def test_for_people_the_demo_is_told_in_lines_and_the_folder_stays_when_asked(temporary: Path) -> None:
    ran = demo(temporary, "--keep")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("Proof: ") == ran.stdout.count(": yes. Digest ") == 5
    assert "Every proof held" in ran.stdout
    (folder,) = temporary.iterdir()
    assert str(folder) in ran.stdout
    assert (folder / "tree/copy-1/this.py").exists()


class CannotExchangeBack(RealFileSystem):
    """The first exchange of a side name is done, and the second, which would take it back, is only said to be."""

    def __init__(self) -> None:
        super().__init__()
        self.exchanged: set[str] = set()

    def exchange(self, folder: Handle, name: str, other: str) -> None:
        if name in self.exchanged:
            return
        self.exchanged.add(name)
        super().exchange(folder, name, other)


@pytest.mark.usefixtures("signals_as_they_were")
def test_a_proof_that_does_not_hold_is_said_and_the_folder_stays(
    temporary: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    fs = CannotExchangeBack()
    monkeypatch.setattr(api, "file_system", lambda: fs)

    code = main(["demo"])

    told = capfd.readouterr().out
    assert code == 3
    assert "the tree is exactly as before: NO." in told
    assert "A PROOF DID NOT HOLD" in told
    assert len(os.listdir(temporary)) == 1


def test_the_plan_of_the_demo_edits_renames_and_deletes(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    sample = Sample.make()
    sample.fill()
    sample.write_plan("self", "this")

    plan = api.read_plan(sample.plan)

    assert plan.problems == []
    assert {change.action for change in plan.changes()} >= {Action.EDIT, Action.MOVE, Action.DELETE}


def test_where_python_comes_with_few_sources_there_are_several_copies(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    sample = Sample.make()
    sample.fill()
    one = len(sample.files) // sample.copies
    monkeypatch.setattr("core.demo.ENOUGH", one + 1)

    several = Sample.make()
    several.fill()

    assert (several.copies, len(several.files)) == (2, 2 * one)
    assert all(os.path.exists(f"{several.tree}/{name}") for name in several.files)


def test_stopped_the_demo_removes_its_folder(temporary: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "app", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    assert running.stdout is not None
    while not running.stdout.readline().startswith("Planned"):
        pass
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)

    assert running.returncode == 128 + signal.SIGINT
    assert told.startswith("Nothing was changed. Stopped.")
    assert os.listdir(temporary) == []
