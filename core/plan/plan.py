"""A plan: what will happen to each file, found out by reading and never by writing.

Facts about the single files (what they are now, what they will be) lie in a scratch file; memory holds names.
"""

from __future__ import annotations

import marshal
import weakref
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO, NamedTuple

from core.content import regions
from core.content.regions import Noter, Region
from core.errors import Problem
from core.fs import files
from core.fs.abilities import Level
from core.fs.api import FileSystem, Kind
from core.journal import records
from core.journal.records import Identity
from core.plan import render
from core.plan.node import APART, HELD, IN_PLACE, Node
from core.plan.tree import Tree


class Action(StrEnum):
    """What happens to a file."""

    CREATE = "create"
    EDIT = "edit"
    REPLACE = "replace"
    DELETE = "delete"
    MOVE = "move"
    FOLDER = "folder"


class Place(NamedTuple):
    """A folder that the plan touches. `writable`: whether names can be made and removed in it.

    `windows_names`: whether only names that Windows can read are possible.
    """

    volume: str
    ino: int
    dev: int
    level: Level
    writable: bool
    windows_names: bool = False


Notes = tuple[int, int] | None
_ROWS_AT_ONCE = 1 << 16
_Bytes = bytes  # `Plan.bytes` is a number


class Facts(NamedTuple):
    """What is known of one touched name. `operation` touched it last; `before`: the original; sizes in bytes.

    `noted`: offset and length of the notes on what an edit changes in a large file, in the plan's scratch file.
    """

    operation: int
    before: Identity | None
    size_after: int | None = None
    digest_after: str = ""
    matches: int = 0
    displaced: tuple[Identity, ...] = ()
    noted: Notes = None


@dataclass(frozen=True, slots=True)
class Change:
    """One file's before and after, for people and programs. `to`: the new path of something that is moved."""

    index: int
    operation: int
    action: Action
    kind: Kind
    path: str
    to: str
    size_before: int | None
    size_after: int | None
    digest_before: str
    digest_after: str
    matches: int
    level: Level


@dataclass(slots=True, weakref_slot=True)
class Plan:
    """Changes and problems. Its scratch file goes with it, or earlier with `close`."""

    tree: Tree
    scratch: BinaryIO
    name: str = ""
    undo: bool = True
    undoes: str = ""  # the batch that it takes back, and whether not all of it
    partial: bool = False
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)  # worth knowing, and in nobody's way
    files: int = 0
    bytes: int = 0
    matches: int = 0
    folders: dict[str, Place] = field(default_factory=dict)
    space: dict[str, tuple[str, int]] = field(default_factory=dict)  # by volume: (a folder on it, bytes free)
    found: Counter[int] = field(default_factory=Counter)  # by operation: files in which a search found something
    needed: dict[str, int] = field(default_factory=dict)  # by volume: bytes that are written there
    expectations: dict[str, str] = field(default_factory=dict)
    _rows: tuple[int, _Bytes] = (0, b"")  # some that were read last, and where they begin

    def __post_init__(self) -> None:
        weakref.finalize(self, files.discard, self.scratch)

    def needs(self, mounts: AbstractSet[str]) -> list[tuple[str, int, int]]:
        """Return (where its mount is, bytes that are written, bytes free) for each disk, those that need most first."""
        found = []
        for volume, needed in self.needed.items():
            folder, free = self.space[volume]
            while folder not in mounts and folder != "/":
                folder = folder.rpartition("/")[0] or "/"
            found.append((folder, needed, free))
        return sorted(found, key=lambda one: -one[1])

    def facts(self, node: Node) -> Facts:
        """Read what is known of a settled node."""
        operation, before, size, digest, matches, displaced, *noted = self._row(node.number)
        known = records.known(before) if before else None
        gone = tuple(map(records.known, displaced))
        return Facts(operation, known, size, digest, matches, gone, tuple(noted) if noted else None)

    def _row(self, offset: int) -> tuple[Any, ...]:
        """Return the row at an offset. They are asked for one after the other, so many are read at once."""
        begin, rows = self._rows
        if not begin <= offset < begin + len(rows):
            begin, rows = offset, b""
        size = _ROWS_AT_ONCE
        while True:
            try:
                row: tuple[Any, ...] = marshal.loads(memoryview(rows)[offset - begin :])  # noqa: S302 - our own
            except EOFError:  # there is only a part of it
                pass
            else:
                return row
            begin, rows = self._rows = offset, files.read_part(self.scratch, offset, size)
            size *= 2

    def remember(self, facts: Facts) -> int:
        """Write facts down and return where."""
        operation, before, size, digest, matches, displaced, noted = facts
        known = None if before is None else tuple(before)
        row = (operation, known, size, digest, matches, tuple(map(tuple, displaced)), *(noted or ()))  # few are noted
        # For this process alone, and read back several times for each file: JSON takes five times as long.
        return self._append(marshal.dumps(row))

    def _append(self, data: _Bytes) -> int:
        """Write at the end and return where that was. Whoever reads leaves the position alone."""
        offset = self.scratch.tell()  # not counted: a write that failed may have been done in part
        self.scratch.write(data)
        return offset

    def store(self, data: _Bytes) -> tuple[int, int]:
        """Write content down and return (offset, length)."""
        return self._append(data), len(data)

    def noter(self) -> tuple[int, Noter]:
        """Return where the notes of a noter will begin, and the noter; nothing else is stored while it notes."""
        return self.scratch.tell(), Noter(self.scratch.write)

    def regions(self, facts: Facts) -> Iterator[Region] | None:
        """Yield what an edit changes in a large file, None where that was not noted."""
        return regions.read(files.read_slice(self.scratch, *facts.noted)) if facts.noted else None

    def store_stream(self, fs: FileSystem, node: Node) -> tuple[int, int]:
        """Write the new content of a node down and return (offset, length)."""
        offset = self.scratch.tell()
        for chunk in render.chunks(fs, node, self.scratch):
            self.scratch.write(chunk)
        return offset, self.scratch.tell() - offset

    def changes(self) -> Iterator[Change]:
        """Yield all changes; the index of a change is stable for this plan."""
        return (change for change, _ in self.changed())

    def changed(self) -> Iterator[tuple[Change, Node]]:
        """Yield all changes with their nodes."""
        for index, (path, node) in enumerate(self.tree.touched()):
            change = self.described(index, path, node)
            if change is not None and node is not None:
                yield change, node

    def change(self, index: int) -> Change | None:
        """Return the change with that index."""
        for number, (path, node) in enumerate(self.tree.touched()):
            if number == index:
                return self.described(index, path, node)
        return None

    def node(self, index: int) -> tuple[str, Node | None]:
        """Return (path, node) of the change with that index."""
        for number, item in enumerate(self.tree.touched()):
            if number == index:
                return item
        raise IndexError(index)

    def described(self, index: int, path: str, node: Node | None) -> Change | None:
        """Describe a settled node; None for one that is not."""
        if node is None or not node.is_settled:
            return None
        facts = self.facts(node)
        action = self.action(path, node)
        moved = action is Action.MOVE
        if action is Action.DELETE:
            path = node.displaced[-1]
        before = self._before(node, facts)
        size_before = before.size if before else None
        after, digest_after = facts.size_after, facts.digest_after
        if node.flags & HELD and facts.before is not None:
            after, digest_after = facts.before.size, facts.before.digest
        elif not node.has_new_content and action is not Action.CREATE:
            after = size_before
        return Change(
            index,
            facts.operation,
            action,
            node.kind,
            node.origin if moved else path,
            path if moved else "",
            size_before,
            None if action is Action.DELETE else after,
            before.digest if before else "",
            digest_after,
            facts.matches,
            self._level(path, node),
        )

    def _before(self, node: Node, facts: Facts) -> Identity | None:
        """Return what has the name of a node before the batch; for a node that moves, what it is."""
        displaced = facts.displaced[-1] if facts.displaced else None
        return displaced if node.flags & HELD else facts.before or displaced

    def action(self, path: str, node: Node) -> Action:
        """Name what happens to a node."""
        if node.is_deleted or self.tree.is_unchanged(path, node):
            return Action.DELETE
        if node.flags & HELD:
            return Action.REPLACE if node.displaced else Action.CREATE
        if not node.origin and not node.displaced:
            return Action.FOLDER if node.kind is Kind.FOLDER else Action.CREATE
        if not node.origin:
            return Action.REPLACE  # of something that is deleted, which need not have been of the same kind
        if node.kind is Kind.FOLDER or self.tree.before(path) != node.origin:
            return Action.MOVE
        return Action.REPLACE if node.slice is not None or node.source else Action.EDIT

    def replaced_kind(self, node: Node) -> Kind | None:
        """Return what has the name of a node before the batch, or None where nothing has."""
        before = self._before(node, self.facts(node))
        return Kind(before.kind) if before else None

    def levels(self) -> Counter[Level]:
        """Count the changes by guarantee level."""
        touched = self.tree.touched()
        return Counter(self._level(path, node) for path, node in touched if node is not None and node.is_settled)

    def losing(self) -> list[str]:
        """Return the folders, by their path before the batch, that hold what the batch replaces or deletes.

        What is written in place where no names can be made rests elsewhere from the beginning, so those are not among them.
        """
        found: dict[str, None] = {}
        for _, node in self.tree.touched():
            if node is None or not node.is_settled or node.flags & APART:
                continue
            replaced = (node.origin,) if node.origin and node.has_new_content else ()
            found.update((one.rpartition("/")[0] or "/", None) for one in (*replaced, *node.displaced))
        return list(found)

    def _level(self, path: str, node: Node) -> Level:
        if node.flags & IN_PLACE:
            return Level.IN_PLACE
        place = self.folders.get(self.tree.before(path.rpartition("/")[0]) or "/")
        return place.level if place else Level.UNKNOWN

    def close(self) -> None:
        """Forget everything."""
        files.discard(self.scratch)
