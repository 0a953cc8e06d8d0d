"""A real worker scans, watches, restores and trashes, on real folders."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.talking import Json, Worker, worker
from tests.support.work import Work

PATIENCE_SECONDS = 15.0


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
        self.wait(lambda: self.coverage)

    def wait(self, condition: object) -> None:
        """Take answers until something is true."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not condition():  # type: ignore[operator]
            assert time.monotonic() < until, (self.leftovers, self.coverage)
            if self._talking.has_answer(0.2):
                self._take(self._talking.answer())

    def _take(self, answer: Json) -> None:
        if answer["event"] == "found":
            self.leftovers.update((one["path"], one) for one in answer["leftovers"])
        elif answer["event"] == "gone":
            for path in answer["paths"]:
                del self.leftovers[path]
        elif answer["event"] == "coverage":
            self.coverage = answer
        else:
            raise AssertionError(answer)

    @property
    def names(self) -> set[str]:
        return {os.path.basename(path) for path in self.leftovers}


def test_a_scan_tells_what_each_leftover_is(work: Work, talking: Worker) -> None:
    work.write(
        {"a": "new", "a.bak": "old", "b~": "b", "deep/c": "c", "deep/c.orig": "c", ".git/x.bak": "", "plain": ""}
    )
    old = time.time() - 7200
    for name in ("a.bak", "deep/c.orig"):
        os.utime(work.tree / name, (old, old))
    done, before = talking.ask(do="scan", roots=[str(work.tree)])
    found = {os.path.relpath(one["path"], work.tree): one for part in before for one in part["leftovers"]}
    assert (done["found"], done["folders"]) == (3, 2)
    assert {name: (one["kind"], one["advice"], one["reason"]) for name, one in found.items()} == {
        "a.bak": ("backup", "keep", "older"),
        "b~": ("backup", "restore", "only_copy"),
        "deep/c.orig": ("backup", "clear", "same"),
    }
    assert found["a.bak"]["original"] == str(work.tree / "a")


def test_remains_of_a_batch_are_told_apart_by_what_its_journal_says(work: Work, talking: Worker) -> None:
    work.write({".~hf-abcdefghij-0": "x"})
    _, before = talking.ask(do="scan", roots=[str(work.tree)])
    (found,) = before[0]["leftovers"]
    assert (found["kind"], found["advice"], found["reason"], found["txn"]) == (
        "own",
        "keep",
        "batch_unknown",
        "abcdefghij",
    )


def test_a_watch_tells_of_what_comes_changes_and_goes(work: Work, talking: Worker) -> None:
    work.write({"a": "a", "sub/b": "b"})
    watching = Watching(talking, work.tree)
    assert (watching.coverage["folders"], watching.coverage["watched"], watching.coverage["live"]) == (2, 2, True)
    work.write({"a.bak": "a", "sub/b~": "other"})
    watching.wait(lambda: watching.names == {"a.bak", "b~"})
    watching.wait(lambda: watching.leftovers[str(work.tree / "a.bak")]["same"] is True)
    work.write({"a": "changed"})  # the original changes, not the leftover
    watching.wait(lambda: watching.leftovers[str(work.tree / "a.bak")]["same"] is False)
    (work.tree / "a.bak").unlink()
    (work.tree / "sub/b~").rename(work.tree / "sub/c~")
    watching.wait(lambda: watching.names == {"c~"})


def test_folders_that_move_take_their_leftovers_along(work: Work, talking: Worker, tmp_path: Path) -> None:
    work.write({"inside/x.bak": "x"})
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "deep" / "y.bak").write_text("y")
    watching = Watching(talking, work.tree)
    watching.wait(lambda: watching.names == {"x.bak"})
    outside.rename(work.tree / "came")
    watching.wait(lambda: watching.names == {"x.bak", "y.bak"})
    (work.tree / "inside").rename(tmp_path / "went")
    watching.wait(lambda: watching.names == {"y.bak"})


def test_names_that_are_not_utf8_arrive_intact(work: Work, talking: Worker) -> None:
    watching = Watching(talking, work.tree)
    odd = os.fsdecode(os.fsencode(work.tree) + b"/caf\xe9.bak")
    Path(odd).write_text("x")
    watching.wait(lambda: odd in watching.leftovers)


def test_a_root_that_goes_and_comes_back_is_watched_again(work: Work, talking: Worker, tmp_path: Path) -> None:
    work.write({"x.bak": "x"})
    watching = Watching(talking, work.tree)
    watching.wait(lambda: watching.names == {"x.bak"})
    work.tree.rename(tmp_path / "away")
    watching.wait(lambda: not watching.names and not watching.coverage["live"])
    work.write({"y.bak": "y"})
    watching.wait(lambda: watching.names == {"y.bak"} and watching.coverage["live"])
    work.write({"z.bak": "z"})
    watching.wait(lambda: watching.names == {"y.bak", "z.bak"})


def test_symlinks_are_not_followed(work: Work, talking: Worker) -> None:
    work.write({"sub/x.bak": "x"})
    (work.tree / "loop").symlink_to(work.tree)
    (work.tree / "sub/up").symlink_to("..")
    watching = Watching(talking, work.tree)
    watching.wait(lambda: list(watching.leftovers) == [str(work.tree / "sub/x.bak")])
    assert watching.coverage["folders"] == 2


def test_nothing_is_missed_when_the_kernel_loses_events(work: Work, talking: Worker) -> None:
    watching = Watching(talking, work.tree)
    script = (
        "import os, sys\nos.chdir(sys.argv[1])\n"
        "for number in range(60_000):\n"
        "    open(f'n{number}', 'w').close(); os.unlink(f'n{number}')\n"
        "    if number % 600 == 0: open(f'{number}.bak', 'w').close()\n"
    )
    subprocess.run(["python3", "-S", "-c", script, str(work.tree)], check=True)
    watching.wait(lambda: len(watching.names) == 100)


def test_a_watch_ends_at_once_when_it_is_cancelled_and_the_worker_goes_on(work: Work, talking: Worker) -> None:
    Watching(talking, work.tree)
    began = time.monotonic()
    talking.send(id=8, do="cancel")
    while talking.answer() != {"id": 7, "event": "failed", "code": "cancelled", "values": {}}:
        pass
    assert time.monotonic() - began < 5
    assert talking.ask(do="pending")[0]["batches"] == []


def test_restoring_is_a_batch_and_the_leftover_stays(work: Work, talking: Worker) -> None:
    work.write({"a": "broken", "a.bak": "good", "b~": "only"})
    for leftover, original in (("a.bak", "a"), ("b~", "b")):
        answer = talking.ask(do="restore", path=str(work.tree / leftover), original=str(work.tree / original))[0]
        plan = talking.evaluate(*answer["operations"])
        assert talking.ask(do="apply", plan=plan["plan"])[0]["outcome"] == "committed"
    assert work.texts() == {"a": "good", "a.bak": "good", "b": "only", "b~": "only"}


def test_only_what_was_shown_goes_to_the_trash(work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    work.write({"a.bak": "a", "b.bak": "b"})
    shown = [
        {"path": str(work.tree / name), "size": 1, "mtime": (work.tree / name).stat().st_mtime}
        for name in ("a.bak", "b.bak")
    ]
    work.write({"b.bak": "saved meanwhile"})
    with worker() as talking:
        done, _ = talking.ask(do="trash", leftovers=[*shown, {"path": str(work.tree / "c.bak"), "size": 1, "mtime": 0}])
    assert done["trashed"] == [str(work.tree / "a.bak")]
    assert [(os.path.basename(one["path"]), one["code"]) for one in done["failed"]] == [
        ("b.bak", "changed"),
        ("c.bak", "missing"),
    ]
    assert work.texts() == {"b.bak": "saved meanwhile"}
    assert list((tmp_path / "data").rglob("a.bak"))
