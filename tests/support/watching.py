"""A real watch in a thread of this process, what it has said so far, and limits of the kernel that can be lowered."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core import cleaning
from core.leftovers.identify import Leftover
from core.leftovers.news import Coverage, Found, Gone
from core.progress import Cancelled, CancelToken

PATIENCE_SECONDS = 20.0


class Watching:
    """A watch over some folders. `leftovers` by path, as a window would show them."""

    def __init__(self, *roots: Path) -> None:
        self.leftovers: dict[str, Leftover] = {}
        self.coverage = Coverage()
        self.error: BaseException | None = None
        self._token = CancelToken()
        self._clock = 0
        self._roots = [str(root) for root in roots]
        self._thread = threading.Thread(target=self._run, name="watching")
        self._thread.start()

    def _run(self) -> None:
        self._clock = time.pthread_getcpuclockid(threading.get_ident())
        try:
            for news in cleaning.watch(self._roots, token=self._token):
                match news:
                    case Found(leftovers):
                        self.leftovers.update((one.path, one) for one in leftovers)
                    case Gone(paths):
                        for path in paths:
                            self.leftovers.pop(path, None)
                    case Coverage():
                        self.coverage = news
        except Cancelled:
            pass
        except BaseException as error:
            self.error = error

    @property
    def names(self) -> set[str]:
        """The names of what is shown."""
        return {os.path.basename(path) for path in list(self.leftovers)}

    def cpu_seconds(self) -> float:
        """Return how much processor time the watch itself has taken."""
        return time.clock_gettime(self._clock)

    def wait(self, condition: Callable[[], object], patience: float = PATIENCE_SECONDS) -> float:
        """Wait until something is true; return how many seconds that took."""
        began = time.monotonic()
        while not condition():
            if self.error is not None:
                raise self.error
            assert time.monotonic() - began < patience, (sorted(self.names)[:20], self.coverage)
            time.sleep(0.02)
        return time.monotonic() - began

    def stop(self) -> float:
        """Cancel; return how many seconds it took to end."""
        began = time.monotonic()
        self._token.cancel()
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        if self.error is not None:
            raise self.error
        return time.monotonic() - began


@contextmanager
def watching(*roots: Path) -> Iterator[Watching]:
    """A watch whose first look is over; it is stopped afterwards."""
    one = Watching(*roots)
    try:
        one.wait(lambda: one.coverage.live or one.coverage.polled)
        yield one
    finally:
        one.stop()


@contextmanager
def kernel_limit(name: str, value: int) -> Iterator[None]:
    """Lower one of the kernel's limits on watching, for as long as it lasts; only root may."""
    path = Path("/proc/sys/fs/inotify") / name
    before = path.read_text()
    path.write_text(str(value))
    try:
        yield
    finally:
        path.write_text(before)


def hindrance() -> str:
    """Say why limits cannot be lowered here; "" where they can."""
    return "" if os.access("/proc/sys/fs/inotify/max_queued_events", os.W_OK) else "only root may lower limits"


def share_of_a_core(now: Watching, seconds: float) -> float:
    """Return how much of a core the watch takes over a while."""
    before = now.cpu_seconds()
    time.sleep(seconds)
    return (now.cpu_seconds() - before) / seconds
