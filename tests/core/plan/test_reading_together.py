"""A plan does not depend on how many processes read the files that it changes one by one."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from core import api
from core.content.convert import Wanted
from core.content.edit import Edit
from core.content.search import Rule
from core.errors import ProblemCode
from core.plan.node import Node
from core.plan.operations import (
    Convert,
    Delete,
    EditFile,
    FindReplace,
    Links,
    Material,
    Move,
    Operation,
    Options,
    Replace,
    Scope,
    Write,
)
from core.plan.readahead import Reader
from core.progress import Cancelled, CancelToken, Meter, Phase
from tests.support.facts import all_of
from tests.support.work import Work

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="there are helpers on Linux alone"),
    pytest.mark.usefixtures("helpers_at_once"),
]

FILES = 700
OLD = [
    b"old one\n",
    b"some thing\n",
    b"old and old\r\n",
    b"",
    b'{"old": 1}',
    b"\0old",
    b"old \xff\n",
    b"old\n" + b"." * 1_100_000,
]


def make(work: Work) -> list[Operation]:
    """Make files, and return operations of each kind on them; some of them are problems."""
    scope = Scope((str(work.tree),))
    operations: list[Operation] = [
        FindReplace(scope, (Rule("thing", "one"),)),
        Convert(scope, Wanted(newline="lf")),
    ]
    for number in range(FILES):
        path = work.tree / f"{number // 100}" / f"{number}.{'json' if number % 3 else 'txt'}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(OLD[number % len(OLD)])
        operations += _on(str(path), number)
    os.link(work.tree / "0/1.json", work.tree / "another-name")
    operations.append(EditFile(str(work.tree / "another-name"), Edit("o", "0"), Options(Links.SPLIT)))
    return operations


def _on(path: str, number: int) -> list[Operation]:
    expect = Options(expect="0" * 64)  # what no file has
    several: list[list[Operation]] = [
        [EditFile(path, Edit("old", "new"))],
        [Replace(path, Material(data=b"new %d" % number))],
        [EditFile(path, Edit(r"(o)l(d)", r"\2\1", regex=True)), Replace(path + "-missing", Material(data=b""))],
        [EditFile(path, Edit("1", ""), Options(guard=False)), Move(path, path + "-moved")],
        [EditFile(path, Edit("1", "{"))],
        [Replace(path, Material(source=path)), Delete(path)],
        [EditFile(path, Edit("old", "new"), expect)],
        [Write(path, Material(data=b"new, old")), EditFile(path, Edit("old", "new")), Move(path, path + "-moved")],
        [Write(path, Material(data=OLD[number % len(OLD)]))],
        [Replace(path, Material(data=b"." * 2_000_000))],
        [Write(path + "-new", Material(data=b"new"))],
    ]
    return several[number % len(several)]


def test_a_plan_is_the_same_however_many_read(work: Work, helpers_at_once: list[int]) -> None:
    operations = make(work)

    alone = all_of(api.evaluate(operations))
    assert helpers_at_once == []
    together = all_of(api.evaluate(operations, processes=3))

    assert len(helpers_at_once) == 3 * 2  # for the search, the conversion, and the rest
    assert together == alone


def test_a_plan_is_the_same_whether_files_are_read_beforehand_or_in_their_turn(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations = make(work)

    beforehand = all_of(api.evaluate(operations))
    monkeypatch.setattr(Reader, "_seen", lambda self, scratch, path, node: None)
    in_their_turn = all_of(api.evaluate(operations))

    assert beforehand == in_their_turn


def test_files_become_what_the_plan_says(work: Work, helpers_at_once: list[int]) -> None:
    work.write({f"{number:04}": f"old {number}" for number in range(FILES)})
    edits: list[Operation] = [
        EditFile(str(work.tree / f"{number:04}"), Edit("old", "new"))
        if number % 2
        else Replace(str(work.tree / f"{number:04}"), Material(data=b"new %d" % number))
        for number in range(FILES)
    ]

    assert isinstance(api.apply(api.evaluate(edits, processes=2)), api.Committed)

    assert helpers_at_once
    assert work.texts() == {f"{number:04}": f"new {number}" for number in range(FILES)}


@pytest.mark.parametrize("processes", [1, 3])
def test_a_file_that_changes_while_it_is_read_is_a_problem_or_read_again(
    work: Work, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.write({f"{number:04}": "old" for number in range(FILES)})
    edits = [EditFile(str(work.tree / f"{number:04}"), Edit("old", "new")) for number in range(FILES)]
    monkeypatch.setattr(Reader, "_content", _changing_behind(work.tree / "0350"))

    plan = api.evaluate(edits, processes=processes)

    (facts,) = [plan.facts(node) for change, node in plan.changed() if change.path.endswith("/0350")]
    assert not plan.problems
    assert facts.before is not None
    assert facts.before.size == len("old and more")
    assert facts.size_after == len("new and more")


def _changing_behind(path: Path) -> object:
    content = Reader._content

    def changing(self: Reader, origin: str) -> object:
        found = content(self, origin)
        if origin == str(path) and path.read_text() == "old":
            path.write_text("old and more")
        return found

    return changing


@pytest.mark.parametrize("processes", [1, 3])
def test_a_pattern_that_runs_wild_is_not_waited_for_twice_in_each_file(
    work: Work, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.content.edit._TIMEOUT_SECONDS", 0.05)
    work.write({f"{number:02}": "a" * 40 for number in range(20)})
    wild = Edit("(a|aa)+(a|aa)+(a|aa)+$b", "", regex=True)
    tried: list[str] = []
    seen = Reader._seen

    def noted(self: Reader, scratch: BinaryIO, path: str, node: Node) -> object:
        tried.append(path)
        return seen(self, scratch, path, node)

    monkeypatch.setattr(Reader, "_seen", noted)
    plan = api.evaluate([EditFile(str(work.tree / f"{number:02}"), wild) for number in range(20)], processes=processes)

    assert [one.code for one in plan.problems] == [ProblemCode.PATTERN_TIMEOUT] * 20
    assert len(tried) == 1


@pytest.mark.parametrize("processes", [1, 3])
def test_where_there_is_no_room_for_the_plan_each_file_is_a_problem(work: Work, processes: int) -> None:
    work.write({f"{number:02}": "old" for number in range(20)})
    operations = [Replace(str(work.tree / f"{number:02}"), Material(data=b"." * 100)) for number in range(20)]
    known = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, known[1]))
    try:
        plan = api.evaluate(operations, processes=processes)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, known)

    assert {one.code for one in plan.problems} == {ProblemCode.UNREADABLE}
    assert len(plan.problems) == 20


def test_a_plan_that_is_cancelled_leaves_no_process(work: Work, helpers_at_once: list[int]) -> None:
    operations, meter = make(work), Meter()

    def half_way() -> bool:
        return (now := meter.sample()).phase is Phase.CHECK and now.files_done > FILES // 2

    with pytest.raises(Cancelled):
        api.evaluate(operations, processes=2, meter=meter, token=CancelToken(half_way))

    assert helpers_at_once
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
