"""Flushes: what it takes on each volume to know that something is durable.

A big batch pays one `syncfs` per volume where that call is to be trusted; a small one, or one elsewhere, pays an
fdatasync per file and an fsync per folder, and never waits for other programs' data.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.fs.api import FileSystem, Handle
from core.journal.records import FolderRef
from core.txn.folders import Folders

SMALL_BATCH = 16


class Barrier:
    """Knows the volumes of a transaction. Made before the first staged write, so that `syncfs` reports its errors."""

    def __init__(self, fs: FileSystem, folders: Folders, staged: int) -> None:
        self._fs = fs
        self._folders = folders
        self._small = staged < SMALL_BATCH
        self._volumes: dict[str, Handle] = {}
        for ref in folders.refs:
            if ref.stage and not self._small and ref.volume not in self._volumes:
                self._take(ref)

    def _take(self, ref: FolderRef) -> None:
        """Keep a handle on the volume of a folder, where that is still there; the next one on it will do as well."""
        try:
            handle = self._fs.open_folder(ref.path)
        except (FileNotFoundError, NotADirectoryError):
            return
        volume = self._fs.volume(handle)
        if volume.ident == ref.volume and volume.honours_syncfs:
            self._volumes[ref.volume] = handle
        else:
            self._fs.close(handle)

    def syncs_each(self, folder: int) -> bool:
        """Whether a file staged in that folder must be synced by itself."""
        return self._folders.refs[folder].volume not in self._volumes

    def flush(self, folders: Iterable[int]) -> None:
        """Make all entries of these folders durable (and, by syncfs, the files in them). Raises OSError on failure."""
        done = set()
        for number in folders:
            volume = self._folders.refs[number].volume
            if volume not in self._volumes:
                handle = self._folders.find_now(number)
                if handle is not None:
                    self._fs.sync_folder(handle)
            elif volume not in done:
                self._fs.sync_volume(self._volumes[volume])
                done.add(volume)

    def close(self) -> None:
        """Close the descriptors."""
        for handle in self._volumes.values():
            self._fs.close(handle)
        self._volumes.clear()
