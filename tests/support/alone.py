"""Tests that change something for the whole machine run alone, also when several processes run tests."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def room(*, alone: bool) -> Iterator[None]:
    """Be among the tests that run; `alone`: when no other is left, and with none coming in before this one is over.

    Two locks, since one that many share is never free for long: whoever waits to be alone keeps the door shut.
    """
    stem = f"{tempfile.gettempdir()}/holdfast-tests-{os.getuid()}"
    with open(f"{stem}.door", "a") as door, open(f"{stem}.room", "a") as inside:
        how = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
        fcntl.flock(door, how)
        fcntl.flock(inside, how)
        if not alone:
            fcntl.flock(door, fcntl.LOCK_UN)
        yield
