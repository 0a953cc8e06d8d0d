"""history, undo, verify and stats on the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from app.cli import run as main
from core import memory
from tests.support.work import Json, Work, plan_file

EDIT: Json = {"op": "edit", "path": "edited", "find": "old", "replace": "new"}


@pytest.fixture
def applied(work: Work, capfd: pytest.CaptureFixture[str]) -> str:
    """A batch of two files that was applied; returns its id."""
    work.write({"edited": "old\n", "other": "old\n"})
    assert main(["apply", str(plan_file(work, [EDIT, {**EDIT, "path": "other"}])), "--yes"]) == 0
    assert capfd.readouterr().out.startswith("2 files changed in ")
    return next(memory.history()).txn


def events(capfd: pytest.CaptureFixture[str]) -> list[Json]:
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def test_history_lists_batches_and_the_files_of_one(
    work: Work, applied: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["history"]) == 0
    assert f"{applied}  " in (line := capfd.readouterr().out) and "2 files, applied, can be undone until" in line

    assert main(["history", applied, "--json"]) == 0
    entry, *files, outcome = events(capfd)
    assert (entry["state"], entry["can_undo"], outcome["outcome"]) == ("applied", True, "history")
    assert [os.path.basename(str(file["path"])) for file in files] == ["edited", "other"]

    assert main(["history", "aaaaaaaaaa"]) == 1


@pytest.mark.parametrize(
    ("how", "told"), [("csv", "edit,file"), ("markdown", "| edit | "), ("patch", "+new"), ("json", '"deed": "edit"')]
)
def test_a_report_comes_in_four_formats(applied: str, how: str, told: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["history", applied, "--report", how]) == 0
    assert told in capfd.readouterr().out


def test_the_name_of_a_batch_is_told_as_it_was_given_in_one_line(work: Work, capfd: pytest.CaptureFixture[str]) -> None:
    work.write({"edited": "old\n"})
    plan = work.tree / "plan.json"
    plan.write_text(json.dumps({"holdfast": 1, "name": '(\\w+) → "\\1"\n', "operations": [EDIT]}))
    assert main(["apply", str(plan), "--yes"]) == 0

    assert main(["undo", "--yes"]) == 0

    assert ': (\\w+) → "\\1"·, ' in capfd.readouterr().out


def test_undo_without_an_id_takes_back_the_newest_batch_in_force(
    work: Work, applied: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["undo"]) == 2
    assert "needs --yes" in capfd.readouterr().err
    assert main(["undo", "--preview"]) == 0
    assert {"-new", "+old"} <= set(capfd.readouterr().out.splitlines())

    assert main(["undo", "--yes"]) == 0
    assert work.texts() == {"edited": "old\n", "other": "old\n"}

    assert main(["undo", "--yes"]) == 1
    assert capfd.readouterr().err == "Nothing was changed. There is no batch to undo.\n"


def test_what_changed_since_is_told_and_chosen_about(
    work: Work, applied: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (work.tree / "edited").write_text("by hand\n")

    assert main(["undo", applied, "--yes"]) == 1
    told = capfd.readouterr().err
    assert told.startswith("Nothing was changed.\n") and "this file was changed after the batch" in told

    assert main(["undo", applied, "--yes", "--skip"]) == 0
    assert work.texts() == {"edited": "by hand\n", "other": "old\n"}


def test_verify_says_whether_a_batch_is_in_force(work: Work, applied: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", applied, "--held"]) == 0
    assert "is in force: 2 files are as it left them" in capfd.readouterr().out
    (work.tree / "edited").write_text("by hand\n")
    assert main(["verify", applied]) == 1
    assert "edited: changed since" in capfd.readouterr().out
    assert main(["verify", "aaaaaaaaaa"]) == 1


def test_stats_count_what_became_of_batches(work: Work, applied: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["undo", "--yes"]) == 0
    capfd.readouterr()
    assert main(["stats"]) == 0
    assert "Applied: 2 (1 undone since; 1 was an undo)" in capfd.readouterr().out
    assert main(["stats", "--json"]) == 0
    assert events(capfd)[-1]["rollback_rate"] == 0.0


def test_previous_versions_expire_unless_they_are_pinned(
    work: Work, applied: str, state: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", applied, "--pin"]) == 0
    assert main(["history", "--expire", "--days", "0.0000001"]) == 0
    assert os.listdir(state / "attic") != []
    assert main(["history", applied, "--unpin"]) == 0
    capfd.readouterr()

    assert main(["history", "--expire", "--days", "0.0000001"]) == 0

    assert f"Previous versions of {applied} were dropped" in capfd.readouterr().out
    assert os.listdir(state / "attic") == []
    assert main(["undo", applied, "--yes"]) == 1
    assert "its previous versions have expired" in capfd.readouterr().err
