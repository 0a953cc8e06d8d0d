"""EXEC-002: every problem of every operation at once, before anything runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.errors import ProblemCode
from core.patterns.exec002 import BatchExecutor, Operation, OperationType


def nothing(path: Path) -> None:
    pytest.fail("validation must not run operations")


def problems(*operations: Operation) -> list[tuple[int | None, ProblemCode]]:
    batch = BatchExecutor()
    for operation in operations:
        batch.add(operation)
    return [(problem.operation, problem.code) for problem in batch.validate_all()]


def test_an_operation_unpacks_as_target_and_callable() -> None:
    target, action = Operation(Path("a"), nothing)

    assert (target, action) == (Path("a"), nothing)


def test_all_problems_are_found_at_once(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "fifo")

    assert problems(
        Operation(tmp_path / "there", nothing),
        Operation(tmp_path / "there", nothing, OperationType.CREATE),
        Operation(tmp_path / "missing", nothing, OperationType.MODIFY),
        Operation(tmp_path / "missing", nothing, OperationType.DELETE),
        Operation(tmp_path / "folder", nothing),
        Operation(tmp_path / "fifo", nothing),
        Operation(tmp_path / "loop", nothing),
        Operation(tmp_path / "made" / "deep", nothing),
    ) == [
        (1, ProblemCode.EXISTS),
        (2, ProblemCode.MISSING),
        (3, ProblemCode.MISSING),
        (4, ProblemCode.IS_FOLDER),
        (5, ProblemCode.SPECIAL_FILE),
        (6, ProblemCode.UNREADABLE),
    ]


def test_an_operation_counts_on_the_ones_before_it(tmp_path: Path) -> None:
    assert problems(
        Operation(tmp_path / "a", nothing, OperationType.CREATE),
        Operation(tmp_path / "a", nothing, OperationType.MODIFY),
        Operation(tmp_path / "a", nothing, OperationType.DELETE),
        Operation(tmp_path / "a", nothing, OperationType.MODIFY),
    ) == [(3, ProblemCode.MISSING)]


def test_what_cannot_be_called_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        BatchExecutor().add((tmp_path / "a", "not callable"))  # type: ignore[arg-type]
