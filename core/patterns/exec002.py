"""EXEC-002: validation before anything runs. All problems at once, as values; nothing is raised and nothing changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from core.errors import Fix, Problem, ProblemCode
from core.fs.api import FileSystem, Kind, Stat
from core.fs.real import RealFileSystem
from core.txn.look import Eyes


class OperationType(StrEnum):
    """What an operation means to do with its target; that says what must be there beforehand."""

    WRITE = "write"  # there or not
    CREATE = "create"  # must not be there
    MODIFY = "modify"  # must be there
    DELETE = "delete"  # must be there


@dataclass(frozen=True, slots=True)
class Operation:
    """A target and the callable that changes it. Unpacks as that pair, which is what `AtomicBatch.add` takes."""

    target: Path
    operation: Callable[[Path], Any]
    type: OperationType = OperationType.WRITE

    def __iter__(self) -> Iterator[Any]:
        """Yield target and callable."""
        yield self.target
        yield self.operation


class BatchExecutor:
    """Collects operations and checks all of them."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._fs: FileSystem = RealFileSystem()

    def add(self, operation: Operation | tuple[str | os.PathLike[str], Callable[[Path], Any]]) -> None:
        """Add an operation, or a pair of target and callable.

        Raises:
            TypeError: it is neither.
        """
        if not isinstance(operation, Operation):
            target, action = operation
            operation = Operation(Path(target), action)
        if not callable(operation.operation):
            raise TypeError(f"the operation on {operation.target} cannot be called")
        self.operations.append(operation)

    def validate_all(self) -> list[Problem]:
        """Return every problem of every operation, each with the number of its operation; empty when all is well.

        An operation counts on what the ones before it make or delete.
        """
        problems = []
        expected: dict[str, bool] = {}
        for number, operation in enumerate(self.operations):
            path = os.path.abspath(operation.target)
            problem = self._check(path, operation.type, number, expected)
            if problem is None:
                expected[path] = operation.type is not OperationType.DELETE
            else:
                problems.append(problem)
        return problems

    def _check(self, path: str, wanted: OperationType, number: int, expected: dict[str, bool]) -> Problem | None:
        try:
            real = self._fs.resolve(path)
            found = self._look(real)
        except OSError as error:
            values: dict[str, object] = {"reason": error.strerror or str(error)}
            return Problem(ProblemCode.UNREADABLE, path, number, values)
        is_there = expected.get(path, found is not None)
        if found is not None and found.kind is Kind.FOLDER:
            return Problem(ProblemCode.IS_FOLDER, path, number)
        if found is not None and found.kind is Kind.SPECIAL:
            return Problem(ProblemCode.SPECIAL_FILE, path, number)
        if wanted is OperationType.CREATE and is_there:
            return Problem(ProblemCode.EXISTS, path, number, fixes=(Fix.OVERWRITE, Fix.REMOVE))
        if wanted in (OperationType.MODIFY, OperationType.DELETE) and not is_there:
            return Problem(ProblemCode.MISSING, path, number)
        if not self._may_change(os.path.dirname(real)):
            return Problem(ProblemCode.UNWRITABLE, path, number, fixes=(Fix.CHANGE_PERMISSIONS, Fix.REMOVE))
        return None

    def _look(self, path: str) -> Stat | None:
        try:
            folder = self._fs.open_folder(os.path.dirname(path))
        except FileNotFoundError:
            return None
        try:
            return Eyes(self._fs).at(folder, os.path.basename(path))
        finally:
            self._fs.close(folder)

    def _may_change(self, folder: str) -> bool:
        """Whether entries can be added to a folder, or to the nearest one above it that exists."""
        while True:
            try:
                handle = self._fs.open_folder(folder)
            except FileNotFoundError:
                folder = os.path.dirname(folder)
                continue
            try:
                return self._fs.may_write(handle)
            finally:
                self._fs.close(handle)
