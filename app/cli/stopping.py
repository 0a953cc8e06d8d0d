"""Signals on the command line: waiting while they are blocked, and told by the exit code afterwards."""

from __future__ import annotations

import signal

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
