"""Folders that an undo brought back out of an attic, while that undo is undone itself.

Every other folder that a batch has moved is moved back first, and what is done in it afterwards is said by the path that
it had before. These do not go back into the attic: whatever is said of that path is meant where they are by now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.plan.operations import Delete, Move, Operation, Restore


class Returned:
    """Follows such folders through the operations, and deletes them at the end."""

    def __init__(self) -> None:
        self._now: dict[str, str] = {}  # by the path in the attic
        self._leaving: set[str] = set()

    def stays(self, held: str, path: str) -> None:
        """Take note of a folder that is to stay."""
        self._now[held] = path

    def leaves(self, held: str, path: str) -> None:
        """Take note of a folder that is to be deleted once everything has left it that has to."""
        self._now[held] = path
        self._leaving.add(held)

    def follow(self, operation: Operation) -> Operation:
        """Return the operation with the paths that are meant; a move takes along what is below it."""
        match operation:
            case Move():
                moved = replace(operation, path=self._meant(operation.path), to=self._meant(operation.to))
                for held, path in self._now.items():
                    self._now[held] = _moved(path, moved.path, moved.to)
                return moved
            case Delete() | Restore():
                return replace(operation, path=self._meant(operation.path))
        return operation

    def deletions(self) -> Iterator[Operation]:
        """Yield what deletes them, the innermost first."""
        for path in sorted((self._now[held] for held in self._leaving), key=lambda path: -path.count("/")):
            yield Delete(path)

    def _meant(self, path: str) -> str:
        for held, now in self._now.items():
            path = _moved(path, held, now)
        return path


def _moved(path: str, source: str, target: str) -> str:
    return target + path[len(source) :] if path == source or path.startswith(f"{source}/") else path
