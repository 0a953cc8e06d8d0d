"""Holdfast as a command, which need not be started: a process that the bench forks has it imported already.

Its imports take longer than all that it does for a small batch, and the page has more than ten thousand of its runs.
`tests.crash.test_torture` holds such a process against one that was started.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

# Imported here, so that no process has to import them again after it was forked.
from app.cli import apply, recover  # noqa: F401
from app.main import main

_STARTED = [sys.executable, "-m", "app"]


def command(*arguments: str) -> list[str]:
    """Return the command line that runs this very Holdfast."""
    return [*_STARTED, *arguments]


def is_ours(command: list[str]) -> bool:
    return command[: len(_STARTED)] == _STARTED


def become(command: list[str], environment: dict[str, str]) -> NoReturn:
    """Go on as if this command had just been executed."""
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a Python that starts
    sys.argv = ["holdfast", *command[len(_STARTED) :]]
    sys.dont_write_bytecode = True
    os._exit(main(sys.argv[1:]))
