"""Progress and Cancel between a worker and whoever watches it.

The work *writes* into a `Meter`; the watcher *samples* it at its own pace, so that a display never slows the work down
and no callback runs in the hot path. `CancelToken` is the other direction: one flag, and one place that decides
whether Cancel or Commit came first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """What a batch is doing now. The order is the order in which a batch meets them."""

    SEARCH = "search"
    CHECK = "check"
    PREPARE = "prepare"
    SWITCH = "switch"
    FINISH = "finish"
    PUT_BACK = "put_back"


@dataclass(frozen=True, slots=True)
class Progress:
    """One sample. Totals are 0 while they are unknown; bytes count content that is read or written.

    `matched`: in how many of the files something was found, while they are searched.
    """

    phase: Phase
    files_done: int = 0
    files_total: int = 0
    bytes_done: int = 0
    bytes_total: int = 0
    path: str = ""
    matched: int = 0


class Meter:
    """Counters that one thread writes and any thread may sample."""

    def __init__(self, on_phase: Callable[[Phase], None] | None = None) -> None:
        self._on_phase = on_phase
        self._phase = Phase.CHECK
        self.files_done = 0
        self.files_total = 0
        self.bytes_done = 0
        self.bytes_total = 0
        self.path = ""
        self.matched = 0

    def enter(self, phase: Phase, *, files: int = 0, size: int = 0) -> None:
        """Begin `phase`, which has `files` files and `size` bytes to do."""
        self._phase = phase
        self.files_done, self.files_total = 0, files
        self.bytes_done, self.bytes_total = 0, size
        self.path = ""
        if self._on_phase is not None:
            self._on_phase(phase)

    def sample(self) -> Progress:
        """Return the counters as they are now."""
        figures = self.files_done, self.files_total, self.bytes_done, self.bytes_total
        return Progress(self._phase, *figures, self.path, self.matched)


class Cancelled(BaseException):
    """Cancel was asked for. Derives from BaseException so that no `except Exception` can swallow it."""


class CancelToken:
    """A flag that may be raised from any thread until the work closes it.

    `interrupted` is looked at on every check as well: the command line passes a function that says whether a blocked
    signal is waiting, so that Ctrl-C needs no handler that could run in the middle of a step.
    """

    def __init__(self, interrupted: Callable[[], bool] | None = None) -> None:
        self._lock = threading.Lock()
        self._interrupted = interrupted
        self._cancelled = False
        self._closed = False

    def cancel(self) -> bool:
        """Ask for cancellation; return False when it came too late."""
        with self._lock:
            if self._closed:
                return False
            self._cancelled = True
            return True

    def check(self) -> None:
        """Raise `Cancelled` when cancellation was asked for and the token is still open."""
        if self._closed:
            return
        if self._cancelled or (self._interrupted is not None and self._interrupted()):
            self._cancelled = True
            raise Cancelled

    def close(self) -> None:
        """Decide the race: raise `Cancelled` if Cancel came first, else refuse every later `cancel()`."""
        with self._lock:
            if self._cancelled or (self._interrupted is not None and self._interrupted()):
                self._cancelled = True
                raise Cancelled
            self._closed = True
