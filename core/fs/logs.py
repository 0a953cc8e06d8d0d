"""The log in the state directory: what was done and how it ended, a line each, in two files of at most a megabyte.

It is for finding out afterwards what happened, never for recovery: nothing of it is synced, and where it cannot be
written nothing is said, since no batch may fail for it.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable

from core.fs import places

AT_MOST = 1 << 20
_also: list[Callable[[str], object]] = []


def path(state: str | None = None) -> str:
    """Return where the log is."""
    return os.path.join(places.state_folder(state), "kept", "holdfast.log")


def also_to(listener: Callable[[str], object]) -> Callable[[], None]:
    """Hand every line of this process to somebody else as well; return what ends that."""
    _also.append(listener)
    return lambda: _also.remove(listener)


def note(text: str, state: str | None = None) -> None:
    """Write a line, with the time and this process before it."""
    line = " ".join(text.split())
    for listener in _also:
        listener(line)
    target = path(state)
    with contextlib.suppress(OSError):
        _make_folder(target)
        with open(target, "a", encoding="utf-8", errors="backslashreplace", opener=_open_privately) as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {os.getpid()} {line}\n")
            size = file.tell()
        if size > AT_MOST:
            os.replace(target, f"{target}.1")


def _make_folder(target: str) -> None:
    """Make the folder of the log, but no state directory: a batch may just have deleted that."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(os.path.dirname(target), 0o700)


def _open_privately(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
