"""Signals on the command line: waiting while they are blocked, and told by the exit code afterwards."""

from __future__ import annotations

import os
import signal
import sys
import threading

from app.words import _

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def waiting() -> int:
    """Return the number of a stopping signal that waits, 0 for none."""
    pending = signal.sigpending()
    return next((int(number) for number in STOPPING if number in pending), 0)


def is_waiting() -> bool:
    """Whether a stopping signal waits."""
    return waiting() != 0


def exit_code() -> int:
    """Return what a shell expects of a program that a signal stopped: 128 and the signal's number."""
    return 128 + (waiting() or int(signal.SIGINT))


class AtOnce:
    """While nothing is written yet: a signal ends the program even if the work does not look at it for a while."""

    _PATIENCE_SECONDS = 0.3

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            if is_waiting() and not self._over.wait(self._PATIENCE_SECONDS):
                sys.stderr.write(f"\n{_('Nothing was changed. Stopped.')}\n")
                sys.stderr.flush()
                os._exit(exit_code())
