"""A file that another program has saved since is evaluated again alone, and the plan is what a new one would be."""

from __future__ import annotations

import os
import random

import pytest

from core import api
from core.fs.real import RealFileSystem
from core.plan import again, planfile
from tests.support.tried import Tried
from tests.support.work import Json, Work

WORDS = ["old one\n", "nothing\n", "old and old\n", "", '{"old": 1}', "\0old", "older\r\n", "größer old\n"]


def operations(work: Work) -> list[Json]:
    root = [str(work.tree)]
    return [
        {"op": "find_replace", "roots": root, "find": "old", "replace": "new", "glob": ["*.txt", "*.json"]},
        {"op": "edit", "path": str(work.tree / "3.txt"), "find": "n", "replace": "m"},
        {"op": "find_replace", "roots": root, "find": "(n)ew", "replace": r"\1eu", "regex": True},
    ]


def state(plan: api.Plan) -> object:
    changes = sorted((one.path, one.operation, one.size_after, one.digest_after, one.matches) for one in plan.changes())
    problems = sorted((one.path, one.code, one.operation or 0) for one in plan.problems)
    return changes, problems, plan.files, plan.matches, plan.bytes


@pytest.mark.parametrize("seed", range(12))
def test_a_plan_that_is_refreshed_is_what_a_new_one_would_be(work: Work, seed: int, tried: Tried) -> None:
    rng = random.Random(seed)
    names = [f"{number}.{rng.choice(['txt', 'json', 'md'])}" for number in range(3)] + ["3.txt"]
    names += [f"sub/{number}.txt" for number in range(4)]
    work.write({name: rng.choice(WORDS) for name in names} | {"3.txt": "old n\n"})
    parsed = [planfile.parse(one, "/") for one in operations(work)]
    plan = api.evaluate(parsed)
    before = {one.path: one.index for one in plan.changes()}
    saved = rng.sample(names, 3)
    work.write({name: rng.choice(WORDS) for name in saved})

    assert again.refresh(RealFileSystem(), plan, parsed, {str(work.tree / name) for name in saved})

    assert state(plan) == state(api.evaluate(parsed))
    if {str(work.tree / name) for name in saved} <= before.keys():  # else one may have come in between
        assert all(before[one.path] == one.index for one in plan.changes())
    if not plan.problems:
        outcome = api.apply(plan)
        assert isinstance(outcome, api.Committed)
    tried("plans refreshed", 1)


def test_no_other_file_is_read_again(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.write({f"{number}.txt": "old" for number in range(9)})
    parsed = [planfile.parse(operations(work)[0], "/")]
    plan = api.evaluate(parsed)
    work.write({"4.txt": "old, old"})
    read: list[str] = []
    opened, plainly = RealFileSystem.open, os.open
    monkeypatch.setattr(RealFileSystem, "open", lambda *a, **k: (read.append(a[2]), opened(*a, **k))[1])
    monkeypatch.setattr(
        "os.open", lambda path, *a, **k: (read.append(os.path.basename(str(path))), plainly(path, *a, **k))[1]
    )

    assert again.refresh(RealFileSystem(), plan, parsed, {str(work.tree / "4.txt")})

    assert {name for name in read if name.endswith(".txt")} == {"4.txt"}
    assert (plan.files, plan.matches) == (9, 10)


@pytest.mark.parametrize(
    "op", [{"op": "move", "path": "a", "to": "b"}, {"op": "find_replace", "skip": ["0123456789abcdef"]}]
)
def test_where_files_depend_on_one_another_the_whole_plan_is_made_again(work: Work, op: Json) -> None:
    work.write({"a": "old"})
    wish = {**operations(work)[0], **op} if op["op"] == "find_replace" else op
    parsed = [planfile.parse(wish, str(work.tree))]
    plan = api.evaluate(parsed)

    assert not again.refresh(RealFileSystem(), plan, parsed, {str(work.tree / "a")})
