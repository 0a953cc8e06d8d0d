"""A diff on a terminal: in colours, and by a pager when it is longer than the screen."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterable

from app.cli import output
from app.cli.stopping import STOPPING

_COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_HEAD = "\x1b[1m"
_PLAIN = "\x1b[m"
_HEADS = ("diff ", "--- ", "+++ ", "rename ", "new ", "deleted ")


def show(lines: Iterable[str]) -> None:
    """Print the lines of a diff; to a file or another program they go as they are."""
    if not sys.stdout.isatty():
        for line in lines:
            output.say_as_it_is(line)
        return
    colour = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    pager = _pager()
    if pager is None:
        for line in lines:
            output.say(_painted(line, colour=colour))
        return
    assert pager.stdin is not None
    try:
        for line in lines:
            text = output.printable(_painted(line, colour=colour), sys.stdout.encoding)
            pager.stdin.write(f"{text}\n".encode(sys.stdout.encoding or "utf-8"))
        pager.stdin.close()
    except BrokenPipeError:
        pass  # who looked has seen enough
    pager.wait()


def _painted(line: str, *, colour: bool) -> str:
    if not colour:
        return line
    start = _HEAD if line.startswith(_HEADS) else _COLOURS.get(line[:1], "")
    return f"{start}{line}{_PLAIN}" if start else line


def _pager() -> subprocess.Popen[bytes] | None:
    command = shlex.split(os.environ.get("PAGER", "less"))
    if not command or command == ["cat"]:
        return None
    environment = {"LESS": "FRX", **os.environ}
    # Our own signals are blocked, and a child would keep that.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603 - what the user has set
    except OSError:
        return None
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
