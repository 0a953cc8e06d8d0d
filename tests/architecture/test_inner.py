"""Tests that are started by a test wait for nothing that is not theirs."""

from __future__ import annotations

import fcntl
import getpass
import tempfile
import threading
import time
from pathlib import Path

import pytest

from tests.support import inner
from tests.support.alone import room

PATIENCE = 10.0  # seconds


def test_one_that_waits_to_be_alone_keeps_no_inner_tests_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for the test around them, which is this one, and keeps the door shut."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    waiting = threading.Thread(target=_be_alone)
    with room(alone=False):
        waiting.start()
        (door,) = tmp_path.glob("*.door")
        _wait_until_shut(door)

        said = inner.run(Path(__file__), "-k", "does_nothing")
    waiting.join(PATIENCE)

    assert "1 passed" in said
    assert not waiting.is_alive()


def test_inner_tests_clear_away_nothing_that_other_runs_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ended run clears away the folders of those before it; with hundreds of thousands of files that takes minutes."""
    monkeypatch.setenv("PYTEST_DEBUG_TEMPROOT", str(tmp_path))
    left = [tmp_path / f"pytest-of-{getpass.getuser()}" / f"pytest-{number}" for number in range(10)]
    for folder in left:
        folder.mkdir(mode=0o700, parents=True)
    left[0].parent.chmod(0o700)

    said = inner.run(Path(__file__), "-k", "does_nothing")

    assert "1 passed" in said
    assert [folder for folder in left if not folder.exists()] == []


def test_that_does_nothing(tmp_path: Path) -> None:
    """It is for those above, and takes a folder as most tests do."""


def _be_alone() -> None:
    with room(alone=True):
        pass


def _wait_until_shut(door: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    with open(door, "a") as opened:
        while time.monotonic() < give_up:
            try:
                fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            fcntl.flock(opened, fcntl.LOCK_UN)
            time.sleep(0.01)
    raise AssertionError("nobody shut the door")
