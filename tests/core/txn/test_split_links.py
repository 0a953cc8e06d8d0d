"""Two names of one file that are both to be changed, and are to be a file each from then on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from core import api
from core.api import Committed
from tests.support import stopping
from tests.support.plain import PlainStoppingFileSystem
from tests.support.stopping import StoppingFileSystem
from tests.support.tried import Tried
from tests.support.work import Json, Work, plan_file

SEARCH: Json = {"op": "find_replace", "find": "old", "replace": "new", "links": "split"}


@pytest.fixture
def linked(work: Work) -> Work:
    work.write({"one": "an old text\n"})
    os.link(work.tree / "one", work.tree / "other")
    return work


def files(work: Work) -> int:
    return len({(work.tree / name).stat().st_ino for name in ("one", "other")})


def test_a_search_that_finds_a_file_by_each_of_its_names_makes_two_files_of_it(linked: Work) -> None:
    plan = linked.plan({**SEARCH, "roots": ["."]})

    assert (plan.problems, plan.files) == ([], 2)
    assert isinstance(api.apply(plan), Committed)
    assert linked.texts() == {"one": "an new text\n", "other": "an new text\n"}
    assert files(linked) == 2


def test_each_name_may_get_a_content_of_its_own(linked: Work) -> None:
    edit: Json = {"op": "edit", "path": "one", "find": "old", "replace": "new", "links": "split"}

    assert isinstance(linked.apply(edit, {**edit, "path": "other", "replace": "newer"}), Committed)
    assert linked.texts() == {"one": "an new text\n", "other": "an newer text\n"}


@pytest.mark.full
@pytest.mark.parametrize("system", [StoppingFileSystem, PlainStoppingFileSystem])
def test_killed_on_the_way_it_is_one_file_as_before_or_two_as_after(
    linked: Work, state: Path, system: type[StoppingFileSystem], tried: Tried
) -> None:
    plan = plan_file(linked, [{**SEARCH, "roots": [str(linked.tree)]}])
    seen, point, code = set(), 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        point += 1
        for name in os.listdir(linked.tree):
            (linked.tree / name).unlink()
        linked.write({"one": "an old text\n"})
        os.link(linked.tree / "one", linked.tree / "other")

        code = stopping.run(["apply", str(plan), "--yes"], system(point, stopping.die))
        assert stopping.run(["recover"], system(0, stopping.die)) == 0

        texts = linked.texts()
        assert set(texts) == {"one", "other"}, f"killed at call {point}"
        seen.add((*sorted(set(texts.values())), files(linked)))
        tried("SIGKILL at a call of splitting two names")
    assert seen == {("an old text\n", 1), ("an new text\n", 2)}
