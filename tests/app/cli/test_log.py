"""What can be found out afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import run as command
from core import api
from core.fs import logs
from tests.support.work import Work


@pytest.fixture
def plan(work: Work) -> str:
    work.write({"file": "old\n"})
    path = work.tree / "plan.json"
    path.write_text('{"holdfast": 1, "operations": [{"op": "edit", "path": "file", "find": "old", "replace": "new"}]}')
    return str(path)


def lines(state: Path) -> list[str]:
    log = state / "kept/holdfast.log"
    return [line.split(" ", 3)[3] for line in log.read_text().splitlines()] if log.exists() else []


def test_a_command_leaves_what_it_was_asked_and_how_it_ended(plan: str, state: Path) -> None:
    command(["apply", "--yes", plan])

    begun, applied, ended = lines(state)
    assert begun == f"apply --yes {plan}"
    assert applied.startswith("apply: 1 files, 1 matches, 4 bytes: committed ")
    assert ended.startswith("apply ended with 0 after ")


def test_what_only_looks_leaves_nothing(plan: str, state: Path) -> None:
    command(["preview", plan])

    assert lines(state) == []


def test_verbose_says_the_same_on_standard_error(plan: str, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command(["apply", "--yes", "--verbose", plan])

    assert capsys.readouterr().err.splitlines() == lines(state)


def test_what_breaks_inside_holdfast_is_kept(plan: str, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "read_plan", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        command(["preview", plan])

    assert lines(state)[-1].startswith("preview broke: ZeroDivisionError('division by zero')")


def test_the_log_never_grows_beyond_two_files(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "AT_MOST", 1000)
    for number in range(200):
        api.note(f"line {number}")

    kept = sorted((state / "kept").iterdir())
    assert [one.name for one in kept] == ["holdfast.log", "holdfast.log.1"] or [one.name for one in kept] == [
        "holdfast.log.1"
    ]
    assert sum(one.stat().st_size for one in kept) < 2500
    assert "line 199" in "".join(one.read_text() for one in kept)


def test_a_log_that_cannot_be_written_stops_nothing(plan: str, state: Path, work: Work) -> None:
    (state / "kept").write_text("in the way")

    assert command(["apply", "--yes", plan]) == 0
    assert work.texts()["file"] == "new\n"


def test_a_name_with_a_line_end_cannot_forge_a_line(state: Path) -> None:
    api.note("one\n2026-01-01 00:00:00 1 two")

    assert len(lines(state)) == 1
