"""What a newer version has begun is left alone by this one, which says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import run as command
from core import api
from core.journal import records
from tests.support.interrupted import Interrupted, interrupt
from tests.support.work import Work


@pytest.fixture
def newer(work: Work, state: Path) -> Interrupted:
    """A batch that the next version began, and that was killed half-way."""
    killed = interrupt(work, state)
    found = killed.records()
    found[0]["v"] = records.VERSION + 1
    killed.rewrite(found)
    return killed


def test_its_batch_is_not_touched_and_the_reason_is_told(work: Work, newer: Interrupted) -> None:
    before, journal = work.snapshot(), newer.journal.read_bytes()

    (done,) = api.recover_all()

    assert (done.result, done.code) == (api.Result.NEEDS_ATTENTION, "journal_newer")
    assert [one.state for one in api.pending()] == ["newer"]
    assert work.snapshot() == before
    assert newer.journal.read_bytes() == journal


def test_the_command_line_says_who_can_put_it_right(newer: Interrupted, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["recover"]) == 3
    assert "a newer version of Holdfast has written its record" in capsys.readouterr().out


def test_a_plan_of_a_newer_version_is_refused_by_its_number(work: Work, capsys: pytest.CaptureFixture[str]) -> None:
    plan = work.tree / "plan.json"
    plan.write_text('{"holdfast": 2, "operations": []}')

    assert command(["apply", "--yes", str(plan)]) == 2
    assert "this is a plan of version 2; this program reads 1" in capsys.readouterr().err
