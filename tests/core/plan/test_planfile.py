"""A plan file is read whole and exactly, or it is an error with its line; a misspelt option is never a silent default."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core import api
from core.errors import BadPlan
from tests.support.work import Work

EDIT = {"op": "edit", "path": "a", "find": "x", "replace": "y"}

BAD = {
    "": (1, "a plan is an object"),
    "[]": (1, "a plan is an object"),
    "{": (1, "not JSON"),
    '{"operations": []}': (1, "“holdfast” is missing"),
    '{"holdfast": 1}': (1, "“operations” is missing"),
    '{"holdfast": 2, "operations": []}': (1, "version 2"),
    '{"holdfast": true, "operations": []}': (1, "wrong type"),
    '{"holdfast": 1, "nome": "x", "operations": []}': (1, "“nome” is not a key"),
    '{"holdfast": 1, "holdfast": 1, "operations": []}': (1, "twice"),
    '{"holdfast": 1, "operations": {}}': (1, "“operations” is a list"),
    '{"holdfast": 1,\n "operations": [\n 7]}': (3, "an operation is an object"),
    '{"holdfast": 1, "operations": []} {}': (1, "follows the end"),
    '{"holdfast": 1, "operations": [{"op": "delete", "path": "a"}, ]}': (1, "not JSON"),
    '{"holdfast": 1, "operations": [] "name": "x"}': (1, "comma"),
}


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_plan_is_an_error_with_its_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    line, reason = BAD[text]

    with pytest.raises(BadPlan) as caught:
        api.read_plan(str(tmp_path / "plan.json"))

    assert caught.value.values["line"] == line
    assert reason in str(caught.value.values["reason"])


BAD_OPERATIONS: list[tuple[dict[str, object], str]] = [
    ({"path": "a"}, "“op” is missing"),
    ({"op": "explode", "path": "a"}, "“explode” is not an operation"),
    ({"op": ["edit"], "path": "a"}, "is not an operation"),
    ({**EDIT, "regexp": True}, "“regexp” is not a key of “edit”"),
    ({**EDIT, "regex": "yes"}, "“regex” must be true or false"),
    ({**EDIT, "find": 3}, "“find” must be a text"),
    ({"op": "edit", "path": "a", "replace": ""}, "“find” is missing"),
    ({**EDIT, "links": "many"}, "many"),
    ({**EDIT, "times": "old"}, "old"),
    ({**EDIT, "expect": "md5:1"}, "sha256"),
    ({"op": "delete", "path": ""}, "“path” is not a path"),
    ({"op": "delete", "path": "a\0b"}, "“path” is not a path"),
    ({"op": "delete", "path": "\ud800"}, "no file name can hold"),
    ({"op": "delete", "path": "../a"}, "leaves the plan's folder"),
    ({"op": "delete", "path": "a/../../b"}, "leaves the plan's folder"),
    ({"op": "write", "path": "a"}, "exactly one of"),
    ({"op": "write", "path": "a", "text": "", "source": "b"}, "exactly one of"),
    ({"op": "write", "path": "a", "base64": "%%%"}, "not base64"),
    ({"op": "write", "path": "a", "text": "\ud800"}, "no file can hold"),
    ({"op": "move", "path": "a"}, "“to” is missing"),
]


@pytest.mark.parametrize(("operation", "reason"), BAD_OPERATIONS)
def test_a_bad_operation_is_an_error_with_its_line_and_number(
    tmp_path: Path, operation: dict[str, object], reason: str
) -> None:
    good = {"op": "delete", "path": "good"}
    text = '{"holdfast": 1, "operations": [\n' + json.dumps(good) + ",\n" + json.dumps(operation) + "]}"
    (tmp_path / "plan.json").write_text(text)

    with pytest.raises(BadPlan) as caught:
        api.read_plan(str(tmp_path / "plan.json"))

    assert (caught.value.values["line"], caught.value.values["operation"]) == (3, 1)
    assert reason in str(caught.value.values["reason"])


def test_a_plan_larger_than_its_reader_s_block_is_read_whole(work: Work) -> None:
    operations = [
        {"op": "create", "path": f"{number:05}", "text": "x" * (number % 700) + '"\\\n\u20ac'} for number in range(900)
    ]

    assert work.plan(*operations).files == 900


def test_names_that_are_not_unicode_travel_as_lone_surrogates(work: Work) -> None:
    name = b"caf\xe9\n"
    (work.tree / "old").write_text("kept")
    text = name.decode("utf-8", "surrogateescape")

    api.apply(work.plan({"op": "move", "path": "old", "to": text}))

    assert [path.name.encode("utf-8", "surrogateescape") for path in work.tree.iterdir()] == [name]


def test_a_byte_order_mark_is_no_part_of_the_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(b'\xef\xbb\xbf{"holdfast": 1, "operations": []}')

    assert api.read_plan(str(tmp_path / "plan.json")).files == 0
