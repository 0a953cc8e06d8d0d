"""Disks under simulated files: what programs see now, what is durable, and the effects in between."""

from __future__ import annotations

from collections.abc import Callable

from core.fs.api import Kind
from tests.support.simulated.effects import Attributes, Data, Effect, Entry, Names, needs_of
from tests.support.simulated.image import Image, Inode
from tests.support.simulated.profiles import Profile


class Storage:
    """Changes the live tree and logs each effect until a sync makes it durable.

    `on_effect` is called after each effect. `now_ns` stands still: all that is written between two power cuts falls into
    one tick of the clock, so that times alone prove nothing.
    """

    def __init__(self, image: Image, profile: Profile, now_ns: int) -> None:
        self.live = image.copy()
        self.durable = image.copy()
        self.profile = profile
        self.now_ns = now_ns
        self.pending: list[Effect] = []
        self.on_effect: Callable[[Effect], None] | None = None
        self._next = max(image.inodes) + 1

    def new(self, kind: Kind, disk: int, mode: int, data: bytes = b"") -> int:
        """Make an inode without a name, and return its number. Until it has one, nobody can find it."""
        number, self._next = self._next, self._next + 1
        inode = Inode(kind, disk, mode, self.now_ns, data)
        for image in (self.live, self.durable):
            image.inodes[number] = inode
            if kind is Kind.FOLDER:
                image.names[number] = {}
        return number

    def name(self, disk: int, *entries: Entry) -> None:
        """Change names, all of them in one step."""
        self._log(Names(disk, entries, needs_of(entries, self.pending)))

    def write(self, ino: int, offset: int, data: bytes) -> None:
        """Write into a file."""
        self._log(Data(self.live.inodes[ino].disk, ino, offset, data, self.now_ns))

    def truncate(self, ino: int, size: int) -> None:
        """Cut or extend a file."""
        if size != len(self.live.inodes[ino].data):
            self._log(Data(self.live.inodes[ino].disk, ino, size, b"", self.now_ns, cut=True))

    def attributes(self, ino: int, mode: int, mtime_ns: int) -> None:
        """Set mode and time."""
        self._log(Attributes(self.live.inodes[ino].disk, ino, mode, mtime_ns))

    def sync(self, ino: int, *, whole: bool = False) -> None:
        """Make an inode durable, or its whole disk."""
        if not self.pending:
            return
        saved = self.profile.saved(self.pending, self.live.inodes[ino].disk, ino, whole=whole)
        for effect in self.pending:
            if effect in saved:
                effect.on(self.durable)
        self.pending = [effect for effect in self.pending if effect not in saved]

    def fail_sync(self, ino: int) -> None:
        """A sync that fails: what it should have written may be lost, and no later sync will write it (fsyncgate)."""
        for effect in self.pending:
            if isinstance(effect, Data) and effect.ino == ino:
                effect.is_doubtful = True

    def _log(self, effect: Effect) -> None:
        effect.on(self.live)
        self.pending.append(effect)
        if self.on_effect is not None:
            self.on_effect(effect)
