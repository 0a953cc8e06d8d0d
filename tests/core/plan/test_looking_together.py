"""A plan does not depend on how many processes look into the files."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core import api
from core.content.convert import Wanted
from core.content.search import How, Rule
from core.errors import ProblemCode
from core.plan.looking import Looker
from core.plan.operations import Convert, FindReplace, Move, Operation, Scope
from core.plan.selecting import Selected
from core.progress import Cancelled, CancelToken, Meter
from tests.support.facts import all_of
from tests.support.work import Work

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="there are helpers on Linux alone"),
    pytest.mark.usefixtures("helpers_at_once"),
]

CONTENTS = [
    b"old one\n",
    b"nothing\n",
    b"old and old\r\nOLD\r\n",
    b"",
    b'{"old": 1}',
    b"\0old",
    "größer old\n".encode("utf-16"),
    "größer old\n".encode("latin-1"),
    b"def old():\n    return 1\n",
    b"x" * 70_000 + b"old",
]
SEARCHES: dict[str, Callable[[Scope], Operation]] = {
    "a word": lambda scope: FindReplace(scope, (Rule("old", "new"),)),
    "what breaks formats": lambda scope: FindReplace(scope, (Rule("old", '"('),)),
    "a pattern": lambda scope: FindReplace(scope, (Rule(r"(o)l(d)", r"\2\1"),), How(regex=True)),
    "any case": lambda scope: FindReplace(scope, (Rule("oLd", "new"),), How(ignore_case=True)),
    "what an encoding lacks": lambda scope: FindReplace(scope, (Rule("old", "→"),)),
    "line ends": lambda scope: Convert(scope, Wanted(newline="crlf")),
}


def make(work: Work, files: int = 900) -> Scope:
    rng = random.Random(files)
    for number in range(files):
        ending = rng.choice(["txt", "json", "py", "md"])
        path = work.tree / f"{number // 100}" / f"{number}.{ending}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(rng.choice(CONTENTS))
    os.symlink("1.txt", work.tree / "0/link")
    os.link(next((work.tree / "1").iterdir()), work.tree / "2/another-name")
    return Scope((str(work.tree),))


@pytest.mark.parametrize("name", SEARCHES)
@pytest.mark.usefixtures("sieve")
def test_a_plan_is_the_same_however_many_look(work: Work, name: str, helpers_at_once: list[int]) -> None:
    wish = SEARCHES[name](make(work))

    alone = all_of(api.evaluate([wish]))
    assert helpers_at_once == []
    together = all_of(api.evaluate([wish], processes=3))

    assert len(helpers_at_once) == 2
    assert together == alone


def test_what_the_batch_has_had_a_hand_in_is_seen_as_it_is_by_then(work: Work, helpers_at_once: list[int]) -> None:
    scope = make(work)
    first, then = FindReplace(scope, (Rule("old", "middle"),)), FindReplace(scope, (Rule("middle", "new"),))
    move = Move(str(work.tree / "3"), str(work.tree / "moved"))

    alone = all_of(api.evaluate([first, move, then]))
    together = all_of(api.evaluate([first, move, then], processes=2))

    assert helpers_at_once
    assert together == alone


def test_files_become_what_the_plan_says(work: Work, helpers_at_once: list[int]) -> None:
    scope = make(work)
    (work.tree / "2/another-name").unlink()
    plan = api.evaluate([FindReplace(scope, (Rule("old", "new"),))], processes=2)
    expected = {change.path: change.digest_after for change in plan.changes()}

    assert isinstance(api.apply(plan), api.Committed)

    assert helpers_at_once
    assert {path: hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in expected} == expected


def test_matches_to_be_skipped_are_met_wherever_they_are_looked_for(work: Work, helpers_at_once: list[int]) -> None:
    scope = make(work)
    wish = FindReplace(scope, (Rule("old", "new"),))
    plan = api.evaluate([wish])
    chosen = frozenset(hunk.id for change in list(plan.changes())[::7] for hunk in api.hunks(plan, change.index, wish))

    alone = all_of(api.evaluate([FindReplace(scope, (Rule("old", "new"),), skip=chosen)]))
    together = all_of(api.evaluate([FindReplace(scope, (Rule("old", "new"),), skip=chosen)], processes=2))

    assert chosen
    assert helpers_at_once
    assert together == alone


@pytest.mark.parametrize("processes", [1, 3])
@pytest.mark.usefixtures("sieve")
def test_what_was_found_before_a_pattern_ran_wild_is_in_the_plan(
    work: Work, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.write({f"{number:03}": "old" if number % 3 == 0 else "nothing" for number in range(300)})
    find = Looker._find

    def running_wild(self: Looker, file: Selected) -> object:
        if file.relative == "150":
            raise TimeoutError
        return find(self, file)

    monkeypatch.setattr(Looker, "_find", running_wild)
    plan = api.evaluate([FindReplace(Scope((str(work.tree),)), (Rule("old", "new"),))], processes=processes)

    assert plan.files == 50
    assert [(one.code, one.path) for one in plan.problems] == [(ProblemCode.PATTERN_TIMEOUT, str(work.tree / "150"))]


def test_what_helpers_have_found_is_told_while_ripgrep_still_searches(
    work: Work, helpers_at_once: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    work.write({f"{number // 100:02}/{number:04}": "old" for number in range(2000)})
    program, over = work.tree.parent / "rg", work.tree.parent / "over"
    # It finds everything; to search the folders that come last it takes its time.
    program.write_text(
        '#!/bin/sh\nlast=; for one; do last=$one; [ -d "$one" ] && find "$one" -type f -print0; done\n'
        f"case $last in */19) sleep 4; touch {over};; esac\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("HOLDFAST_RG", str(program))
    early: list[bool] = []

    plan = api.evaluate(
        [FindReplace(Scope((str(work.tree),)), (Rule("old", "new"),))],
        processes=2,
        told=lambda _, change: early.append(not over.exists()),
    )

    assert helpers_at_once
    assert plan.files == len(early) == 2000
    assert sum(early) == 1800  # all but those of the last call, which are in two folders


@pytest.mark.parametrize("processes", [1, 3])
@pytest.mark.usefixtures("sieve")
def test_nothing_is_found_where_one_of_the_folders_is_not_there(work: Work, processes: int) -> None:
    roots = (*make(work).roots, str(work.tree / "gone"))
    plan = api.evaluate([FindReplace(Scope(roots), (Rule("old", "new"),))], processes=processes)

    assert [one.code for one in plan.problems] == [ProblemCode.MISSING]
    assert plan.files == 0


def test_how_deep_a_format_may_be_nested_does_not_depend_on_who_judges_it(
    work: Work, helpers_at_once: list[int]
) -> None:
    nested = {f"{deep}.json": "[" * deep + '"old"' + "]" * deep for deep in range(700, 1100)}
    work.write(nested)
    wish = FindReplace(Scope((str(work.tree),)), (Rule("old", '"('),))

    alone, together = (all_of(api.evaluate([wish], processes=processes)) for processes in (1, 3))

    assert helpers_at_once
    assert together == alone


def test_facts_are_found_again_after_a_write_that_failed_in_part(work: Work) -> None:
    work.write({"a": "old", "b": "old"})
    plan = api.evaluate([FindReplace(Scope((str(work.tree),)), (Rule("old", "new"),))])
    (_, node), known = next(plan.changed()), resource.getrlimit(resource.RLIMIT_FSIZE)
    facts = plan.facts(node)
    resource.setrlimit(resource.RLIMIT_FSIZE, (15_000, known[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            plan.store(b"." * 40_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, known)

    node.settle(plan.remember(facts))

    assert plan.facts(node) == facts


def test_a_search_that_is_cancelled_leaves_no_process(work: Work, helpers_at_once: list[int]) -> None:
    wish = FindReplace(make(work), (Rule("old", "new"),))
    meter = Meter()

    with pytest.raises(Cancelled):
        api.evaluate([wish], processes=2, meter=meter, token=CancelToken(lambda: meter.sample().matched > 100))

    assert helpers_at_once
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
