"""What speaks against a batch is found before anything is touched: every problem at once, with operation and path."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from core import api
from core.api import Outcome, Refused
from core.errors import ProblemCode as Code
from core.fs.api import Volume
from core.fs.real import RealFileSystem
from tests.support.work import Json, Work


def edit(path: str, **more: object) -> Json:
    return {"op": "edit", "path": path, "find": "old", "replace": "new", **more}


@pytest.fixture
def full(work: Work) -> Work:
    """One of everything."""
    work.write({"file": "old", "folder/inner": "old", "one": "old"})
    os.link(work.tree / "one", work.tree / "two")
    os.mkfifo(work.tree / "fifo")
    (work.tree / "loop").symlink_to("loop")
    (work.tree / "dangling").symlink_to("nowhere")
    return work


CASES: list[tuple[list[Json], list[tuple[int | None, Code]]]] = [
    ([edit("missing")], [(0, Code.MISSING)]),
    ([edit("missing/deep")], [(0, Code.MISSING)]),
    ([edit("folder")], [(0, Code.IS_FOLDER)]),
    ([edit("file/inner")], [(0, Code.MISSING)]),
    ([edit("fifo")], [(0, Code.SPECIAL_FILE)]),
    ([edit("loop")], [(0, Code.SYMLINK_LOOP)]),
    ([edit("dangling")], [(0, Code.MISSING)]),
    ([edit("one")], [(0, Code.HARD_LINKS)]),
    ([edit("one", links="split"), edit("two", links="keep")], [(1, Code.SAME_FILE)]),
    ([edit("file", find="(", regex=True)], [(0, Code.BAD_PATTERN)]),
    ([edit("file", replace="\\9", regex=True)], [(0, Code.BAD_PATTERN)]),
    ([edit("file", expect="sha256:" + "0" * 64)], [(0, Code.CHANGED)]),
    ([{"op": "create", "path": "file", "text": ""}], [(0, Code.EXISTS)]),
    ([{"op": "create", "path": "dangling", "text": ""}], [(0, Code.EXISTS)]),
    ([{"op": "create", "path": "n" * 256, "text": ""}], [(0, Code.NAME_TOO_LONG)]),
    ([{"op": "create", "path": "file/x", "text": ""}], [(0, Code.NOT_A_FOLDER)]),
    ([{"op": "replace", "path": "missing", "text": ""}], [(0, Code.MISSING)]),
    ([{"op": "replace", "path": "file", "source": "missing"}], [(0, Code.MISSING)]),
    ([{"op": "replace", "path": "file", "source": "folder"}], [(0, Code.IS_FOLDER)]),
    ([{"op": "write", "path": "folder", "text": ""}], [(0, Code.IS_FOLDER)]),
    ([{"op": "delete", "path": "missing"}], [(0, Code.MISSING)]),
    ([{"op": "delete", "path": "file"}, edit("file")], [(1, Code.MISSING)]),
    ([{"op": "move", "path": "missing", "to": "x"}], [(0, Code.MISSING)]),
    ([{"op": "move", "path": "file", "to": "folder"}], [(0, Code.EXISTS)]),
    ([{"op": "move", "path": "folder", "to": "folder/inner/x"}], [(0, Code.INTO_ITSELF)]),
    ([{"op": "move", "path": "folder", "to": "folder/x"}], [(0, Code.INTO_ITSELF)]),
]


def test_nothing_of_holdfast_s_own_is_changed_and_searches_leave_it_out(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.write({"a": "old", "own/state/journals/x": "old", f".holdfast-attic-{os.geteuid()}/.~hf-aaaaaaaaaa/y": "old"})
    monkeypatch.setenv("HOLDFAST_STATE_DIR", str(work.tree / "own/state"))
    search = {"op": "find_replace", "roots": ["."], "find": "old", "replace": "new", "hidden": True}

    assert [os.path.relpath(one.path, work.tree) for one in work.plan(search).changes()] == ["a"]
    for operation in (
        edit("own/state/journals/x"),
        edit(f".holdfast-attic-{os.geteuid()}/.~hf-aaaaaaaaaa/y"),
        {"op": "create", "path": "own/state/z", "text": ""},
        {"op": "move", "path": "a", "to": "own/state/a"},
        {"op": "delete", "path": "own"},
        {"op": "move", "path": "own", "to": "other"},
        {**search, "roots": ["own/state/journals"]},
    ):
        assert work.problems(operation) == [(0, Code.OWN_FILES)], operation


def test_a_name_that_windows_cannot_read_is_a_problem_on_a_disk_for_it(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.write({"a:b": "old", "c": "old"})
    volume = Volume("vfat:1", "vfat", honours_syncfs=False)
    monkeypatch.setattr(RealFileSystem, "volume", lambda self, folder: volume)

    assert work.problems(edit("a:b")) == [], "it is there already"
    assert work.problems({"op": "create", "path": "x?", "text": ""}) == [(0, Code.RESERVED_NAME)]
    assert work.problems({"op": "move", "path": "c", "to": "nul.txt"}) == [(0, Code.RESERVED_NAME)]
    assert work.problems({"op": "move", "path": "c", "to": "dots..."}) == [(0, Code.RESERVED_NAME)]
    assert work.problems({"op": "move", "path": "c", "to": "d"}) == []


def test_it_is_noted_that_a_symlink_is_followed_and_that_a_program_has_a_file_open(work: Work) -> None:
    work.write({"a": "old", "b": "old", "c": "old"})
    (work.tree / "link").symlink_to("a")

    with open(work.tree / "b", "rb"):
        plan = work.plan(edit("link"), edit("b"), edit("c"))

    assert plan.problems == []
    found = [(one.code, one.operation, os.path.basename(one.path)) for one in plan.notes]
    assert found == [(Code.FOLLOWED, 0, "link"), (Code.IN_USE, 1, "b")]


@pytest.mark.parametrize("op", ["edit", "replace", "write"])
def test_nothing_is_said_to_be_followed_where_nothing_is_changed(work: Work, op: str) -> None:
    (work.tree / "folder").mkdir()
    (work.tree / "link").symlink_to("folder")

    plan = work.plan(edit("link") if op == "edit" else {"op": op, "path": "link", "text": "new"})

    assert [one.code for one in plan.problems] == [Code.IS_FOLDER]
    assert plan.notes == []


@pytest.mark.parametrize(("operations", "found"), CASES)
def test_a_problem_is_found_and_nothing_is_touched(
    full: Work, operations: list[Json], found: list[tuple[int | None, Code]]
) -> None:
    before = full.snapshot()

    assert full.problems(*operations) == found
    outcome: Outcome = full.apply(*operations)

    assert isinstance(outcome, Refused)
    assert full.snapshot() == before


def test_all_problems_are_found_at_once(full: Work) -> None:
    operations = [operations[0] for operations, _ in CASES if len(operations) == 1]
    found = [problems[0][1] for operations, problems in CASES if len(operations) == 1]

    assert full.problems(*operations) == list(enumerate(found))


def test_every_problem_names_a_path_and_a_fix(full: Work) -> None:
    operations = [operations[0] for operations, _ in CASES if len(operations) == 1]

    for problem in full.plan(*operations).problems:
        assert problem.path.startswith(str(full.tree))
        assert problem.fixes


def test_a_socket_and_a_device_are_refused(work: Work, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(work.tree / "socket"))
        assert work.problems(edit("socket"), edit("/dev/null"), edit("/dev/zero")) == [
            (0, Code.SPECIAL_FILE),
            (1, Code.SPECIAL_FILE),
            (2, Code.SPECIAL_FILE),
        ]


def test_a_plan_with_a_root_stays_in_it_even_through_symlinks(work: Work) -> None:
    work.write({"inside/file": "old", "outside": "old"})
    (work.tree / "inside/link").symlink_to("../outside")

    assert work.problems(
        edit("inside/file"),
        edit("outside"),
        edit("inside/link"),
        {"op": "move", "path": "inside/file", "to": "elsewhere"},
        root="inside",
    ) == [(1, Code.OUTSIDE_ROOT), (2, Code.OUTSIDE_ROOT), (3, Code.OUTSIDE_ROOT)]


def test_a_mount_point_cannot_be_moved_or_deleted(work: Work) -> None:
    assert work.problems(
        {"op": "delete", "path": "/proc"},
        {"op": "move", "path": "/proc", "to": "x"},
        {"op": "delete", "path": "/"},
    ) == [(0, Code.MOUNT_POINT), (1, Code.MOUNT_POINT), (2, Code.MOUNT_POINT)]


def test_a_folder_that_may_not_be_written_is_a_problem(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of the file system: a superuser's tests cannot take the right away from themselves."""
    work.write({"file": "old"})
    monkeypatch.setattr(RealFileSystem, "may_write", lambda self, handle: False)

    assert work.problems(edit("file")) == [(0, Code.UNWRITABLE)]


def test_too_little_space_is_a_problem_before_anything_is_written(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.write({"file": "old"})
    monkeypatch.setattr(RealFileSystem, "free_space", lambda self, handle: 1000)

    assert work.problems(edit("file")) == [(None, Code.NO_SPACE)]


def test_a_binary_file_is_not_edited_as_text(work: Work) -> None:
    work.write({"binary": b"old\0old"})

    assert work.problems(edit("binary")) == [(0, Code.BINARY)]


def test_side_files_of_a_batch_that_nobody_knows_stop_a_batch(work: Work) -> None:
    work.write({"file": "old", ".~hf-abcdefghij-0": "somebody's only copy"})

    outcome = work.apply(edit("file"))

    assert isinstance(outcome, Refused)
    assert [problem.code for problem in outcome.problems] == [Code.REMAINS]
    assert work.texts() == {"file": "old", ".~hf-abcdefghij-0": "somebody's only copy"}


def test_an_empty_plan_is_done_at_once(work: Work) -> None:
    assert work.plan().files == 0
    assert isinstance(work.apply(), api.Committed)
