"""What is too large to be kept, and is made once for all processes that run tests: a Debian, the sources of Linux."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest


class Missing(Exception):
    """It is not there, and cannot be made here; says why."""


def once(done: Path, make: Callable[[], Path]) -> Path:
    """Return `done`; `make` returns what is to become it, and is called by the first process that asks."""
    with open(done.with_name(f"{done.name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make().rename(done)
    return done


def for_this_run(factory: pytest.TempPathFactory, folder: Callable[[Path], Path]) -> Path:
    """Return what `folder` finds or makes below a folder that all processes of this run share; skip where it cannot."""
    base = factory.getbasetemp()
    try:
        return folder(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)
    except Missing as error:
        pytest.skip(str(error))


def demand(tools: Sequence[str], above: Path, room: int) -> None:
    """Raise Missing unless root asks, with these tools and so many bytes of room."""
    lacking = [tool for tool in tools if shutil.which(tool) is None]
    if lacking:
        raise Missing(f"{lacking[0]} is not installed")
    if os.geteuid() != 0:
        raise Missing("only root can make it")
    if shutil.disk_usage(above).free < room:
        raise Missing("there is no room for it")
