"""The files as they will be: names seen through all operations so far, without touching the disk.

Only names that an operation touched are held. Whatever else is asked for is looked up on the disk, under the path it
has before the batch: a folder that was moved carries everything in it along.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from core.errors import ProblemCode
from core.fs.api import Kind
from core.plan.disk import Disk, Finding
from core.plan.node import DELETED, Node, with_mode
from core.plan.touched import Touched

_MAX_LINKS = 40


@dataclass(slots=True)
class Tree:
    """Names through a list of operations."""

    disk: Disk
    names: Touched = field(default_factory=Touched)
    moves: list[tuple[str, str]] = field(default_factory=list)  # folder moves: (from, to); to "" is a deletion
    _canonical: dict[str, str] = field(default_factory=dict)

    def canonical(self, path: str) -> str:
        """Return the path with every symlink in its folder part followed; the last part is left alone."""
        folder, _, name = path.rstrip("/").rpartition("/")
        if name in ("", ".", ".."):  # what a symlink may say
            return self._real(path)
        real = self._real(folder.rstrip("/") or "/")
        return f"/{name}" if real == "/" else f"{real}/{name}"

    def _real(self, folder: str, links: int = 0) -> str:
        """Return the real path of a folder as it is by now: a symlink that was deleted or moved leads nowhere."""
        known = self._canonical.get(folder)
        if known is not None:
            return known
        above, name = os.path.split(folder.rstrip("/"))
        if not name:
            return "/"
        real = os.path.normpath(os.path.join(self._real(above, links), name))
        if self._is_symlink(real):
            if links == _MAX_LINKS:
                raise Finding(ProblemCode.SYMLINK_LOOP, folder)
            real = self._real(os.path.join(os.path.dirname(real), self.target(real)), links + 1)
        if len(self._canonical) > 10_000:
            self._canonical.clear()
        self._canonical[folder] = real
        return real

    def _is_symlink(self, path: str) -> bool:
        if path not in self.names and self.before(path) == path and not self.disk.fs.is_symlink(path):
            return False  # nearly always; the look at the disk may have gone through a folder that is another by now
        node = self.at(path)
        return node is not None and node.kind is Kind.SYMLINK

    def target(self, path: str) -> str:
        """Return what the symlink at `path` says."""
        node = self.at(path)
        if node is not None and not node.origin:
            return node.source
        return self.disk.target(node.origin if node else path)

    def changes_mode(self, node: Node) -> bool:
        """Whether a file gets another mode than it has on the disk."""
        stat = self.disk.stat(node.origin)
        return (
            stat is not None and node.runnable is not None and with_mode(stat.mode, runnable=node.runnable) != stat.mode
        )

    def before(self, path: str) -> str:
        """Return where the thing at `path` is before the batch, by folder moves alone; "" when it was moved away."""
        for source, target in reversed(self.moves):
            if target and (path == target or path.startswith(target + "/")):
                path = source + path[len(target) :]
            elif path == source or path.startswith(source + "/"):
                return ""
        return path

    def is_unchanged(self, path: str, node: Node) -> bool:
        """Whether `path` stands for what it stood for all along, be it that it was moved away and back."""
        if not node.origin or node.has_new_content or node.is_deleted:
            return False
        folder, name = os.path.split(path)
        above = self.before(folder)
        return bool(above) and node.origin == os.path.join(above, name)

    def after(self, path: str) -> str:
        """Return where the folder that is at `path` before the batch ends up; "" when it is deleted."""
        for source, target in self.moves:
            if path == source or path.startswith(source + "/"):
                if not target:
                    return ""
                path = target + path[len(source) :]
        return path

    def at(self, path: str) -> Node | None:
        """Return what `path` stands for now, or None."""
        if path in self.names:
            node = self.names[path]
            return None if node is None or node.is_deleted else node
        origin = self.before(path)
        if not origin:
            return None
        stat = self.disk.stat(origin)
        return None if stat is None else Node(stat.kind, origin=origin)

    def is_respelt(self, path: str, other: str) -> bool:
        """Whether `other` is only another spelling of `path`, where a file system does not tell upper from lower case."""
        if path in self.names or other in self.names or self.before(os.path.dirname(other)) != os.path.dirname(other):
            return False
        return self.disk.is_respelt(path, other)

    def is_made(self, folder: str) -> bool:
        """Whether the batch itself makes the folder at a path."""
        node = self.names.get(folder)
        return node is not None and node.kind is Kind.FOLDER and not node.origin

    def follow(self, path: str) -> tuple[str, Node | None]:
        """Return (real path, what is there), following symlinks as an editor that opens `path` would."""
        for _ in range(_MAX_LINKS):
            path = self.canonical(path)
            node = self.at(path)
            if node is None or node.kind is not Kind.SYMLINK:
                return path, node
            path = os.path.join(os.path.dirname(path), self.target(path))
        raise Finding(ProblemCode.SYMLINK_LOOP, path)

    def make_parents(self, path: str, operation: int) -> None:
        """Add the missing folders above `path`."""
        missing = []
        parent = os.path.dirname(path)
        while (node := self.at(parent)) is None:
            missing.append(parent)
            parent = os.path.dirname(parent)
        if node.kind is not Kind.FOLDER:
            raise Finding(ProblemCode.NOT_A_FOLDER, parent)
        for folder in reversed(missing):
            self.names[folder] = Node(Kind.FOLDER, displaced=self.displaced_at(folder), number=operation)

    def displaced_at(self, path: str) -> tuple[str, ...]:
        """Return the originals that had this name and are deleted."""
        node = self.names.get(path)
        return node.displaced if node is not None else ()

    def free(self, path: str, node: Node, operation: int, *, deleted: bool) -> None:
        """Note that `node` leaves `path`, for another name or for good."""
        if node.kind is not Kind.FILE:
            self._canonical.clear()
        displaced = node.displaced
        if deleted and node.origin:
            own = self.after(node.origin)
            if own and own != path:  # moved here first: what is deleted is what had the other name
                self._displace(own, node, operation)
            else:
                displaced = (*displaced, node.origin)
        if displaced:
            self.names[path] = Node(node.kind, displaced=displaced, number=operation, flags=DELETED)
        elif (node.origin and self.before(path) == node.origin) or (
            self.before(path) and self.disk.stat(self.before(path)) is not None
        ):
            self.names[path] = None
        else:
            self.names.pop(path, None)

    def _displace(self, path: str, node: Node, operation: int) -> None:
        there = self.names.get(path)
        if there is None:
            there = Node(node.kind, number=operation, flags=DELETED)
        self.names[path] = replace(there, displaced=(*there.displaced, node.origin))

    def move_folder(self, source: str, target: str) -> None:
        """Note that a folder, with everything in it, gets another path ("": it is deleted)."""
        for path in self.names.below(source):
            node = self.names.pop(path)
            if target:
                self.names[target + path[len(source) :]] = node
        self.moves.append((source, target))

    def brought_in(self, folder: str) -> tuple[str, ...]:
        """Return the originals from outside that lie below `folder` by now, and what they displaced there."""
        own = self.before(folder)
        moved = {
            node.origin: path for path, node in self.names.items() if node is not None and node.kind is Kind.FOLDER
        }
        found: list[str] = []
        for path in self.names.below(folder):
            node = self.names[path]
            if node is not None:
                originals = (*node.displaced, *([node.origin] if node.origin else []))
                found += [one for one in originals if not _goes_along(one, own, folder + "/", moved)]
        return tuple(found)

    def leaving(self, folder: str) -> set[str]:
        """Return what is taken out of an original folder that is deleted, by its path in there."""
        nodes = (node for node in self.names.values() if node is not None)
        origins = chain.from_iterable((node.origin, *node.displaced) for node in nodes)
        return {one[len(folder) + 1 :] for one in origins if one.startswith(folder + "/")}

    def touched(self) -> Iterator[tuple[str, Node | None]]:
        """Yield every name that an operation touched."""
        yield from self.names.items()


def _goes_along(origin: str, folder: str, below: str, moved: dict[str, str]) -> bool:
    """Whether an original lies in the folder that was `folder`, all moves of single things left aside.

    `moved`: folders, by where they were, and where they are by now; `below`: how the paths in the folder begin by now.
    """
    if not folder or not origin.startswith(folder + "/"):
        return False
    above = os.path.dirname(origin)
    while above != folder:
        if above in moved:
            return moved[above].startswith(below)
        above = os.path.dirname(above)
    return True
