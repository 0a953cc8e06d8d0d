"""A real worker scans, watches and restores, on real folders; what of its answers the window relies on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import leftover_texts
from app.values import Coverage, Leftover
from core.leftovers.judge import Advice, Reason
from core.leftovers.shown import Left
from tests.support.talking import Json, Worker, worker
from tests.support.work import Work

PATIENCE_SECONDS = 20.0
MANY = 1500


@pytest.fixture
def talking() -> Iterator[Worker]:
    with worker() as one:
        yield one


class Watching:
    """A watch and what it has told."""

    def __init__(self, talking: Worker, *roots: Path) -> None:
        self.leftovers: dict[str, Json] = {}
        self.coverage: Json = {}
        self._talking = talking
        talking.send(id=7, do="watch", roots=[str(root) for root in roots])
        self.wait(lambda: self.coverage.get("live"))

    def wait(self, condition: Callable[[], object]) -> None:
        """Take answers until something is true."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < until, (self.leftovers, self.coverage)
            self.listen(0.2)

    def listen(self, seconds: float) -> None:
        """Take an answer, if one comes in time."""
        if self._talking.has_answer(seconds):
            self._take(self._talking.answer())

    def _take(self, answer: Json) -> None:
        match answer["event"]:
            case "found":
                self.leftovers.update((one["path"], one) for one in answer["leftovers"])
            case "gone":
                for path in answer["paths"]:
                    self.leftovers.pop(path, None)
            case "coverage":
                self.coverage = answer
            case _:
                raise AssertionError(answer)

    @property
    def names(self) -> set[str]:
        return {os.path.basename(path) for path in self.leftovers}


def test_a_scan_tells_everything_the_window_knows_of_a_leftover(work: Work, talking: Worker) -> None:
    work.write({"a": "x", "a.bak": "y", "b~": "b", ".~lock.c.odt#": ""})
    done, before = talking.ask(do="scan", roots=[str(work.tree)])
    assert (done["found"], done["folders"]) == (3, 1)
    raw = [one for part in before if part["event"] == "found" for one in part["leftovers"]]
    found = {os.path.basename(one.path): one for one in map(Leftover.of, raw)}
    assert (found["a.bak"].kind, found["a.bak"].original, found["a.bak"].same) == (
        "backup",
        str(work.tree / "a"),
        False,
    )
    assert (found["b~"].advice, found["b~"].reason) == ("restore", "only_copy")
    assert (found[".~lock.c.odt#"].kind, found[".~lock.c.odt#"].original) == ("temporary", "")
    (coverage,) = [part for part in before if part["event"] == "coverage"]
    assert Coverage(**{key: coverage[key] for key in Coverage.__dataclass_fields__}).folders == 1


def test_what_is_cleared_is_what_was_shown_and_a_batch(work: Work, talking: Worker) -> None:
    work.write({"a": "x", "a.bak": "y", "b": "x", "b.bak": "y"})
    _, before = talking.ask(do="scan", roots=[str(work.tree)])
    shown = [one for part in before if part["event"] == "found" for one in part["leftovers"]]
    work.write({"b.bak": "another"})
    done, _ = talking.ask(do="clear", leftovers=shown)
    assert (done["outcome"], done["files"]) == ("committed", 1)
    assert [(one["path"], one["code"]) for one in done["left"]] == [(str(work.tree / "b.bak"), "changed")]
    assert work.texts() == {"a": "x", "b": "x", "b.bak": "another"}


def test_the_engine_says_which_file_is_restored_or_that_nothing_tells(work: Work, talking: Worker) -> None:
    work.write({"a": "x", "a.bak": "y", "sedA1b2C3": "half"})
    asked = {name: talking.ask(do="restore", path=str(work.tree / name))[0] for name in ("a.bak", "sedA1b2C3")}
    assert asked["a.bak"]["original"] == str(work.tree / "a")
    assert asked["a.bak"]["operations"][0]["op"] == "replace"
    assert asked["sedA1b2C3"]["code"] == "no_original"


def test_there_are_words_for_everything_that_may_be_said() -> None:
    assert set(leftover_texts.ADVICE) == set(Advice)
    assert set(leftover_texts.REASONS) == set(Reason)
    assert set(leftover_texts.NOT_TRASHED) == set(Left)


def test_a_watch_tells_of_what_comes_changes_and_goes(work: Work, talking: Worker) -> None:
    work.write({"a": "a", "sub/b": "b"})
    watching = Watching(talking, work.tree)
    assert (watching.coverage["folders"], watching.coverage["watched"], watching.coverage["live"]) == (2, 2, True)
    odd = os.fsdecode(os.fsencode(work.tree) + b"/caf\xe9.bak")
    Path(odd).write_text("x")
    work.write({"sub/b~": "other"})
    watching.wait(lambda: set(watching.leftovers) == {odd, str(work.tree / "sub/b~")})
    (work.tree / "sub/b~").rename(work.tree / "sub/c~")
    Path(odd).unlink()
    watching.wait(lambda: watching.names == {"c~"})


def test_a_watch_ends_at_once_when_it_is_cancelled_and_the_worker_goes_on(work: Work, talking: Worker) -> None:
    Watching(talking, work.tree)
    began = time.monotonic()
    talking.send(id=8, do="cancel")
    while talking.answer() != {"id": 7, "event": "failed", "code": "cancelled", "values": {}}:
        pass
    assert time.monotonic() - began < 1
    Watching(talking, work.tree)


def test_the_end_of_input_ends_a_watch(work: Work, talking: Worker) -> None:
    Watching(talking, work.tree)
    began = time.monotonic()
    assert talking.close() == 0
    assert time.monotonic() - began < 2


def test_side_files_are_shown_only_once_their_batch_has_died_and_go_when_it_is_put_back(work: Work) -> None:
    work.write({f"{number:05}": "old" for number in range(MANY)})
    edits = [
        {"op": "edit", "path": str(work.tree / f"{number:05}"), "find": "old", "replace": "new"}
        for number in range(MANY)
    ]
    with worker() as applying, worker() as looking:
        watching = Watching(looking, work.tree)
        plan = applying.evaluate(*edits)["plan"]
        applying.send(id=2, do="apply", plan=plan)
        applying.wait_for("prepare")
        until = time.monotonic() + 2
        # It has said that it begins, and may not have begun.
        while not _has_side_files(work) and time.monotonic() < until:
            time.sleep(0.001)
        os.kill(applying.process.pid, signal.SIGSTOP)
        until = time.monotonic() + 2
        while time.monotonic() < until:
            watching.listen(0.2)
        assert _has_side_files(work)
        assert watching.names == set()

        applying.process.kill()
        applying.process.wait()
        (txn,) = {name[5:15] for name in os.listdir(work.tree) if name.startswith(".~hf-")}
        watching.wait(lambda: watching.leftovers)
        one = next(iter(watching.leftovers.values()))
        assert (one["kind"], one["txn"], one["advice"], one["reason"]) == ("own", txn, "recover", "batch_interrupted")
        assert os.path.dirname(one["original"]) == str(work.tree)
        assert len(os.path.basename(one["original"])) == 5

        with worker() as other:
            assert other.ask(do="recover", txn=txn, how="put_back")[0]["result"] == "put_back"
        watching.wait(lambda: not watching.leftovers)


def _has_side_files(work: Work) -> bool:
    return any(name.startswith(".~hf-") for name in os.listdir(work.tree))


def test_restoring_is_a_batch_and_the_leftover_stays(work: Work, talking: Worker) -> None:
    work.write({"a": "broken", "a.bak": "good", "b~": "only"})
    for leftover, original in (("a.bak", "a"), ("b~", "b")):
        answer = talking.ask(do="restore", path=str(work.tree / leftover), original=str(work.tree / original))[0]
        plan = talking.evaluate(*answer["operations"])
        assert talking.ask(do="apply", plan=plan["plan"])[0]["outcome"] == "committed"
    assert work.texts() == {"a": "good", "a.bak": "good", "b": "only", "b~": "only"}


def test_what_cannot_be_restored_fails_with_why(work: Work, talking: Worker) -> None:
    work.write({"a": "x", ".a.swp": "y"})
    for leftover, code in ((".a.swp", "not_restorable"), ("a.bak", "missing")):
        done = talking.ask(do="restore", path=str(work.tree / leftover), original=str(work.tree / "a"))[0]
        assert (done["event"], done["code"]) == ("failed", code)


@pytest.mark.parametrize(
    "request_",
    [
        {"do": "scan"},
        {"do": "scan", "roots": "/"},
        {"do": "watch", "roots": ["relative"]},
        {"do": "watch", "roots": [7]},
        {"do": "restore", "original": "/a"},
        {"do": "restore", "path": "a.bak", "original": "a"},
        {"do": "restore", "path": "/a.bak", "original": "/a", "expect": 7},
    ],
)
def test_nonsense_is_refused(talking: Worker, request_: Json) -> None:
    assert talking.ask(**request_)[0]["code"] == "bad_request"
