"""Keeps signals out of engine steps inside somebody else's process.

Python runs a signal's handler between any two instructions of the main thread, so a Ctrl-C could cut an engine step in
two. While a shield is up, handlers are exchanged for ones that only remember; when it comes down the old handlers are
back and every remembered signal is raised again. Callables run without a shield, and signals are not masked: children
that a callable starts begin with nothing blocked.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Windows knows no SIGHUP.
_STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Shield:
    """One shield; it remembers the numbers of the signals that came meanwhile."""

    def __init__(self) -> None:
        self._caught: list[int] = []
        self._fatal: set[int] = set()

    def is_hit(self) -> bool:
        """Whether a signal waits that will stop the program; one with a handler of the program's own may not."""
        return not self._fatal.isdisjoint(self._caught)

    @contextmanager
    def up(self) -> Iterator[None]:
        """Hold the shield for the body. Does nothing outside the main thread, where no handler can run."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        old = {}
        try:
            for number in _STOPPING:
                handler = signal.getsignal(number)
                # One that is ignored stays ignored; one that was not set from Python cannot be set back from here.
                if handler is not None and handler is not signal.SIG_IGN:
                    old[number] = handler
                    if handler in (signal.SIG_DFL, signal.default_int_handler):
                        self._fatal.add(number)
                    signal.signal(number, self._remember)
            yield
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)
            self._raise_again()

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self._caught.append(number)

    def _raise_again(self) -> None:
        caught, self._caught = self._caught, []
        for number in dict.fromkeys(caught):
            signal.raise_signal(number)
