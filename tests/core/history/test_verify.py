"""Whether a batch is in force: the content of its files is read, whatever size and time say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core import api, memory
from core.history import Drift
from tests.support.work import Json, Work

DEEDS: dict[str, Json] = {
    "an edit": {"op": "edit", "path": "a", "find": "old", "replace": "new"},
    "a new file": {"op": "create", "path": "made", "text": "new"},
}


def spoil(path: Path) -> None:
    """Give a file another content with the same size and the same time."""
    before = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("deed", DEEDS)
def test_another_content_of_the_same_size_and_time_is_found(work: Work, deed: str) -> None:
    work.write({"a": "old one"})
    outcome = work.apply(DEEDS[deed])
    assert isinstance(outcome, api.Committed)
    assert memory.verify(outcome.txn).in_force

    spoil(work.tree / ("made" if deed == "a new file" else "a"))

    found = memory.verify(outcome.txn)
    assert [one.drift for one in found.differences] == [Drift.EDITED]


def test_it_is_found_after_an_undo_too(work: Work) -> None:
    work.write({"a": "old one"})
    outcome = work.apply(DEEDS["an edit"])
    assert isinstance(outcome, api.Committed)
    undone = api.apply(memory.undo_plan(outcome.txn))
    assert isinstance(undone, api.Committed)
    assert memory.verify(undone.txn).in_force

    spoil(work.tree / "a")

    assert [one.drift for one in memory.verify(undone.txn).differences] == [Drift.EDITED]
