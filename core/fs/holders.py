"""Who has a file open, and which processes live: as far as the kernel tells this user."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from typing import NamedTuple


class Process(NamedTuple):
    """A living process: its number, its program's name (at most 15 letters), and when it started, in seconds since 1970."""

    pid: int
    program: str
    started: float


def is_open(path: str) -> bool | None:
    """Whether any program has a regular file open or mapped; None where nobody can tell.

    Asks the kernel for a lease, which it gives only to who is alone with the file: a few microseconds, and it knows of
    every user's programs. Only on local disks of Linux, and for this user's own files.
    """
    if sys.platform != "linux":
        return None
    else:  # noqa: RET505 - what follows an `if` of the platform is unreachable on it
        import fcntl

        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            # Whoever opens the file in just this moment makes the kernel tell us, by a signal that kills by default.
            fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        except OSError as error:
            return True if error.errno == errno.EAGAIN else None  # EACCES: somebody else's file
        finally:
            os.close(handle)
        return False


def open_files() -> dict[tuple[int, int], int]:
    """Return which process has which file open, by (device, inode): all of them for root, else only this user's own."""
    found: dict[tuple[int, int], int] = {}
    for pid in _pids():
        for place in ("fd", "map_files"):
            with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/{place}") as entries:
                for entry in entries:
                    with contextlib.suppress(OSError):
                        info = os.stat(entry.path)
                        found.setdefault((info.st_dev, info.st_ino), pid)
    return found


def processes() -> list[Process] | None:
    """Return all living processes; None where the system does not tell."""
    pids = _pids()
    if not pids:
        return None
    return [one for pid in pids if (one := process(pid)) is not None]


def process(pid: int) -> Process | None:
    """Return the living process with that number; None where there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return None
    # The name may hold anything, brackets too.
    fields = text[text.rindex(")") + 2 :].split()
    if fields[0] in "ZX":
        return None
    seconds = int(fields[19]) / _ticks()
    return Process(pid, text[text.index("(") + 1 : text.rindex(")")], booted() + seconds)


def _ticks() -> int:
    """Return how many units of the kernel's clock a second has; Windows has neither it nor /proc."""
    if sys.platform != "win32":
        return os.sysconf("SC_CLK_TCK")
    else:  # noqa: RET505 - what follows an `if` of the platform is unreachable on it
        return 1


def booted() -> float:
    """Return when the machine was started, in seconds since 1970; 0 where the system does not tell."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            return float(next(line for line in file if line.startswith("btime ")).split()[1])
    except (OSError, StopIteration):
        return 0.0


def tells() -> bool:
    """Whether the system tells which processes live."""
    return bool(_pids())


def _pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
