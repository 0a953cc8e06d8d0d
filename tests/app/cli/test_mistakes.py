"""What is mistyped costs nothing, and is said in the words of whoever typed it."""

from __future__ import annotations

import pytest

from tests.support.commands import holdfast
from tests.support.work import Work


@pytest.mark.parametrize("name", ["thesis.txt", "file"])
def test_a_plan_is_written_over_no_file_that_is_none(work: Work, name: str) -> None:
    work.write({"file": "old\n", "thesis.txt": "years of work\n"})
    before = work.texts()
    path = str(work.tree / name)

    ran = holdfast("plan", "old", "new", str(work.tree / "file"), "-o", path)

    assert (ran.code, work.texts()) == (2, before)
    assert ran.err == f"Nothing was changed. {path} is there already, and is no plan; write the plan to another file.\n"


@pytest.mark.parametrize("command", ["leftovers", "clear", "watch"])
def test_a_folder_that_is_not_there_is_said_so(work: Work, command: str) -> None:
    nowhere = str(work.tree / "nosuch")
    ran = holdfast(command, nowhere)
    assert (ran.code, ran.err) == (1, f"Nothing was changed. There is no file or folder called {nowhere}.\n")


@pytest.mark.parametrize("days", ["-1", "nan", "inf"])
def test_no_limit_drops_what_is_of_today(days: str) -> None:
    assert holdfast("history", "--expire", "--days", days).code == 2


def test_an_empty_id_is_none(work: Work) -> None:
    work.write({"file": "old\n"})
    work.apply({"op": "edit", "path": "file", "find": "old", "replace": "new"})
    assert holdfast("undo", "--yes", "").code == 1
    assert work.texts() == {"file": "new\n"}


def test_a_draft_that_cannot_be_written_goes_by_the_name_that_was_given(work: Work) -> None:
    work.write({"file": "old\n"})
    ran = holdfast("plan", "old", "new", str(work.tree / "file"), "-o", str(work.tree / "nowhere" / "p.json"))
    assert ran.code == 1
    assert f"{work.tree}/nowhere/p.json: No such file or directory" in ran.err
