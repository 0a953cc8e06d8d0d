"""The worker, a real process over its pipes: whatever happens to either end, the files are before or after."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from core import api
from tests.support.talking import Worker, worker
from tests.support.work import Json, Work

MANY = 3000


@pytest.fixture
def talking() -> Iterator[Worker]:
    with worker() as one:
        yield one


def edit(work: Work, name: str) -> Json:
    return {"op": "edit", "path": str(work.tree / name), "find": "old", "replace": "new"}


def many(work: Work) -> list[Json]:
    work.write({f"{number:05}": "old" for number in range(MANY)})
    return [edit(work, f"{number:05}") for number in range(MANY)]


def test_it_says_hello_with_its_protocol(talking: Worker) -> None:
    assert talking.hello["event"] == "hello"
    assert talking.hello["protocol"] == 1
    assert talking.hello["pid"] == talking.process.pid


def test_a_batch_from_operations_to_changed_files(work: Work, talking: Worker) -> None:
    work.write({"a": "one\nold\n", "b": "old"})

    done, before = talking.ask(do="evaluate", operations=[edit(work, "a"), edit(work, "b")])
    assert (done["files"], done["matches"], done["problems"]) == (2, 2, 0)
    assert [change["path"] for change in before[0]["changes"]] == [str(work.tree / "a"), str(work.tree / "b")]

    shown, rows = talking.ask(do="diff", plan=done["plan"], index=0)
    assert (shown["kind"], shown["added"], shown["removed"]) == ("text", 1, 1)
    assert rows[0]["rows"] == [["=", 1, "one", 1, "one"], ["~", 2, "old", 2, "new"]]

    applied, _ = talking.ask(do="apply", plan=done["plan"], name="test")
    assert (applied["outcome"], applied["files"]) == ("committed", 2)
    assert work.texts() == {"a": "one\nnew\n", "b": "new"}


def test_a_file_that_was_unticked_is_left_out_of_a_search_over_a_tree(work: Work, talking: Worker) -> None:
    work.write({"a": "old", "b": "old", "c": "old"})
    search: Json = {"op": "find_replace", "roots": [str(work.tree)], "find": "old", "replace": "new"}
    plan = talking.evaluate(search)["plan"]

    done, _ = talking.ask(do="apply", plan=plan, without=[1])

    assert (done["outcome"], done["files"]) == ("committed", 2)
    assert work.texts() == {"a": "new", "b": "old", "c": "new"}


def test_a_change_that_was_unticked_is_left_out(work: Work, talking: Worker) -> None:
    work.write({"a": "old", "b": "old", "c": "old"})
    plan = talking.evaluate(*(edit(work, name) for name in "abc"))["plan"]

    done, _ = talking.ask(do="apply", plan=plan, without=[1])

    assert done["outcome"] == "committed"
    assert work.texts() == {"a": "new", "b": "old", "c": "new"}


def test_what_depends_on_an_unticked_change_is_refused_rather_than_done_otherwise(work: Work, talking: Worker) -> None:
    work.write({"a": "1", "b": "2"})
    path = {name: str(work.tree / name) for name in "abc"}
    plan = talking.evaluate(
        {"op": "move", "path": path["b"], "to": path["c"]},
        {"op": "move", "path": path["a"], "to": path["b"]},
    )["plan"]

    done, _ = talking.ask(do="apply", plan=plan, without=[0])

    assert done["outcome"] == "refused"
    assert done["problems"]
    assert work.texts() == {"a": "1", "b": "2"}


def test_a_file_that_changed_after_the_preview_stops_the_batch_even_with_others_unticked(
    work: Work, talking: Worker
) -> None:
    work.write({"a": "old", "b": "old"})
    plan = talking.evaluate(edit(work, "a"), edit(work, "b"))["plan"]
    work.write({"a": "old, and saved meanwhile"})

    done, _ = talking.ask(do="apply", plan=plan, without=[1])

    assert done["outcome"] == "refused"
    assert work.texts() == {"a": "old, and saved meanwhile", "b": "old"}


@pytest.mark.parametrize("phase", ["prepare", "switch"])
def test_cancel_puts_everything_back(work: Work, talking: Worker, phase: str) -> None:
    plan = talking.evaluate(*many(work))["plan"]
    before = work.snapshot()

    talking.send(id=7, do="apply", plan=plan)
    talking.wait_for(phase)
    talking.send(id=8, do="cancel")
    answers: list[Json] = []
    while not answers or answers[-1].get("id") != 7 or answers[-1]["event"] != "done":
        answers.append(talking.answer())

    cancelling = [answer["cancelling"] for answer in answers if answer.get("id") == 8]
    assert cancelling == [True]
    assert (answers[-1]["outcome"], answers[-1]["reason"]) == ("rolled_back", "cancelled")
    assert work.snapshot() == before


def test_cancel_without_anything_to_cancel_says_so(talking: Worker) -> None:
    assert talking.ask(do="cancel")[0]["cancelling"] is False


def test_the_end_of_input_in_the_middle_puts_everything_back(work: Work, talking: Worker) -> None:
    plan = talking.evaluate(*many(work))["plan"]
    before = work.snapshot()

    talking.send(id=7, do="apply", plan=plan)
    talking.wait_for("prepare")
    assert talking.process.stdin
    talking.process.stdin.close()

    assert talking.process.wait(60) == 0
    assert work.snapshot() == before
    assert api.pending() == []


def test_a_listener_that_goes_away_in_the_middle_puts_everything_back(work: Work, talking: Worker) -> None:
    plan = talking.evaluate(*many(work))["plan"]
    before = work.snapshot()

    talking.send(id=7, do="apply", plan=plan)
    talking.wait_for("prepare")
    assert talking.process.stdout
    talking.process.stdout.close()

    talking.process.wait(60)
    assert work.snapshot() == before
    assert api.pending() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_signals_for_whoever_started_it_are_not_for_the_worker(work: Work, talking: Worker, number: int) -> None:
    work.write({"a": "old"})
    plan = talking.evaluate(edit(work, "a"))["plan"]

    os.kill(talking.process.pid, number)

    assert talking.ask(do="apply", plan=plan)[0]["outcome"] == "committed"


def test_sigterm_in_the_middle_puts_everything_back(work: Work, talking: Worker) -> None:
    plan = talking.evaluate(*many(work))["plan"]
    before = work.snapshot()

    talking.send(id=7, do="apply", plan=plan)
    talking.wait_for("prepare")
    talking.process.terminate()

    assert talking.process.wait(60) == 0
    assert work.snapshot() == before


def test_a_killed_worker_leaves_a_batch_that_the_next_one_puts_back(work: Work, talking: Worker) -> None:
    plan = talking.evaluate(*many(work))["plan"]
    before = work.snapshot()
    talking.send(id=7, do="apply", plan=plan, name="killed")
    talking.wait_for("prepare")
    talking.process.kill()
    talking.process.wait()

    with worker() as other:
        (batch,) = other.ask(do="pending")[0]["batches"]
        assert (batch["name"], batch["files"], batch["alive"], batch["foreign"]) == ("killed", MANY, False, False)
        done, _ = other.ask(do="recover", txn=batch["txn"], how="put_back")
        assert done["result"] == "put_back"
        assert other.ask(do="pending")[0]["batches"] == []
    assert work.snapshot() == before


def test_nonsense_is_answered_and_does_no_harm(work: Work, talking: Worker) -> None:
    work.write({"a": "old"})
    for line in ("", "{", "7", "[]", '{"do": "apply"}', "\x00"):
        talking.send_line(line)
        assert talking.answer()["code"] == "bad_request"
    for request in (
        {"do": "explode"},
        {"do": "evaluate"},
        {"do": "evaluate", "operations": [7]},
        {"do": "diff", "plan": 3, "index": 0},
        {"do": "apply", "plan": None},
        {"do": "recover", "txn": "x", "how": "somehow"},
        {"do": "read"},
        {"do": "read", "path": str(work.tree / "missing")},
    ):
        assert talking.ask(**request)[0]["event"] == "failed", request

    assert talking.evaluate(edit(work, "a"))["files"] == 1


def test_bad_operations_fail_with_a_reason(talking: Worker) -> None:
    done = talking.evaluate({"op": "edit", "path": "/a", "find": "x"})

    assert (done["event"], done["code"]) == ("failed", "bad_plan")
    assert "replace" in done["values"]["reason"]


def test_names_that_are_not_unicode_pass_the_pipe_both_ways(work: Work, talking: Worker) -> None:
    name = b"caf\xe9\n"
    path = os.path.join(os.fsencode(work.tree), name)
    with open(path, "wb") as file:
        file.write(b"old")
    _, found = talking.ask(do="list", roots=[str(work.tree)])
    (entry,) = found[0]["files"]
    assert os.fsencode(entry["path"]) == path

    operation = {"op": "edit", "path": entry["path"], "find": "old", "replace": "new"}
    plan = talking.evaluate(operation)["plan"]
    assert talking.ask(do="apply", plan=plan)[0]["outcome"] == "committed"
    with open(path, "rb") as file:
        assert file.read() == b"new"


def test_listing_leaves_out_version_control_and_our_own_files(work: Work, talking: Worker) -> None:
    work.write({"a": "", "sub/b": "", ".git/config": "", ".~hf-abcdefghij-0": ""})
    (work.tree / "link").symlink_to("a")

    _, found = talking.ask(do="list", roots=[str(work.tree)])

    names = [os.path.relpath(entry["path"], work.tree) for part in found for entry in part["files"]]
    assert names == ["a", "sub/b"]


@pytest.mark.parametrize(
    ("content", "code"), [(b"\0", "binary"), (b"\xff", "encoding"), (b"x" * (9 << 20), "too_large")]
)
def test_only_text_is_read_for_editing(work: Work, talking: Worker, content: bytes, code: str) -> None:
    work.write({"a": content, "good": "grüße"})

    assert talking.ask(do="read", path=str(work.tree / "a"))[0]["code"] == code
    assert talking.ask(do="read", path=str(work.tree / "good"))[0]["text"] == "grüße"
