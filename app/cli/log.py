"""What every command leaves in the log: that it began, how it ended, and what went wrong inside Holdfast itself."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.cli import output
from core import api

# What only looks is not worth a line; a worker is one window, whose batches have lines of their own.
_QUIET = frozenset({"plan", "preview", "settings", "doctor", "demo", "worker"})


@dataclass
class Ending:
    """How a command ended."""

    code: int = 0


@contextmanager
def kept(options: argparse.Namespace, arguments: list[str]) -> Iterator[Ending]:
    """Note a command while it runs; with `--verbose`, also on standard error."""
    ending, since = Ending(), time.monotonic()
    stop = api.notes_to(output.complain) if options.verbose else None
    is_noted = options.command not in _QUIET or options.verbose
    try:
        if is_noted:
            api.note(shlex.join(arguments), state=options.state_dir)
        try:
            yield ending
        finally:
            broken = sys.exc_info()[1]
            if is_noted or broken is not None:
                how = f"broke: {broken!r}" if broken is not None else f"ended with {ending.code}"
                seconds = time.monotonic() - since
                api.note(f"{options.command} {how} after {seconds:.2f} s", state=options.state_dir)
    finally:
        if stop is not None:
            stop()
