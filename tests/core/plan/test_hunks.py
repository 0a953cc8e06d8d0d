"""Single matches keep their ids, so that what a person left out stays left out when the plan is read again."""

from __future__ import annotations

import os

from core import api
from core.errors import ProblemCode
from core.plan import planfile
from core.plan.operations import FindReplace
from tests.support.work import Json, Work

CHANGE: Json = {"op": "find_replace", "roots": ["."], "find": "old", "replace": "new", "exclude": ["*.json"]}


def ids(work: Work, operation: Json = CHANGE) -> dict[str, list[str]]:
    """Return the ids of the matches by file."""
    plan = work.plan(operation)
    asked = planfile.parse(operation, str(work.tree))
    assert isinstance(asked, FindReplace)
    return {
        os.path.relpath(change.path, work.tree): [one.id for one in api.hunks(plan, change.index, asked)]
        for change in plan.changes()
    }


def test_every_match_has_an_id_of_its_own_and_says_where_it_is(work: Work) -> None:
    work.write({"a": "old old\nx\nold old\n", "b/a": "old old\n"})

    plan = work.plan(CHANGE)
    asked = planfile.parse(CHANGE, str(work.tree))
    assert isinstance(asked, FindReplace)
    first = list(api.hunks(plan, next(plan.changes()).index, asked))

    assert [(one.line, one.offset, one.old, one.new) for one in first] == [
        (1, 0, b"old", b"new"),
        (1, 4, b"old", b"new"),
        (3, 10, b"old", b"new"),
        (3, 14, b"old", b"new"),
    ]
    found = ids(work)
    every = [one for some in found.values() for one in some]
    assert len(set(every)) == len(every) == 6


def test_a_match_that_is_left_out_stays_left_out_when_the_file_changes_elsewhere(work: Work) -> None:
    work.write({"a": "old 1\nold 2\nold 3\n", "b": "old\n"})
    skip = [ids(work)["a"][1], *ids(work)["b"]]
    work.write({"a": "before\nold 0\nold 1\nold 2\nold 3\n"})

    assert isinstance(api.apply(work.plan({**CHANGE, "skip": skip})), api.Committed)

    assert work.texts() == {"a": "before\nnew 0\nnew 1\nold 2\nnew 3\n", "b": "old\n"}


def test_a_match_that_was_left_out_and_is_gone_is_told(work: Work) -> None:
    """Else the choice would silently count for nothing, and the match, changed a little, be replaced after all."""
    work.write({"a": "old 1\n"})
    skip = ids(work)["a"]
    work.write({"a": "old one\n"})

    assert work.problems({**CHANGE, "skip": skip}) == [(0, ProblemCode.UNKNOWN_SKIP)]


def test_matches_of_every_pass_and_encoding_can_be_left_out(work: Work) -> None:
    work.write({"a": "ü old\nold b\n".encode("utf-16")})
    pairs = [{"find": "old", "replace": "b"}, {"find": "b", "replace": "c"}]
    operation: Json = {"op": "find_replace", "roots": ["."], "pairs": pairs}
    found = ids(work, operation)["a"]

    assert len(found) == 5
    api.apply(work.plan({**operation, "skip": [found[0], found[4]]}))

    assert (work.tree / "a").read_text("utf-16") == "ü old\nc b\n"
