"""Many new names by one pattern: no file is lost, whatever the names are."""

from __future__ import annotations

import os
import random

import pytest

from core import api
from core.errors import ProblemCode
from core.plan.renaming import ordered
from tests.support.tried import Tried
from tests.support.work import Json, Work


def rename(find: str, replace: str, **more: object) -> Json:
    return {"op": "rename", "roots": ["."], "find": find, "replace": replace, **more}


def test_names_change_by_groups_case_and_a_number(work: Work) -> None:
    work.write({"test_a.py": "a", "sub/test_b.py": "b", "other": "o"})

    assert isinstance(api.apply(work.plan(rename(r"^test_(.*)\.py$", r"\u\1_\#.py", digits=3, start=7))), api.Committed)

    assert work.texts() == {"A_007.py": "a", "sub/B_008.py": "b", "other": "o"}


def test_names_change_places_and_go_round_in_circles(work: Work) -> None:
    work.write({"a": "1", "b": "2", "x1": "one", "x2": "two", "x3": "three"})

    work.apply(
        rename("^a$", "b_", regex=True),
        rename("^b$", "a"),
        rename("^b_$", "b"),
    )
    assert (work.texts()["a"], work.texts()["b"]) == ("2", "1")


def test_two_names_that_would_become_the_same_are_a_problem_for_each(work: Work) -> None:
    work.write({"a1": "1", "a2": "2", "b": "3", "c": "4"})

    assert work.problems(rename(r"a\d", "a")) == [(0, ProblemCode.COLLISION)]
    assert work.problems(rename("^b$", "c")) == [(0, ProblemCode.EXISTS)]
    assert work.problems(rename("^b$", "x/y")) == [(0, ProblemCode.BAD_PATTERN)]
    assert work.problems(rename("(", "")) == [(0, ProblemCode.BAD_PATTERN)]


def test_a_name_that_another_file_leaves_is_free(work: Work) -> None:
    """Numbers move up by one: each new name but the last is still taken when the renaming begins."""
    work.write({f"{number}.txt": str(number) for number in range(5)})
    work.write({"n0": "", "n1": ""})

    work.apply(rename(r"^\d\.txt$", r"\#.txt"))

    assert {name: text for name, text in work.texts().items() if name.endswith(".txt")} == {
        f"{number + 1}.txt": str(number) for number in range(5)
    }


def test_only_the_case_changes(work: Work) -> None:
    work.write({"README": "r"})

    work.apply(rename("^.*$", r"\L\0"))

    assert work.texts() == {"readme": "r"}


def test_folders_get_new_names_with_all_that_is_in_them(work: Work) -> None:
    work.write({"old_one/old_file": "1", "old_one/old_two/f": "2", "g": "old_"})

    work.apply(rename("old_", "new_", regex=False, folders=True))

    assert work.texts() == {"new_one/new_file": "1", "new_one/new_two/f": "2", "g": "old_"}


def test_a_rename_sees_what_came_before_and_is_seen_by_what_comes_after(work: Work) -> None:
    work.write({"a.txt": "x"})

    work.apply(
        {"op": "create", "path": "b.txt", "text": "x"},
        rename(r"\.txt$", ".md"),
        {"op": "find_replace", "roots": ["."], "glob": ["*.md"], "find": "x", "replace": "y"},
    )

    assert work.texts() == {"a.md": "y", "b.md": "y"}


@pytest.mark.parametrize("seed", range(3))
def test_any_permutation_of_names_is_put_in_an_order_that_works(seed: int, tried: Tried) -> None:
    rng = random.Random(seed)
    for _ in range(100):
        names = [f"/f/{number}" for number in range(rng.randint(1, 9))]
        targets = rng.sample([*names, *(f"/f/new{number}" for number in range(3))], len(names))
        wanted = {old: new for old, new in zip(names, targets, strict=True) if old != new and rng.random() < 0.8}
        wanted = {old: new for old, new in wanted.items() if new not in names or new in wanted}
        while lost := [old for old, new in wanted.items() if new in names and new not in wanted]:
            for old in lost:
                del wanted[old]
        there = {name: name for name in names}
        for move in ordered(wanted):
            assert move.to not in there
            there[move.to] = there.pop(move.path)
        assert there == {wanted.get(name, name): name for name in names}
        tried("renamings of up to nine files")


def test_a_swap_of_two_files_by_one_patch_and_by_two_renames_is_the_same(work: Work) -> None:
    work.write({"a": "1\n", "b": "2\n"})
    lines = ["diff --git a/a b/b", "rename from a", "rename to b", "diff --git a/b b/a", "rename from b", "rename to a"]
    work.write({"swap.diff": "\n".join(lines) + "\n"})

    plan = work.plan({"op": "patch", "file": "swap.diff"})
    assert plan.problems == []
    api.apply(plan)

    assert (work.texts()["a"], work.texts()["b"]) == ("2\n", "1\n")
    assert os.listdir(work.tree).count("a") == 1
