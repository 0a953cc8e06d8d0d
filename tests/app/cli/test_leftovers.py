"""Leftovers on the command line: what is told, what goes only when asked for, and the exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from core import cleaning
from core.leftovers.news import Found
from tests.support.commands import holdfast
from tests.support.work import Json, Work

DAYS = 40 * 86_400


def age(work: Work, *names: str) -> None:
    """Turn the files' own clock back: only the machine's clock could turn back that of their names."""
    long_ago = time.time() - DAYS
    for name in names:
        os.utime(work.tree / name, (long_ago, long_ago))


def test_each_leftover_is_told_with_its_maker_what_it_is_and_why(work: Work) -> None:
    work.write({"a": "new", "a.bak": "old", "b~": "only"})
    age(work, "a.bak")
    ran = holdfast("leftovers", str(work.tree))
    assert ran.code == 0
    assert "b~\n      an editor: the version before the last save. The file that it belongs to is missing." in ran.out
    assert "It is an older version of the file that it belongs to. [24]" in ran.out
    assert ran.out.splitlines()[-1] == "2 leftovers in 1 folder. Nothing was changed."


def test_as_json_every_leftover_is_a_line_and_the_outcome_the_last_one(work: Work) -> None:
    odd = os.fsdecode(b"caf\xe9.bak")
    (work.tree / odd).write_text("x")
    ran = holdfast("leftovers", str(work.tree), "--json")
    first, coverage, last = ran.events
    assert (first["event"], first["path"], first["advice"]) == ("leftover", str(work.tree / odd), "restore")
    assert (first["preselected"], first["number"], first["row"]) == (False, 24, "17")
    assert (coverage["folders"], last) == (1, {"event": "outcome", "outcome": "leftovers", "found": 1})


def test_what_is_never_to_be_touched_is_told_on_request_with_why(work: Work) -> None:
    work.write({"db-wal": "x", "Cargo.lock": "x", ".git/index.lock": ""})
    assert holdfast("leftovers", str(work.tree)).out.startswith("0 leftovers")
    ran = holdfast("leftovers", str(work.tree), "--all", "--json")
    told = {os.path.basename(one["path"]): one for one in ran.events if one["event"] == "leftover"}
    assert {name: one["advice"] for name, one in told.items()} == dict.fromkeys(
        ("db-wal", "Cargo.lock", ".git"), "protected"
    )
    assert told["db-wal"]["meaning"] == "committed data that are nowhere else"


def test_below_a_folder_only_what_is_of_no_use_goes(work: Work) -> None:
    work.write({"a": "new", "a.bak": "old", "c": "new", "c.bak": "new"})
    age(work, "a.bak")
    ran = holdfast("clear", str(work.tree), "--yes")
    assert (ran.code, ran.out) == (0, "Nothing was changed. There is nothing that is surely of no use.\n")


def test_a_leftover_that_is_named_goes_and_can_be_undone(work: Work, state: Path) -> None:
    work.write({"a": "new", "a.bak": "old"})
    ran = holdfast("clear", str(work.tree / "a.bak"), "--yes", "--json")
    assert (ran.code, ran.events[-1]["outcome"], ran.events[-1]["files"]) == (0, "committed", 1)
    assert work.texts() == {"a": "new"}
    assert [path.read_text() for path in (state / "attic").rglob("*") if path.is_file()] == ["old"]


def test_what_is_deleted_now_is_not_kept(work: Work, state: Path) -> None:
    work.write({"a": "new", "a.bak": "old"})
    assert holdfast("clear", str(work.tree / "a.bak"), "--yes", "--now").code == 0
    assert work.texts() == {"a": "new"}
    assert [path for path in (state / "attic").rglob("*") if path.is_file()] == []


def test_the_trash_is_an_end_of_its_own(work: Work, tmp_path: Path) -> None:
    work.write({"a": "new", "a.bak": "old"})
    ran = holdfast("clear", str(work.tree / "a.bak"), "--yes", "--trash")
    assert (ran.code, ran.out) == (0, "1 leftover moved to the trash.\n")
    assert work.texts() == {"a": "new"}


def test_what_a_program_has_open_goes_to_no_trash(work: Work) -> None:
    work.write({"a": "new", "a.bak": "old"})
    with (work.tree / "a.bak").open("r+"):
        ran = holdfast("clear", str(work.tree / "a.bak"), "--yes", "--trash")
    assert ran.code == 1
    assert "a program has it open" in ran.err
    assert work.texts() == {"a": "new", "a.bak": "old"}


def test_without_a_terminal_nothing_is_cleared_or_restored_unless_agreed(work: Work) -> None:
    work.write({"a": "new", "a.bak": "old"})
    for command in ("clear", "restore"):
        ran = holdfast(command, str(work.tree / "a.bak"))
        assert ran.code == 2
        assert ran.err == f"Nothing was changed. Without a terminal to ask on, {command} needs --yes.\n"
    assert work.texts() == {"a": "new", "a.bak": "old"}


def test_a_lock_that_is_a_symlink_to_nowhere_is_cleared_by_name(work: Work) -> None:
    work.write({"a": "new"})
    lock = work.tree / ".#a"
    lock.symlink_to("me@nowhere.4711:1700000000")
    assert holdfast("clear", str(lock), "--yes").code == 0
    assert not lock.is_symlink()


def test_what_is_part_of_something_is_not_cleared_even_if_named(work: Work) -> None:
    work.write({"db-wal": "x"})
    ran = holdfast("clear", str(work.tree / "db-wal"), "--yes")
    assert ran.code == 1
    assert ran.err.startswith("Nothing was changed.")
    assert work.texts() == {"db-wal": "x"}


def test_a_file_gets_the_content_of_a_leftover_and_its_own_goes_to_history(work: Work, state: Path) -> None:
    work.write({"a": "broken", "a.bak": "good"})
    (work.tree / "a").chmod(0o640)
    assert holdfast("restore", str(work.tree / "a.bak"), "--yes").code == 0
    assert work.texts() == {"a": "good", "a.bak": "good"}
    assert (work.tree / "a").stat().st_mode & 0o777 == 0o640
    assert [path.read_text() for path in (state / "attic").rglob("*") if path.is_file()] == ["broken"]


def test_it_can_be_restored_under_another_name_and_the_leftover_go(work: Work) -> None:
    work.write({"a": "new", "a.bak": "old"})
    ran = holdfast("restore", str(work.tree / "a.bak"), "--to", str(work.tree / "b"), "--remove", "--yes")
    assert ran.code == 0
    assert work.texts() == {"a": "new", "b": "old"}


def test_where_nothing_tells_what_it_belongs_to_restoring_says_so(work: Work) -> None:
    work.write({"sedA1b2C3": "half", "plain": "x"})
    ran = holdfast("restore", str(work.tree / "sedA1b2C3"), "--yes")
    assert ran.code == 1
    assert "does not tell what it belongs to; --to FILE does." in ran.err
    assert holdfast("restore", str(work.tree / "plain"), "--yes").err.endswith("plain is no leftover.\n")


def test_what_is_kept_or_ignored_is_told_no_more_until_that_is_taken_back(work: Work) -> None:
    work.write({"a": "new", "a.bak": "old", "a~": "old"})
    assert holdfast("leftovers", "--keep", str(work.tree / "a.bak")).code == 0
    assert holdfast("leftovers", "--ignore", "5", str(work.tree)).code == 0
    assert holdfast("leftovers", str(work.tree)).out.startswith("0 leftovers")
    told = holdfast("leftovers", "--forget", str(work.tree), "--json").out
    assert [json.loads(line) for line in told.splitlines()][-1]["found"] == 2
    assert holdfast("leftovers", "--forget", str(work.tree)).out == "0 decisions taken back.\n"
    assert holdfast("leftovers", str(work.tree)).out.endswith("2 leftovers in 1 folder. Nothing was changed.\n")


def told_until(watching: subprocess.Popen[bytes], is_last: Callable[[Json], bool]) -> Iterator[Json]:
    """Yield what a watch tells, up to a certain event."""
    assert watching.stdout is not None
    for line in watching.stdout:
        yield (one := json.loads(line))
        if is_last(one):
            return


def test_a_watch_tells_until_it_is_interrupted(work: Work) -> None:
    work.write({"a.bak": "x"})
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "app", "watch", str(work.tree), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as watching:
        try:
            told = list(told_until(watching, lambda one: one["event"] == "coverage" and one["live"]))
            assert "found" in {one["event"] for one in told}
            (work.tree / "a.bak").unlink()
            *_, last = told_until(watching, lambda one: one["event"] == "gone")
            assert last == {"event": "gone", "path": str(work.tree / "a.bak")}
            watching.send_signal(signal.SIGINT)
            assert watching.wait(10) == 128 + signal.SIGINT
        finally:
            watching.kill()


def test_the_command_line_and_the_engine_find_the_same(work: Work) -> None:
    work.write({"a.bak": "x", "sub/b~": "x"})
    ran = holdfast("leftovers", str(work.tree), "--json")
    told = {one["path"] for one in ran.events if one["event"] == "leftover"}
    found = [one for one in cleaning.scan([str(work.tree)]) if isinstance(one, Found)]
    assert told == {one.path for part in found for one in part.leftovers}
