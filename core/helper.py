"""A process that is forked from this one, does something for it, and is never there longer than it.

A fork among threads is safe for what helpers do: they run nothing that the owner has left to be finalized, leave by
`os._exit`, and take no lock of ours; one that Python itself takes (a module that is loaded late) is why nobody waits for
ever for one that looks (`core.relay`). Still it is only for processes that are Holdfast's own (`core.api.apply`).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable

# Processes: names in one folder are changed one at a time, whoever asks, and plans are put together by one.
_AT_MOST = 4
_HELPED = 50_000  # helpers times files of a plan: so much memory is left for them
_PR_SET_PDEATHSIG = 1
_alive: set[int] = set()


def processes() -> int:
    """Return how many processes are worth having for one work on this machine."""
    if sys.platform == "linux":
        return min(len(os.sched_getaffinity(0)), _AT_MOST)
    else:  # noqa: RET505 - what follows an `if` of the platform is unreachable on it
        return 1


def affordable(processes: int, files: int) -> int:
    """Return how many processes may be at a plan of so many files.

    Its owner writes to all that it remembers of each, 0.3 KiB, and a helper is left with what was there before.
    """
    return min(processes, 1 + _HELPED // max(1, files))


def fork(do: Callable[[], object]) -> int:
    """Fork a process that does that, and return its id, to be waited for with `wait`.

    Raises OSError where there is none to be had, as where the kernel does not end a process together with its owner.
    """
    if sys.platform == "linux":
        # Whoever collects garbage writes to every object, and each page that one of us writes to is one more. So neither
        # does, among what is there now; and what the owner has left lying about stays the owner's to finalize.
        gc.freeze()
        owner = os.getpid()
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # about threads, see above
                child = os.fork()
            if child == 0:
                _be(owner, do)
            _alive.add(child)
            return child
        finally:
            if not _alive:  # nor is there this one
                gc.unfreeze()
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)  # a helper leaves all signals to its owner
    else:  # what follows an `if` of the platform is unreachable on it
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


def wait(child: int) -> None:
    """Wait until a helper has ended."""
    with contextlib.suppress(ChildProcessError):  # where nobody wants to hear of children, the kernel has waited
        os.waitpid(child, 0)
    _alive.discard(child)
    if not _alive:
        gc.unfreeze()


def _be(owner: int, do: Callable[[], object]) -> None:
    """Be the helper; never returns."""
    try:
        _end_with(owner)
        do()
    finally:
        os._exit(0)


def _end_with(owner: int) -> None:
    """Have the kernel kill this process as soon as its owner is dead (prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != owner:
            os._exit(1)
