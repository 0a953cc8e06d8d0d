"""What people complain about in other programs that search, replace and rename, as what they ask for.

Each thread is about another program; the test shows that ours does what was asked. Undoing a batch and leftovers have
their own complaints, and their own tests.

==============================================  ========================================================================
asked in                                        test
==============================================  ========================================================================
microsoft/vscode#71489, #80918                  test_a_replace_that_fails_half_way_leaves_no_file_empty_and_none_changed
notepad-plus-plus/notepad-plus-plus#14089       test_a_full_disk_costs_no_file_its_content
thomasschafer/scooter#401                       test_nothing_is_applied_by_a_key_pressed_twice
stefankueng/grepWin#387, #56, dnGrep#1266       test_all_changes_of_all_files_are_shown_at_once_before_any_is_made
dnGrep/dnGrep#848                               test_what_is_shown_is_what_is_written_byte_for_byte
stefankueng/grepWin#92, #111, #43, #452, #163   test_many_pairs_are_replaced_in_one_run_each_in_folders_of_its_own
stefankueng/grepWin#611                         test_only_the_files_that_were_chosen_are_changed_and_searched_again
stefankueng/grepWin#461, #512, #132             test_stopping_a_search_takes_no_longer_than_the_file_it_is_in
notepad-plus-plus/notepad-plus-plus#13730       test_a_search_can_be_stopped_while_files_are_still_being_found
ranger#1621, nnn#971, clifm#288, yazi#4039      test_names_that_change_places_or_would_become_the_same_destroy_no_file
microsoft/PowerToys#12088, #48609               test_renames_applied_a_second_time_do_nothing
==============================================  ========================================================================
"""

from __future__ import annotations

import errno
import json
import os
import threading
import time

import pytest

from core import api
from core.errors import ProblemCode
from core.plan import planfile
from core.progress import Cancelled, CancelToken, Meter
from tests.support.commands import Terminal
from tests.support.failing import FailingFileSystem, engine_on
from tests.support.work import Json, Work


def replace(*roots: str, find: str = "old", put: str = "new", **more: object) -> Json:
    return {"op": "find_replace", "roots": list(roots), "find": find, "replace": put, **more}


def many(work: Work, files: int) -> dict[str, str]:
    texts = {f"folder{number % 7}/file{number}": f"old {number}\n" for number in range(files)}
    work.write({**texts})
    return texts


def test_a_replace_that_fails_half_way_leaves_no_file_empty_and_none_changed(work: Work) -> None:
    texts = many(work, 20)
    plan = work.plan(replace("."))

    with engine_on(FailingFileSystem(10, errno.EIO, frozenset({"exchange"}))):
        assert isinstance(api.apply(plan), api.RolledBack)

    assert work.texts() == texts


def test_a_full_disk_costs_no_file_its_content(work: Work) -> None:
    texts = many(work, 20)
    plan = work.plan(replace("."))

    with engine_on(FailingFileSystem(12, errno.ENOSPC, frozenset({"write"}), for_good=True)):
        outcome = api.apply(plan)

    assert not isinstance(outcome, api.Committed)
    assert work.texts() == texts


def test_nothing_is_applied_by_a_key_pressed_twice(work: Work) -> None:
    work.write({"a": "old\n"})
    plan = work.tree.parent / "plan.json"
    plan.write_text(json.dumps({"holdfast": 1, "operations": [replace(str(work.tree))]}))

    terminal = Terminal("apply", str(plan))
    terminal.wait_for("Apply? [y/N] ")
    terminal.type("\n\n")

    assert terminal.end() == 1
    assert work.texts() == {"a": "old\n"}


def test_all_changes_of_all_files_are_shown_at_once_before_any_is_made(work: Work) -> None:
    texts = many(work, 30)

    lines = list(api.preview_lines(work.plan(replace("."))))

    assert sum(line.startswith("diff ") for line in lines) == 30
    assert {line for line in lines if line.startswith("+new")} == {f"+new {number}" for number in range(30)}
    assert work.texts() == texts


def test_what_is_shown_is_what_is_written_byte_for_byte(work: Work) -> None:
    before = {"a": b"old \xff\r\nmixed old\nlast old", "b": b"\xef\xbb\xbfold\r\n", "c/d": b"\x80 old\r old\n"}
    work.write({**before})
    plan = work.plan(replace("."))
    shown = [line.replace(str(work.tree), "") for line in api.preview_lines(plan)]
    api.apply(plan)
    written = {name: (work.tree / name).read_bytes() for name in before}
    work.write({**before})
    (work.tree / "shown.diff").write_bytes(os.fsencode("\n".join(shown)) + b"\n")

    assert isinstance(work.apply({"op": "patch", "file": "shown.diff"}), api.Committed)

    assert {name: (work.tree / name).read_bytes() for name in before} == written


def test_many_pairs_are_replaced_in_one_run_each_in_folders_of_its_own(work: Work) -> None:
    work.write({"src/f": "one two three\n", "docs/f": "one two three\n", "other/f": "one two\n"})
    pairs = [{"find": "one", "replace": "two"}, {"find": "two", "replace": "one"}]

    both: Json = {"op": "find_replace", "roots": ["src", "docs"], "pairs": pairs, "simultaneous": True}
    work.apply(both, replace("docs", find="three", put="3"))

    assert work.texts() == {"src/f": "two one three\n", "docs/f": "two one 3\n", "other/f": "one two\n"}


def test_only_the_files_that_were_chosen_are_changed_and_searched_again(work: Work) -> None:
    work.write({"a": "old\n", "b": "old\n", "c": "old\n"})
    meter = Meter()

    chosen = api.evaluate(work_operations(work, replace("a", "c")), meter=meter)
    api.apply(chosen)

    assert work.texts() == {"a": "new\n", "b": "old\n", "c": "new\n"}
    work.apply(replace(".", find="o", put="0", without=["b"]))
    assert work.texts()["b"] == "old\n"


def work_operations(work: Work, *operations: Json) -> list[api.Operation]:
    return [planfile.parse(one, str(work.tree)) for one in operations]


def test_stopping_a_search_takes_no_longer_than_the_file_it_is_in(work: Work) -> None:
    many(work, 300)
    seen: list[float] = []

    def is_stopped() -> bool:
        seen.append(time.monotonic())
        return len(seen) > 50

    with pytest.raises(Cancelled):
        api.evaluate(work_operations(work, replace(".", regex=True)), token=CancelToken(is_stopped))

    assert time.monotonic() - seen[50] < 1


def test_a_search_can_be_stopped_while_files_are_still_being_found(work: Work) -> None:
    for number in range(300):
        (work.tree / f"{number}").mkdir()
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        api.evaluate(work_operations(work, replace(".", find="found nowhere")), token=token)
    assert threading.active_count() < 50  # what walked the tree has ended as well


def test_names_that_change_places_or_would_become_the_same_destroy_no_file(work: Work) -> None:
    work.write({"a": "1", "b": "2", "x1": "3", "x2": "4"})
    moves: list[Json] = [
        {"op": "move", "path": "a", "to": "aside"},
        {"op": "move", "path": "b", "to": "a"},
        {"op": "move", "path": "aside", "to": "b"},
    ]

    assert isinstance(work.apply(*moves), api.Committed)
    assert work.texts() == {"a": "2", "b": "1", "x1": "3", "x2": "4"}
    same: Json = {"op": "rename", "roots": ["."], "find": "^x.$", "replace": "x"}
    assert {code for _, code in work.problems(same)} == {ProblemCode.COLLISION}
    assert isinstance(work.apply(same), api.Refused)
    assert work.texts() == {"a": "2", "b": "1", "x1": "3", "x2": "4"}


def test_renames_applied_a_second_time_do_nothing(work: Work) -> None:
    work.write({"a.txt": "1", "b.txt": "2"})
    moves: list[Json] = [{"op": "move", "path": f"{name}.txt", "to": f"{name}.md"} for name in "ab"]
    work.apply(*moves)

    assert isinstance(work.apply(*moves), api.Refused)

    assert work.texts() == {"a.md": "1", "b.md": "2"}
