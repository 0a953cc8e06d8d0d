"""A file that can be parsed is not broken by an edit unnoticed; one that was broken before is nobody's business."""

from __future__ import annotations

import pytest

from core import api
from core.errors import Fix, ProblemCode
from tests.support.work import Json, Work

EDIT: Json = {"op": "find_replace", "roots": ["."], "find": "GOOD", "replace": "[(("}


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.toml", 'a = "GOOD"\n'), ("a.yaml", 'a: 1\nb: "GOOD"\n'), ("a.yml", 'b: "GOOD"\n'), ("a.py", 'b = "GOOD"\n')],
)
def test_an_edit_that_breaks_a_format_is_a_problem_unless_that_is_meant(work: Work, name: str, text: str) -> None:
    work.write({name: text})
    edit = {**EDIT, "find": '"GOOD"'}

    problems = work.plan(edit).problems

    assert [one.code for one in problems] == [ProblemCode.BROKEN_FORMAT]
    assert problems[0].values["reason"]
    assert Fix.BREAK_FORMAT in problems[0].fixes
    assert work.plan({**edit, "guard": False}).problems == []


@pytest.mark.parametrize(
    ("name", "before", "find", "replace", "line"),
    [
        ("a.json", '{"a": 1,\n "b": 2}', "2", "2,", 2),
        ("a.jsonl", '{}\n{"a": 1}\n', "1", "", 2),
        ("a.xml", "<a>\n<b/></a>", "/>", ">", 2),
        ("a.ini", "[a]\nb=1\n", "[a]", "a", 1),
        ("a.csv", 'a\n"b"\n', 'b"', "b", None),
        ("a.svg", "<svg>\n</svg>", "</", "<", 2),
        ("a.py", "if a:\n    b\n", "    b", "b", 2),
    ],
)
def test_every_known_format_is_guarded(
    work: Work, name: str, before: str, find: str, replace: str, line: int | None
) -> None:
    work.write({name: before})

    problems = work.plan({**EDIT, "find": find, "replace": replace}).problems

    assert [one.code for one in problems] == [ProblemCode.BROKEN_FORMAT]
    assert line is None or problems[0].values["line"] == line


def test_what_was_broken_before_and_what_is_replaced_as_a_whole_is_not_guarded(work: Work) -> None:
    work.write({"broken.json": "{GOOD", "whole.json": "{}", "text.txt": "GOOD"})

    plan = work.plan(EDIT, {"op": "write", "path": "whole.json", "text": "{"})

    assert plan.problems == []
    assert isinstance(api.apply(plan), api.Committed)


def test_a_document_that_is_a_trap_for_parsers_does_no_harm(work: Work) -> None:
    work.write({"deep.json": "[" * 200_000 + "1" + "]" * 200_000, "bomb.yaml": "a: &a [x, x]\n" + "b: [*a, *a]\n" * 50})
    work.write({"tag.yaml": "a: !!python/object/apply:os.system [x]\n"})

    plan = work.plan(
        {"op": "find_replace", "roots": ["."], "pairs": [{"find": "1", "replace": "2"}, {"find": "x", "replace": "y"}]}
    )

    assert plan.problems == []
    assert plan.files == 3


def test_python_is_judged_in_the_encoding_that_it_names_and_by_its_names(work: Work) -> None:
    work.write(
        {"legacy.py": "# coding: latin-1\nname = 'größer'\n".encode("latin-1"), "scope.py": "def f():\n    global x\n"}
    )
    rename: Json = {"op": "find_replace", "roots": ["."], "find": "name", "replace": "größe", "glob": ["legacy.py"]}
    scope: Json = {"op": "find_replace", "roots": ["."], "find": "global", "replace": "nonlocal"}

    assert work.problems(rename) == []
    assert work.problems(scope) == [(0, ProblemCode.BROKEN_FORMAT)]
