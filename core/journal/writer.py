"""Appends records to one journal. A failed sync poisons it: nothing more is written or synced through this handle."""

from __future__ import annotations

from core.fs.api import FileSystem, Handle
from core.journal import codec


class Writer:
    """The one who appends.

    `position` is the end of what was written, in bytes; after `sync_failed` nobody knows what the disk has of it.
    """

    def __init__(self, fs: FileSystem, handle: Handle, *, position: int = 0, sequence: int = 0) -> None:
        self._fs = fs
        self._handle = handle
        self.position = position
        self._sequence = sequence
        self.sync_failed = False
        self._poisoned = False

    def append(self, record: codec.Record) -> None:
        """Write a record, without making it durable."""
        if self._poisoned:
            raise OSError(5, "a sync of this journal has failed")
        data = codec.encode(record, self._sequence)
        try:
            self._fs.write(self._handle, data)
        except BaseException:
            # A half-written frame in the middle would read as damage once something follows it.
            self._poisoned = True
            raise
        self._sequence += 1
        self.position += len(data)

    def sync(self) -> None:
        """Make everything appended durable; never tried again after it has failed (fsyncgate, 2018)."""
        if self._poisoned:
            raise OSError(5, "a sync of this journal has failed")
        try:
            self._fs.sync_file(self._handle)
        except BaseException:
            self._poisoned = self.sync_failed = True
            raise

    def commit_to(self, record: codec.Record) -> None:
        """Append and sync."""
        self.append(record)
        self.sync()
