"""What a name stands for, in the tree of a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.content.edit import Edit, Rewrite
from core.fs.api import Kind

# Flags of a node.
DELETED = 1
SPLIT_LINKS = 2
KEEP_TIMES = 4
SETTLED = 8
KEEP_LINKS = 16
IN_PLACE = 32
UNGUARDED = 128
HELD = 256  # comes out of an attic
ALIKE = 512  # takes its metadata, too, from `source`
RUNNABLE = 1024  # becomes a program
NOT_RUNNABLE = 2048  # is none any more
APART = 4096  # written in place, in a folder where no side files can be made
COPIED = 64  # moved to another disk: made there anew, and removed here

_BINARY_PROBE = 8192  # bytes


@dataclass(slots=True)
class Node:
    """What a name stands for. `origin`: where that inode is before the batch, "" for what the batch makes.

    New content is `slice` (offset and length in the plan's scratch file) or `source` (another file), else what is at
    `origin`; `edits` are applied to it in order. Metadata are those of `origin`; a new folder takes those of `source`,
    and a new symlink says it.
    `displaced`: originals (by `origin`) that had this name and are deleted. `number`: of the operation that touched it
    last and, once it is settled, of the row with its facts, which holds the operation. It is one number for both
    because a plan may have 100,000 of them.
    """

    kind: Kind
    origin: str = ""
    slice: tuple[int, int] | None = None
    source: str = ""
    edits: tuple[Rewrite, ...] = ()
    displaced: tuple[str, ...] = ()
    number: int = 0
    flags: int = 0

    @property
    def has_new_content(self) -> bool:
        """Whether the content differs from what is at `origin`."""
        return self.slice is not None or bool(self.source) or bool(self.edits)

    @property
    def is_new(self) -> bool:
        """Whether the batch makes it, in place of what is at `origin` if there is anything."""
        return not self.origin or self.has_new_content or bool(self.flags & COPIED)

    @property
    def runnable(self) -> bool | None:
        """Whether it becomes a program (True) or is none any more (False); None where that stays as it is."""
        return bool(self.flags & RUNNABLE) if self.flags & (RUNNABLE | NOT_RUNNABLE) else None

    @property
    def is_deleted(self) -> bool:
        """Whether the name is free, and something that had it is deleted."""
        return bool(self.flags & DELETED)

    @property
    def is_settled(self) -> bool:
        """Whether something happens to it, and its facts are known."""
        return bool(self.flags & SETTLED)

    def with_mode(self, *, runnable: bool) -> Node:
        """Return the same as a program, or as none."""
        flags = self.flags & ~(RUNNABLE | NOT_RUNNABLE) | (RUNNABLE if runnable else NOT_RUNNABLE)
        if self.has_new_content:
            return replace(self, flags=flags)
        # The mode belongs to the inode, so there has to be another one, with the content and the times of this one.
        return replace(self, source=self.origin, flags=flags | KEEP_TIMES)

    def replaces(self, origin: str) -> bool:
        """Whether another inode takes the place of what is at `origin`, be it only for another mode."""
        if self.is_deleted or not self.has_new_content:
            return False
        return self.source != origin or self.runnable is not None

    def is_one_edit_with(self, other: Node) -> bool:
        """Whether two names of one file, which keep being one, get the same edits: a search finds it by each name."""
        if not self.flags & other.flags & KEEP_LINKS or self.slice or self.source or other.slice or other.source:
            return False
        return self.edits == other.edits

    def refuses(self, head: bytes) -> bool:
        """Whether a content that begins so is no text, and the edits are for text alone.

        A search over a tree has chosen its files by itself, and knows UTF-16 when it sees it.
        """
        return b"\0" in head[:_BINARY_PROBE] and any(isinstance(one, Edit) for one in self.edits)

    def settle(self, row: int) -> None:
        """Note where its facts are."""
        self.number = row
        self.flags |= SETTLED


def with_mode(mode: int, *, runnable: bool) -> int:
    """Return a mode with leave to run for all who may read, or for nobody."""
    return mode | (mode & 0o444) >> 2 if runnable else mode & ~0o111
