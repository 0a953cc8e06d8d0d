"""Flushes: what it takes on each volume to know that something is durable.

A big batch pays one `syncfs` per volume where that call is to be trusted; a small one, or one elsewhere, pays an
fdatasync per file and an fsync per folder, and never waits for other programs' data.

While much is staged the disk need not be idle: a thread flushes beside it, and the barrier finds little left to do. That
is no part of the protocol. What is flushed early is durable early, and the barrier's own flush is the one that counts.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable

from core.fs.api import FileSystem, Handle
from core.journal.records import FolderRef
from core.txn.folders import Folders

SMALL_BATCH = 16
_MUCH = 16 << 20  # bytes; below that the barrier waits for a moment at most
_PAUSE_SECONDS = 0.1


class Barrier:
    """Knows the volumes of a transaction. Made before the first staged write, so that `syncfs` reports its errors."""

    def __init__(self, fs: FileSystem, folders: Folders, staged: int) -> None:
        self._fs = fs
        self._folders = folders
        self._small = staged < SMALL_BATCH
        self._volumes: dict[str, Handle] = {}
        self._beside: _Beside | None = None
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

    def staged(self, size: int) -> None:
        """Begin to flush beside the staging once so many bytes are staged that it pays."""
        if size >= _MUCH and self._beside is None and self._volumes:
            self._beside = _Beside(self._fs, self._volumes.values())

    def staged_all(self) -> None:
        """Flush beside it no more."""
        if self._beside is not None:
            self._beside.stop()

    def flush(self, folders: Iterable[int]) -> None:
        """Make all entries of these folders durable (and, by syncfs, the files in them). Raises OSError on failure."""
        if self._beside is not None:
            self._beside.end()
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
        if self._beside is not None:
            with contextlib.suppress(OSError):  # whoever had to know was told by `flush`
                self._beside.end()
        for handle in self._volumes.values():
            self._fs.close(handle)
        self._volumes.clear()


class _Beside:
    """Flushes volumes again and again, in a thread of its own."""

    def __init__(self, fs: FileSystem, volumes: Iterable[Handle]) -> None:
        self._fs = fs
        self._volumes: list[Handle] = []
        # Descriptors of its own: the kernel tells each one once of an error, and must tell the barrier's as well.
        with contextlib.suppress(OSError):  # there are too many already: then the barrier has to wait
            for handle in volumes:
                self._volumes.append(fs.open_subfolder(handle, "."))
        self._error: OSError | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="flush", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Begin no further flush."""
        self._stopped.set()

    def end(self) -> None:
        """Wait for the last flush. Raises OSError, once, if one has failed: nothing that was written before it is sure."""
        self.stop()
        self._thread.join()
        while self._volumes:
            self._fs.close(self._volumes.pop())
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _work(self) -> None:
        try:
            while not self._stopped.wait(_PAUSE_SECONDS):
                for handle in self._volumes:
                    self._fs.sync_volume(handle)
        except OSError as error:
            self._error = error
