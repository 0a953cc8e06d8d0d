"""Tests that are started by a test do not wait for one that waits for that test to end."""

from __future__ import annotations

import fcntl
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


def test_that_does_nothing() -> None:
    """It is for the one above."""


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
