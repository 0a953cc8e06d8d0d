"""Notices when the window does not answer for too long, and names the line that was at work.

Counted is the time of the processor that the main thread takes between two beats of the event loop: how long that is on
a clock depends on what else the machine does. Even so a busy machine does less in that time, so a control is measured
before and after, and where it takes longer than it does on a machine at rest, the limit is that much longer, too.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
import traceback
from types import TracebackType

from PySide6.QtCore import QTimer

LIMIT_SECONDS = 0.05
_AT_REST_SECONDS = 0.0008  # what the control takes
_LOOK_SECONDS = 0.004
_BEAT_MS = 2


def slowness() -> float:
    """Return how many times as long as at rest the processor takes for the same work, at least 1."""

    def control() -> float:
        began = time.thread_time()
        for _ in range(100_000):
            pass
        return time.thread_time() - began

    return max(1.0, statistics.median(control() for _ in range(9)) / _AT_REST_SECONDS)


class Watchdog:
    """Watches the main thread while it is entered; `stalls` are texts."""

    def __init__(self, limit: float = LIMIT_SECONDS) -> None:
        self._slow = slowness()
        self._limit = limit * self._slow
        main = threading.main_thread()
        assert main.ident is not None
        self._main = main.ident
        self._clock = time.pthread_getcpuclockid(main.ident)
        self._beat_at = time.clock_gettime(self._clock)
        self._seen: dict[float, str] = {}
        self._stop = threading.Event()
        self._timer = QTimer(interval=_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._thread = threading.Thread(target=self._watch)
        self._stalled: list[tuple[float, str]] = []
        self.stalls: list[str] = []
        self.longest = 0.0

    def __enter__(self) -> Watchdog:
        self._switch = sys.getswitchinterval()
        sys.setswitchinterval(0.001)
        self._beat_at = time.clock_gettime(self._clock)
        self._timer.start()
        self._thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: TracebackType | None) -> None:
        self._beat()
        self._stop.set()
        self._thread.join()
        self._timer.stop()
        sys.setswitchinterval(self._switch)
        if slowness() > self._slow:  # it became busy meanwhile
            longest = self._limit / self._slow * slowness()
            self.stalls = [text for took, text in self._stalled if took > longest]

    def _beat(self) -> None:
        now = time.clock_gettime(self._clock)
        took = now - self._beat_at
        self.longest = max(self.longest, took)
        if took > self._limit:
            where = self._seen.get(self._beat_at, "(too short to be seen)")
            self._stalled.append((took, f"{1000 * took:.0f} ms without an answer, in:\n{where}"))
            self.stalls = [text for _, text in self._stalled]
        self._beat_at = now
        self._seen.clear()

    def _watch(self) -> None:
        """Remember where the main thread is when most of the limit is over."""
        while not self._stop.wait(_LOOK_SECONDS):
            began = self._beat_at
            if time.clock_gettime(self._clock) - began > self._limit * 0.6 and began not in self._seen:
                frame = sys._current_frames().get(self._main)
                self._seen[began] = "".join(traceback.format_stack(frame)[-6:])
