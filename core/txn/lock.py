"""Keeps two engines out of one folder, even when they have different state directories.

The kernel's lock on the folder itself needs no file and dies with its owner. A small batch shares the lock on the
mount's root and holds each of its folders alone; a batch with very many folders holds the mount's root alone. Locks
are taken in one order everywhere, so no two batches wait for each other. A thread that holds a folder may take it
again: the seed's doors may be used inside one another.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import Busy
from core.fs.api import FileSystem, Handle
from core.progress import CancelToken

MANY_FOLDERS = 256
_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.005

_Key = tuple[int, int]


@dataclass(slots=True)
class _Held:
    handle: Handle
    exclusive: bool
    thread: int
    count: int = 1


_held: dict[tuple[_Key, int], _Held] = {}


@dataclass(frozen=True, slots=True)
class _Wanted:
    key: _Key
    path: str
    exclusive: bool


class FolderLocks:
    """The locks of one transaction."""

    def __init__(self, fs: FileSystem) -> None:
        self._fs = fs
        self._mine: list[tuple[_Key, int]] = []

    def acquire(self, paths: Iterable[str], token: CancelToken, *, wait: bool = True) -> None:
        """Lock every folder, in one order; waits for another batch, up to half a minute.

        Raises:
            Busy: another batch holds a folder; nothing is locked then.
        """
        try:
            for wanted in self._wanted(list(paths)):
                self._take(wanted, token, _PATIENCE_SECONDS if wait else 0.0)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Give every lock back."""
        while self._mine:
            key = self._mine.pop()
            held = _held[key]
            held.count -= 1
            if held.count == 0:
                del _held[key]
                self._fs.close(held.handle)

    def _wanted(self, paths: list[str]) -> list[_Wanted]:
        found: dict[_Key, _Wanted] = {}
        many = len(paths) > MANY_FOLDERS
        for path in paths:
            stat_handle = self._open(path)
            if stat_handle is None:
                continue
            stat = self._fs.fstat(stat_handle)
            self._fs.close(stat_handle)
            if not many:
                found[stat.dev, stat.ino] = _Wanted((stat.dev, stat.ino), path, exclusive=True)
            root = self._mount_root(path, stat.dev)
            if root is not None:
                known = found.get(root.key)
                exclusive = many or (known is not None and known.exclusive)
                found[root.key] = _Wanted(root.key, root.path, exclusive)
        return [found[key] for key in sorted(found)]

    def _mount_root(self, path: str, dev: int) -> _Wanted | None:
        """Return the highest folder above `path` on the same device that may be opened."""
        best = None
        while True:
            handle = self._open(path)
            if handle is not None:
                stat = self._fs.fstat(handle)
                self._fs.close(handle)
                if stat.dev != dev:
                    return best
                best = _Wanted((stat.dev, stat.ino), path, exclusive=False)
            if path == "/":
                return best
            path = path.rpartition("/")[0] or "/"

    def _open(self, path: str) -> Handle | None:
        try:
            return self._fs.open_folder(path)
        except OSError:
            # A folder that may not be read cannot be locked; the level is lower there, the batch is not refused.
            return None

    def _take(self, wanted: _Wanted, token: CancelToken, patience: float) -> None:
        key = (wanted.key, threading.get_ident())
        held = _held.get(key)
        if held is not None and (held.exclusive or not wanted.exclusive):
            held.count += 1
            self._mine.append(key)
            return
        handle = self._open(wanted.path)
        if handle is None:
            return
        try:
            self._wait(handle, wanted, token, patience)
        except BaseException:
            self._fs.close(handle)
            raise
        _held[key] = _Held(handle, wanted.exclusive, threading.get_ident())
        self._mine.append(key)

    def _wait(self, handle: Handle, wanted: _Wanted, token: CancelToken, patience: float) -> None:
        deadline = time.monotonic() + patience
        try:
            while not self._fs.lock(handle, exclusive=wanted.exclusive):
                token.check()
                if time.monotonic() >= deadline:
                    raise Busy(path=wanted.path)
                time.sleep(_PAUSE_SECONDS)
        except OSError:
            # Some network file systems have no locks: a lower level, see `doctor`.
            return
