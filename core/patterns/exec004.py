"""EXEC-004: atomic operations with rollback, over Holdfast's engine.

Four names for code that changes a few files of its own. All of them journal what they do, put everything back on any
exception (also `KeyboardInterrupt`, `SystemExit` and a closed generator), and after a `kill -9` or a power cut the next
use of any of them, or `holdfast recover`, does the same. After they return the change survives a power cut.

* `AtomicFileOp.execute`, `AtomicBatch` and `atomic_transaction` let the callable write *in place*: other readers can
  see half-written files meanwhile. They keep inodes, so hard links stay together.
* `AtomicFileOp.execute_via_temp` and `atomic_write` let it write a draft that then takes the file's place in one step:
  readers see the old file or the new one. Owner, mode, ACL and attributes stay as they were, and so do symlinks and
  hard links to the file.

Parent folders that the callable makes are removed again on rollback. Companions of an SQLite database (`-wal`,
`-journal`) are protected with it; for a database in use by another process use its own backup functions instead.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any

from core.fs import files
from core.patterns import door

Operation = Callable[[Path], Any]


class AtomicFileOp:
    """Operations on one file, each of which happens wholly or not at all."""

    def __init__(self, target_path: str | os.PathLike[str]) -> None:
        self.target = Path(target_path)

    def execute(self, operation: Operation) -> Any:
        """Call `operation(target)` and return its result; the file is put back if it raises."""
        with door.protected([os.fspath(self.target)], self.target.name):
            return operation(self.target)

    def execute_via_temp(self, operation: Operation) -> Any:
        """Call `operation(draft)`, a path beside the target; what it wrote there then takes the target's place.

        The draft exists and is empty when the operation begins.
        """
        with door.draft(os.fspath(self.target), self.target.name) as path:
            return operation(path)


class AtomicBatch:
    """Operations on several files, of which all happen or none."""

    def __init__(self) -> None:
        self.operations: list[tuple[Path, Operation]] = []
        self.completed: list[Path] = []

    def add(self, target: str | os.PathLike[str], operation: Operation) -> None:
        """Add an operation; the same target may be added several times."""
        self.operations.append((Path(target), operation))

    def execute(self) -> list[Any]:
        """Call every operation with its target, in order, and return the results; all files are put back if one raises."""
        self.completed = []
        with door.protected([os.fspath(target) for target, _ in self.operations], "batch"):
            results = []
            for target, operation in self.operations:
                results.append(operation(target))
                self.completed.append(target)
        return results


@contextmanager
def atomic_write(file_path: str | os.PathLike[str], mode: str = "w", **kwargs: Any) -> Iterator[IO[Any]]:
    """Open a file for writing; it changes only if the body ends well, and then in one step.

    `mode` and the keyword arguments are those of `open`. "a" and "r+" begin with the present content; "x" demands that
    there is no file yet.
    """
    path = os.fspath(file_path)
    _demand_sense(path, mode)
    draft_mode = mode.replace("x", "w")
    with (
        door.draft(path, os.path.basename(path), copy="w" not in draft_mode) as draft,
        files.open_draft(os.fspath(draft), draft_mode, **kwargs) as file,
    ):
        yield file


def _demand_sense(path: str, mode: str) -> None:
    if "r" in mode and "+" not in mode:
        raise ValueError(f"Nothing was changed: atomic_write needs a mode that writes, not {mode!r}.")
    if "x" in mode and files.exists(path):
        raise FileExistsError(errno.EEXIST, "the file exists already. Nothing was changed", path)
    if "r" in mode and not files.exists(path):
        raise FileNotFoundError(errno.ENOENT, "there is no such file. Nothing was changed", path)


def atomic_transaction(*file_paths: str | os.PathLike[str]) -> AbstractContextManager[None]:
    """Let the body change these files, in place; all of it counts, or nothing. Files that are not named are not protected."""
    return door.protected([os.fspath(path) for path in file_paths], "transaction")
