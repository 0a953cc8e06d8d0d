"""History and undo through the worker, as the window asks for them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.support.talking import Worker, worker
from tests.support.work import Json, Work


@pytest.fixture
def talking() -> Iterator[Worker]:
    with worker() as one:
        yield one


@pytest.fixture
def applied(work: Work, talking: Worker) -> str:
    """A batch of two files that was applied through the worker; returns its id."""
    work.write({"a": "old\n", "b": "old\n"})
    edits: list[Json] = [
        {"op": "edit", "path": str(work.tree / name), "find": "old", "replace": "new"} for name in ("a", "b")
    ]
    plan = talking.evaluate(*edits)["plan"]
    done, before = talking.ask(do="apply", plan=plan, name="test")
    assert "committed" in [event["event"] for event in before]
    return str(done["txn"])


def history(talking: Worker) -> list[Json]:
    _, events = talking.ask(do="history")
    return [entry for event in events if event["event"] == "entries" for entry in event["entries"]]


def test_history_tells_what_became_of_batches_and_of_their_files(talking: Worker, applied: str) -> None:
    (entry,) = history(talking)
    assert (entry["txn"], entry["name"], entry["state"], entry["can_undo"]) == (applied, "test", "applied", True)

    done, events = talking.ask(do="entry", txn=applied)
    files = [file for event in events if event["event"] == "files" for file in event["files"]]
    assert [(os.path.basename(file["path"]), file["deed"]) for file in files] == [("a", "edit"), ("b", "edit")]
    assert (done["files"], done["entry"]["txn"]) == (2, applied)

    assert talking.ask(do="entry", txn="aaaaaaaaaa")[0]["code"] == "unknown"
    assert talking.ask(do="stats")[0]["applied"] == 1


def test_an_undo_becomes_the_current_plan_and_is_shown_and_applied_like_any_other(
    work: Work, talking: Worker, applied: str
) -> None:
    planned, events = talking.ask(do="undo", txn=applied)
    assert (planned["files"], planned["problems"]) == (2, 0)
    changes = [change for event in events if event["event"] == "changes" for change in event["changes"]]
    assert [change["action"] for change in changes] == ["replace", "replace"]
    _, rows = talking.ask(do="diff", plan=planned["plan"], index=changes[0]["index"])
    assert rows[0]["rows"] == [["~", 1, "new", 1, "old"]]

    of_b = [change["index"] for change in changes if change["path"] == str(work.tree / "b")]
    done, _ = talking.ask(do="apply", plan=planned["plan"], without=of_b)

    assert (done["outcome"], done["files"]) == ("committed", 1)
    assert work.texts() == {"a": "old\n", "b": "new\n"}
    newest, first = history(talking)
    assert (newest["undoes"], newest["is_partial"], first["state"]) == (applied, True, "applied")


def test_what_changed_since_is_a_problem_until_it_is_chosen_about(work: Work, talking: Worker, applied: str) -> None:
    (work.tree / "a").write_text("by hand\n")

    assert talking.ask(do="verify", txn=applied)[0]["differences"] == [
        {"path": str(work.tree / "a"), "drift": "edited", "by": ""}
    ]
    planned, events = talking.ask(do="undo", txn=applied)
    (problem,) = (one for event in events if event["event"] == "problems" for one in event["problems"])
    assert (problem["code"], problem["fixes"]) == ("edited_since", ["skip", "take"])

    planned, _ = talking.ask(do="undo", txn=applied, choices={str(work.tree / "a"): "take"})
    assert talking.ask(do="apply", plan=planned["plan"])[0]["outcome"] == "committed"
    assert work.texts() == {"a": "old\n", "b": "old\n"}


def test_what_cannot_be_undone_or_makes_no_sense_fails_with_a_code(talking: Worker, applied: str) -> None:
    assert talking.ask(do="undo", txn="aaaaaaaaaa")[0]["values"]["why"] == "unknown"
    assert talking.ask(do="undo", txn=applied, rest="whatever")[0]["code"] == "bad_request"
    assert talking.ask(do="report", txn=applied, format="poem")[0]["code"] == "bad_request"
    assert talking.ask(do="pin", txn="aaaaaaaaaa", pinned=True)[0]["code"] == "unknown"


def test_pinned_versions_do_not_expire(talking: Worker, applied: str) -> None:
    assert talking.ask(do="pin", txn=applied, pinned=True)[0]["pinned"] is True
    assert talking.ask(do="expire", age=1e-9)[0]["expired"] == []
    assert talking.ask(do="pin", txn=applied, pinned=False)[0]["pinned"] is False
    (gone,) = talking.ask(do="expire", age=1e-9, dry=True)[0]["expired"]
    assert (gone["txn"], gone["too_old"]) == (applied, True)
