"""A file that gets another name and another content is shown with both, in the diff and in the window's rows."""

from __future__ import annotations

from contextlib import closing

import pytest

from core import api
from core.plan import preview
from core.plan.operations import Material, Move, Operation, Replace
from core.plan.planfile import parse
from tests.support.work import Work


def plan(work: Work, *more: Operation) -> api.Plan:
    work.write({"a.txt": "call old\nnext\n"})
    return api.evaluate([*more, Move(f"{work.tree}/a.txt", f"{work.tree}/b.txt")])


def edits(work: Work) -> list[Operation]:
    search = {"op": "find_replace", "roots": [str(work.tree)], "find": "old", "replace": "new"}
    edit = {"op": "edit", "path": f"{work.tree}/a.txt", "find": "old", "replace": "new"}
    return [parse(search, "/"), parse(edit, "/"), Replace(f"{work.tree}/a.txt", Material(data=b"call new\nnext\n"))]


@pytest.mark.parametrize("number", range(3))
def test_a_renamed_file_is_previewed_with_its_new_content(work: Work, number: int) -> None:
    work.write({"a.txt": "call old\nnext\n"})
    with closing(plan(work, edits(work)[number])) as made:
        lines = list(api.preview_lines(made))
        (change,) = made.changes()
        rows = [tuple(row) for row in preview.rows(api.file_system(), made, change)]
    tree = str(work.tree)
    assert lines[:3] == [
        f"diff --holdfast a{tree}/a.txt b{tree}/b.txt",
        f"rename from {tree}/a.txt",
        f"rename to {tree}/b.txt",
    ]
    assert lines[-3:] == ["-call old", "+call new", " next"]
    assert rows == [("~", 1, "call old", 1, "call new"), ("=", 2, "next", 2, "next")]


def test_a_file_that_is_only_renamed_is_previewed_by_its_names(work: Work) -> None:
    with closing(plan(work)) as made:
        assert len(list(api.preview_lines(made))) == 3
