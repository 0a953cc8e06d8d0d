"""Memory holds names, never contents: it grows with the number of files, within limits, and not with their size."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.support.peak import measure
from tests.support.work import Json

MIB = 1 << 20
LIMIT = 50 * MIB  # for 100,000 files
FIXED = 3 * MIB  # buffers and records, however few files there are
LARGE = 300 * MIB
FEW_BLOCKS = 24 * MIB  # a file is read, searched and written in blocks of 1 MiB


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the files lie; in memory where there is some, since there are many of them or they are large."""
    above = "/dev/shm" if os.access("/dev/shm", os.W_OK) else str(tmp_path)
    with tempfile.TemporaryDirectory(dir=above, prefix="holdfast-memory-") as name:
        yield Path(name)


def write_plan(folder: Path, operations: Iterable[Json]) -> Path:
    plan = folder / "plan.json"
    with open(plan, "w") as file:
        file.write('{"holdfast": 1, "operations": [')
        lines = map(json.dumps, operations)
        file.write(next(lines))
        file.writelines(f",\n{line}" for line in lines)
        file.write("\n]}\n")
    return plan


def many(folder: Path, op: str, files: int) -> Iterator[Json]:
    """Yield an operation of a kind for so many files of a common size of path, which are made where they must exist."""
    for number in range(files):
        inside = folder / f"a-project-with-a-name/packages/part-{number // 1000:03}"
        path = inside / f"module-number-{number:06}.txt"
        if number % 1000 == 0:
            inside.mkdir(parents=True)
        if op == "find_replace" and number == files - 1:
            yield {"op": op, "roots": [str(folder)], "find": "old", "replace": "new", "exclude": ["plan.json"]}
        if op != "create":
            path.write_text(f"old text {number}\n")
        if op == "edit":
            yield {"op": op, "path": str(path), "find": "old", "replace": "new"}
        elif op == "pinned":
            yield {"op": "find_replace", "roots": [str(path)], "find": "old", "replace": "new", "word": True}
        elif op == "move":
            yield {"op": op, "path": str(path), "to": f"{path}.new"}
        elif op == "find_replace":
            continue
        elif op == "delete":
            yield {"op": op, "path": str(path)}
        else:
            yield {"op": op, "path": str(path), "text": f"new text {number}\n"}


def expect_within(folder: Path, op: str, files: int, limit: int) -> None:
    held = measure(write_plan(folder, many(folder, op, files)))

    assert held.pop("files") == files
    print(f"{files:,} × {op}: {', '.join(f'{step} {size / MIB:.1f} MiB' for step, size in held.items())}")
    assert held["begin"] <= limit, held


def test_a_plan_of_100_000_new_files_is_made_shown_and_begun_within_50_mib(folder: Path) -> None:
    expect_within(folder, "create", 100_000, LIMIT)


@pytest.mark.parametrize("op", ["edit", "write", "move", "delete", "pinned", "find_replace"])
def test_a_plan_of_20_000_files_takes_its_share_of_that(folder: Path, op: str) -> None:
    expect_within(folder, op, 20_000, LIMIT // 5 + FIXED)


@pytest.mark.full
@pytest.mark.parametrize("op", ["edit", "write", "move", "delete", "find_replace", "pinned"])
def test_a_plan_of_100_000_files_is_made_shown_and_begun_within_50_mib(folder: Path, op: str) -> None:
    expect_within(folder, op, 100_000, LIMIT)


@pytest.mark.parametrize("op", ["edit", "find_replace"])
@pytest.mark.parametrize("files", [20_000, *(pytest.param(many, marks=pytest.mark.full) for many in (50_000, 100_000))])
def test_a_helper_takes_no_more_than_the_limit_leaves(folder: Path, op: str, files: int) -> None:
    """Two processes are as many as there are for 50,000 files; those of more are prepared by one."""
    held = measure(write_plan(folder, many(folder, op, files)), "helped")

    assert held["helper"] > 0, "it was never seen"
    assert held["apply"] + held["helper"] <= LIMIT, held


def large_file(path: Path, size: int = LARGE) -> None:
    """Make a text in which every block has something to find."""
    block = (b"a line of an ordinary length, and nothing to be found in it\n" * 18_000 + b"old\n")[-MIB:]
    with open(path, "wb") as file:
        file.writelines(block for _ in range(size // MIB))


@pytest.mark.parametrize(
    ("regex", "size"),
    [(False, LARGE), (True, LARGE // 6), pytest.param(True, LARGE, marks=pytest.mark.full)],
)
def test_editing_a_large_file_takes_no_more_memory_than_a_small_one(folder: Path, regex: bool, size: int) -> None:
    large_file(folder / "large.txt", size)
    edit: Json = {"op": "edit", "path": "large.txt", "find": "old", "replace": "new", "regex": regex}

    held = measure(write_plan(folder, [edit]), "apply")

    assert held["apply"] <= FEW_BLOCKS, held
    assert (folder / "large.txt").read_bytes().count(b"new\n") == size // MIB


@pytest.mark.parametrize(
    ("how", "size"),
    [
        ({"ignore_case": True}, LARGE // 6),
        pytest.param({}, LARGE, marks=pytest.mark.full),
        pytest.param({"regex": True, "find": "(o)(ld)", "replace": "new"}, LARGE, marks=pytest.mark.full),
    ],
)
def test_searching_a_large_file_takes_no_more_memory_than_a_small_one(folder: Path, how: Json, size: int) -> None:
    large_file(folder / "large.txt", size)
    search: Json = {"op": "find_replace", "roots": ["large.txt"], "find": "old", "replace": "new", **how}

    held = measure(write_plan(folder, [search]), "apply")

    assert held["apply"] <= FEW_BLOCKS, held
    assert (folder / "large.txt").read_bytes().count(b"new\n") == size // MIB


@pytest.mark.parametrize("size", [2 * LARGE // 3, pytest.param(10 << 30, marks=pytest.mark.full)])
def test_a_log_is_planned_previewed_and_edited_in_constant_memory(folder: Path, tmp_path: Path, size: int) -> None:
    if size > LARGE:
        folder = tmp_path  # ten GiB and their copy are more than memory holds
    large_file(folder / "large.log", size)
    os.utime(folder / "large.log", (1, 1))  # the kernel copies only what has been left alone for a while
    edit: Json = {"op": "edit", "path": "large.log", "find": "old\n", "replace": "newer\n"}

    held = measure(write_plan(folder, [edit]), "apply")

    assert held["apply"] <= FEW_BLOCKS, held
    assert (folder / "large.log").stat().st_size == size + 2 * (size // MIB)
    (folder / "large.log").unlink()


def test_replacing_a_large_file_takes_no_more_memory_than_a_small_one(folder: Path) -> None:
    large_file(folder / "source.txt")
    with open(folder / "large.bin", "wb") as sparse:
        sparse.truncate(2 * LARGE)
    replace: Json = {"op": "replace", "path": "large.bin", "source": "source.txt"}

    held = measure(write_plan(folder, [replace]), "apply")

    assert held["apply"] <= FEW_BLOCKS, held
    assert (folder / "large.bin").stat().st_size == LARGE
