"""A plan does not depend on how many processes look into the files."""

from __future__ import annotations

import hashlib
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core import api, helper, relay
from core.content.convert import Wanted
from core.content.search import How, Rule
from core.plan.operations import Convert, FindReplace, Move, Operation, Scope
from core.progress import Cancelled, CancelToken, Meter
from tests.support.work import Work

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there are helpers on Linux alone")

RG = Path(sys.prefix) / "bin/rg"
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


@pytest.fixture(autouse=True)
def helpers_at_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have helpers from the second part on; return the processes that there were."""
    monkeypatch.setattr(relay, "_SOON_SECONDS", 0.0)
    forked: list[int] = []
    fork = helper.fork

    def noted(do: Callable[[], object]) -> int:
        forked.append(fork(do))
        return forked[-1]

    monkeypatch.setattr(helper, "fork", noted)
    return forked


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


def all_of(plan: api.Plan) -> object:
    """Return everything that a plan says, and whose facts it holds."""
    facts = [plan.facts(node)._replace(before=None, displaced=()) for _, node in plan.changed()]
    known = [plan.facts(node).before for _, node in plan.changed()]
    before = [None if one is None else one._replace(read_ns=0) for one in known]
    problems = [(one.code, one.path, one.operation, one.values, one.fixes) for one in plan.problems]
    told = list(plan.changes()), facts, before, problems, plan.files, plan.bytes, plan.matches, dict(plan.found)
    plan.close()
    return told


@pytest.mark.parametrize("name", SEARCHES)
@pytest.mark.parametrize("program", ["", str(RG)])
def test_a_plan_is_the_same_however_many_look(
    work: Work, name: str, program: str, helpers_at_once: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_RG", program)
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


def test_a_search_that_is_cancelled_leaves_no_process(work: Work, helpers_at_once: list[int]) -> None:
    wish = FindReplace(make(work), (Rule("old", "new"),))
    meter = Meter()

    with pytest.raises(Cancelled):
        api.evaluate([wish], processes=2, meter=meter, token=CancelToken(lambda: meter.sample().matched > 100))

    assert helpers_at_once
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
