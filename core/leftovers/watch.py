"""The kernel's notices of changes, through watchdog: the only module that knows it.

Watchdog's observers are not used, only what they stand on, its reader of inotify. An observer watches whole trees by
itself, and then nobody can tell how much of them it really sees: it swallows the limit on watches, it says nothing when
the kernel drops notices, and with more than 16,384 folders its own repair of that overflows the queue again, for ever
(watchdog 7.1). Here every folder is watched one by one, just before it is read, by whoever reads it; so there is no gap
between looking and watching, and what is not watched is known.

A notice is a hint and never a fact: whoever gets one looks at the disk.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

from watchdog.utils import UnsupportedLibcError

# Not Linux (Windows answers with a TypeError), or an older watchdog: everything is polled.
try:
    from watchdog.observers.inotify_c import CallbackId, InotifyConstants, InotifyFD, Mask
except (ImportError, TypeError, UnsupportedLibcError):
    InotifyFD = None  # type: ignore[assignment,misc]

if TYPE_CHECKING:
    from watchdog.observers.inotify_c import InotifyEvent

_STOP_SECONDS = 5.0
# Nobody reads a file's content into this: only what comes, goes, was written, or changed its rights or times.
_INTERESTS = (
    "IN_CREATE",
    "IN_DELETE",
    "IN_MOVED_FROM",
    "IN_MOVED_TO",
    "IN_CLOSE_WRITE",
    "IN_ATTRIB",
    "IN_DELETE_SELF",
    "IN_MOVE_SELF",
    "IN_ONLYDIR",
    "IN_DONT_FOLLOW",
    "IN_EXCL_UNLINK",
)


class Notice(NamedTuple):
    """Something happened to a name in a watched folder; to the folder itself where the name is empty."""

    watch: int
    name: bytes
    is_folder: bool


LOST = Notice(-1, b"", is_folder=False)  # the kernel has dropped notices


class Notices:
    """Watches on single folders, and what they report. One thread, from the first watch to `close`."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Notice] = SimpleQueue()
        self._reader = self._start()
        self._callbacks: dict[int, int] = {}
        self._next = 0
        if self._reader is not None:
            self._mask = Mask(sum(getattr(InotifyConstants, name) for name in _INTERESTS))

    def _start(self) -> Any:
        if InotifyFD is None:
            return None
        # It warns about lost notices, which are dealt with here.
        logging.getLogger("watchdog").addHandler(logging.NullHandler())
        try:
            reader = InotifyFD()
        except OSError:  # the limit on readers: some other program has them all
            return None
        reader.name = "holdfast-notices"
        reader.start()
        return reader

    def watch(self, path: str) -> int | None:
        """Watch a folder (or go on watching it) and return the number of its watch; None where that cannot be.

        One folder has one number, whatever its path is by now.

        Raises:
            FileNotFoundError: there is no such folder.
        """
        if self._reader is None:
            return None
        self._next += 1
        try:
            number = int(self._reader.add_callback(os.fsencode(path), self._mask, self, CallbackId(self._next)))
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                raise FileNotFoundError(error.errno, os.strerror(error.errno), path) from error
            return None  # above all ENOSPC: the limit on watches
        if number < 0:  # not readable
            return None
        before = self._callbacks.get(number)
        self._callbacks[number] = self._next
        if before is not None:
            self._reader.remove_callbacks([(number, before)])
        return number

    def unwatch(self, numbers: list[int]) -> None:
        """Give watches up."""
        for number in numbers:
            callback = self._callbacks.pop(number, None)
            if callback is not None:
                with contextlib.suppress(OSError):
                    self._reader.remove_callbacks([(number, callback)])

    def wait(self, seconds: float, at_most: int) -> list[Notice]:
        """Return what has been reported, at most so much; waits for the first."""
        notices: list[Notice] = []
        with contextlib.suppress(Empty):
            notices.append(self._queue.get(timeout=seconds))
            while len(notices) < at_most:
                notices.append(self._queue.get_nowait())
        return notices

    def close(self) -> None:
        """Give everything up; the thread has ended when this returns."""
        if self._reader is not None:
            self._reader.stop()
            self._reader.join(_STOP_SECONDS)
            self._reader = None

    # what the reader's thread calls; it would die of an exception, so all that is done here is to pass it on

    def on_event(self, event: InotifyEvent) -> None:
        """Take a notice."""
        self._queue.put(Notice(int(event.wd), event.name, is_folder=event.is_directory))

    def on_watch_deleted(self, number: int) -> None:
        """Learn that a watch is gone: with its folder, or with the disk that was taken away."""
        self._queue.put(Notice(int(number), b"", is_folder=True))

    def on_queue_overflow(self) -> None:
        """Learn that notices were lost."""
        self._queue.put(LOST)
