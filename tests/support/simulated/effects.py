"""What calls do to a disk, as single effects that a power cut may keep or lose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.support.simulated.image import Image


class Entry(NamedTuple):
    """One name of a folder: the inode it had and the one it gets, 0 for none."""

    folder: int
    name: str
    old: int
    new: int


@dataclass(slots=True, eq=False)
class Names:
    """Names that change together or not at all. `needs`: earlier changes without which this one cannot last."""

    disk: int
    entries: tuple[Entry, ...]
    needs: tuple[Names, ...] = ()

    def is_about(self, ino: int) -> bool:
        """Whether it changes an inode: a folder that has one of the names, or what gets or loses one."""
        return any(ino in (entry.folder, entry.old, entry.new) for entry in self.entries)

    def touches(self, folder: int) -> bool:
        return any(entry.folder == folder for entry in self.entries)

    def on(self, image: Image) -> None:
        """Do it."""
        for folder, name, _, new in self.entries:
            if new:
                image.names[folder][name] = new
            else:
                image.names[folder].pop(name, None)


@dataclass(slots=True, eq=False)
class Attributes:
    """Mode and time of an inode."""

    disk: int
    ino: int
    mode: int
    mtime_ns: int

    def is_about(self, ino: int) -> bool:
        """Whether it changes an inode."""
        return ino == self.ino

    def on(self, image: Image) -> None:
        """Do it."""
        inode = image.inodes[self.ino]
        image.inodes[self.ino] = inode._replace(mode=self.mode, mtime_ns=self.mtime_ns)


@dataclass(slots=True, eq=False)
class Data:
    """Bytes at an offset, or (`cut`) a new size. `is_doubtful`: a sync of it has failed, and no later one saves it."""

    disk: int
    ino: int
    offset: int
    data: bytes
    mtime_ns: int
    cut: bool = False
    is_doubtful: bool = field(default=False)

    def is_about(self, ino: int) -> bool:
        """Whether it changes an inode."""
        return ino == self.ino

    def on(self, image: Image, upto: int | None = None, *, zeros: bool = False) -> None:
        """Do it; only the first `upto` bytes of it, or its size alone with zeros for data."""
        inode = image.inodes[self.ino]
        old = inode.data
        if self.cut:
            new = old[: self.offset].ljust(self.offset, b"\0")
        else:
            data = self.data if upto is None else self.data[:upto]
            if zeros:
                data = bytes(len(data))
            new = old[: self.offset].ljust(self.offset, b"\0") + data + old[self.offset + len(data) :]
        image.inodes[self.ino] = inode._replace(data=new, mtime_ns=self.mtime_ns)


Effect = Names | Attributes | Data


def needs_of(entries: tuple[Entry, ...], pending: Iterable[Effect]) -> tuple[Names, ...]:
    """Return the pending changes without which one of these names cannot last.

    * A name has one history: no later change of it without the earlier one.
    * A file never loses its last name: where a name goes, all that the file was given before have come.
    * Nothing lies in a folder that has no name, and a folder goes only after all that was in it.
    """
    named = {(entry.folder, entry.name) for entry in entries}
    losing = {entry.old for entry in entries if entry.old}
    folders = {entry.folder for entry in entries}
    removed = losing - {entry.new for entry in entries}
    return tuple(
        effect
        for effect in pending
        if isinstance(effect, Names)
        and any(
            (one.folder, one.name) in named
            or one.folder in removed
            or (one.new and (one.new in losing or one.new in folders))
            for one in effect.entries
        )
    )


def closed(chosen: Iterable[Names]) -> set[Names]:
    """Return these changes and all that they need."""
    found: set[Names] = set()
    rest = list(chosen)
    while rest:
        one = rest.pop()
        if one not in found:
            found.add(one)
            rest.extend(one.needs)
    return found
