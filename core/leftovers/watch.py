"""Watches folders for leftovers that come and go. The only module that knows watchdog.

What watchdog says is a hint, the disk is the truth: every hint is looked at again, and whatever watchdog cannot see is
found by looking through the folders again. Facts about watchdog 7.1 that shape this module (all tried):

- It loses events when the kernel's queue overflows, and says so only in its log.
- Its repair after that never ends when it watches more folders than the queue holds (16,384). So at most
  `WATCHED_AT_MOST` folders are watched; roots beyond that are looked through from time to time.
- Folders below a root that cannot be watched (the kernel's limit) are left out silently. So watches are counted.
- A root that is renamed, removed or unmounted is not reported. So the identity of each root is looked at.
- A folder that is moved away keeps its old name in later events. Looking at the disk makes that harmless.
"""

from __future__ import annotations

import logging
import os
import queue
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

from core.fs import linux, walk
from core.leftovers.identify import Identifier, Leftover
from core.leftovers.known import Known
from core.leftovers.scan import Scan
from core.progress import CancelToken, Meter

WATCHED_AT_MOST = 12_000
_TICK_SECONDS = 0.1
_ROOTS_SECONDS = 2.0
_HEAL_SECONDS = 10.0
_POLL_SECONDS = 30.0
_POLL_SHARE = 20.0  # looking through takes at most a twentieth of the time
_RELIST_SECONDS = 1800.0
# What happens to names, and the end of writing. Without a filter every file that is merely read makes events.
_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many folders there are, how each is seen, and how many cannot be read. `live`: changes arrive at once."""

    folders: int
    watched: int
    polled: int
    unreadable: int
    live: bool


class Listener(Protocol):
    """Who is told."""

    def found(self, leftovers: list[Leftover]) -> None:
        """Hear of leftovers that are new or have changed."""

    def gone(self, paths: list[str]) -> None:
        """Hear of leftovers that are there no more."""

    def covered(self, coverage: Coverage) -> None:
        """Hear how much is seen, whenever that changes."""


@dataclass(slots=True)
class _Root:
    path: str
    identity: tuple[int, int] | None = None
    watch: ObservedWatch | None = None
    folders: int = 0
    unreadable: int = 0
    looked: float = 0.0
    took: float = 0.0


class _Hints(FileSystemEventHandler):
    """Collects paths, and nothing else: an error here would end watchdog's thread."""

    def __init__(self) -> None:
        self.paths: queue.SimpleQueue[str] = queue.SimpleQueue()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Remember what it is about."""
        for path in (event.src_path, event.dest_path):
            if path:
                self.paths.put(os.fsdecode(path))

    def drain(self) -> set[str]:
        """Return what has been collected since the last time."""
        paths = set()
        while not self.paths.empty():
            paths.add(self.paths.get())
        return paths


class _Losses(logging.Handler):
    """Hears watchdog say that events were lost: there is no event for it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.happened = False

    def emit(self, record: logging.LogRecord) -> None:
        """Remember it."""
        self.happened = True


class Watcher:
    """Watches some folders until the token is cancelled. `identifier` is asked for a fresh view of batches."""

    def __init__(self, roots: Iterable[str], identifier: Identifier, listener: Listener, token: CancelToken) -> None:
        self._roots = [_Root(path) for path in roots]
        self._identifier = identifier
        self._listener = listener
        self._token = token
        self._known = Known()
        self._hints = _Hints()
        self._losses = _Losses()
        self._observer = Observer()
        self._coverage: Coverage | None = None

    def run(self) -> None:
        """Watch. Raises `Cancelled` at the end."""
        log = logging.getLogger("watchdog")
        log.addHandler(self._losses)
        self._observer.start()
        try:
            for root in self._roots:
                self._begin(root)
            self._tell_coverage()
            self._follow()
        finally:
            log.removeHandler(self._losses)
            self._observer.stop()
            self._observer.join()

    def _follow(self) -> None:
        checked = healed = time.monotonic()
        while True:
            self._token.check()
            time.sleep(_TICK_SECONDS)
            hints = self._hints.drain()
            if hints:
                self._examine(hints)
            now = time.monotonic()
            if now - checked >= _ROOTS_SECONDS:
                checked = now
                self._check_roots(now)
            if self._losses.happened and not hints and now - healed >= _HEAL_SECONDS:
                healed = now
                self._losses.happened = False
                for root in self._roots:
                    self._look_through(root)
                self._tell_coverage()

    # roots

    def _begin(self, root: _Root) -> None:
        """Look through a root, watch it if that is possible, and look again: nothing comes between two looks."""
        root.identity = _identity(root.path)
        if root.identity is None:
            return
        self._look_through(root)
        if sum(one.folders for one in self._roots) > WATCHED_AT_MOST:
            return
        try:
            root.watch = self._observer.schedule(
                self._hints, walk.resolved(root.path), recursive=True, event_filter=_EVENTS
            )
        except OSError:  # the kernel's limits: it is looked through from time to time
            return
        self._look_through(root)

    def _end(self, root: _Root) -> None:
        if root.watch is not None:
            self._observer.unschedule(root.watch)
            root.watch = None
        root.identity, root.folders, root.unreadable = None, 0, 0
        self._tell_gone(self._known.below(root.path))

    def _check_roots(self, now: float) -> None:
        for root in self._roots:
            if _identity(root.path) != root.identity:
                self._end(root)
                self._begin(root)
            elif root.identity is not None and now - root.looked >= self._patience(root):
                self._look_through(root)
        self._tell_coverage()

    def _patience(self, root: _Root) -> float:
        if root.watch is not None and self._all_watched():
            return _RELIST_SECONDS
        return max(_POLL_SECONDS, _POLL_SHARE * root.took)

    def _all_watched(self) -> bool:
        return linux.watches() >= sum(root.folders for root in self._roots if root.watch is not None)

    def _look_through(self, root: _Root) -> None:
        began = time.monotonic()
        scan = Scan(self._identifier, Meter(), self._token)
        seen: set[str] = set()
        for leftover in scan.leftovers([root.path]):
            seen.add(leftover.path)
            self._take(leftover)
        self._tell_gone([path for path in self._known.below(root.path) if path not in seen])
        root.folders, root.unreadable = scan.folders, scan.unreadable
        root.looked = time.monotonic()
        root.took = root.looked - began

    def _tell_coverage(self) -> None:
        watched = min(linux.watches(), sum(root.folders for root in self._roots if root.watch is not None))
        folders = sum(root.folders for root in self._roots)
        unreadable = sum(root.unreadable for root in self._roots)
        there = [root for root in self._roots if root.identity is not None]
        now = Coverage(folders, watched, folders - watched, unreadable, bool(there) and watched == folders)
        if now != self._coverage:
            self._coverage = now
            self._listener.covered(now)

    # leftovers

    def _examine(self, hints: set[str]) -> None:
        """Look at everything that a hint may be about: the file, what is below it, and leftovers that belong to it."""
        found: list[Leftover] = []
        gone: list[str] = []
        for path in sorted(hints):
            self._token.check()
            seen = walk.look(path)
            if seen is None:
                gone += self._known.below(path)
            elif seen.kind == "folder":
                found += Scan(self._identifier, Meter(), self._token).leftovers([path])
            for one in {path, *self._known.of_original(path)}:
                leftover = self._identifier.identify(one)
                if leftover is not None:
                    found.append(leftover)
                elif one in self._known:
                    gone.append(one)
        fresh = [leftover for leftover in found if self._known.take(leftover)]
        if fresh:
            self._listener.found(fresh)
        self._tell_gone(gone)

    def _take(self, leftover: Leftover) -> None:
        if self._known.take(leftover):
            self._listener.found([leftover])

    def _tell_gone(self, paths: list[str]) -> None:
        gone = [path for path in dict.fromkeys(paths) if self._known.forget(path)]
        if gone:
            self._listener.gone(gone)


def _identity(path: str) -> tuple[int, int] | None:
    seen = walk.look(walk.resolved(path))
    return (seen.dev, seen.ino) if seen is not None and seen.kind == "folder" else None
