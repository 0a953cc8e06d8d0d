"""ripgrep as a sieve: which of many files contain one of a few byte strings. It decides nothing else.

Only bytes are asked for, and every file is named to it, or the folder that holds it: of that it searches all files but
those that begin with a dot, and nothing below. So neither its dialect, its ignore files nor its settings can lose one.
Where it fails, in whatever way and version, all files of that call are kept.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

_AT_ONCE = 3
_ARGUMENTS = (
    *("--no-config", "--files-with-matches", "--null", "--text", "--encoding", "none", "--no-messages"),
    *("--no-ignore", "--max-depth", "1"),
)
_WAIT_SECONDS = 0.05

WAITING: frozenset[str] = frozenset({"/"})  # that one, and none like it: no file has this name


def program() -> str:
    """Return the path of ripgrep, "" where there is none. HOLDFAST_RG names another one, or none."""
    return _found(os.environ.get("HOLDFAST_RG", "rg"), os.environ.get("PATH", ""))


@lru_cache(maxsize=8)
def _found(name: str, path: str) -> str:
    return shutil.which(name, path=path) or ""


def sieve(
    rg: str, pattern: str, batches: Iterable[list[str]], check: Callable[[], None]
) -> Iterator[frozenset[str] | None]:
    """Yield, batch by batch and in order, the files that contain it; None where that is not known.

    A batch names files and folders. Now and then while one is waited for `WAITING` is yielded, and `check` is called,
    which may raise.
    """
    running: deque[subprocess.Popen[bytes] | None] = deque()
    try:
        for batch in batches:
            running.append(_start(rg, pattern, batch))
            if len(running) > _AT_ONCE:
                yield from _result(running[0], check)
                running.popleft()
        while running:
            yield from _result(running[0], check)
            running.popleft()
    finally:
        for process in running:
            if process is not None:
                process.kill()
                process.communicate()


def _start(rg: str, pattern: str, batch: list[str]) -> subprocess.Popen[bytes] | None:
    command = [rg, *_ARGUMENTS, "-e", pattern, "--", *batch]
    try:
        # What comes from outside are paths, and those stand behind "--".
        return subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:  # it has gone, or thousands of pairs make more arguments than the system takes
        return None


def _result(process: subprocess.Popen[bytes] | None, check: Callable[[], None]) -> Iterator[frozenset[str] | None]:
    if process is None:
        yield None
        return
    while True:
        check()
        try:
            output, _ = process.communicate(timeout=_WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            yield WAITING
            continue
        yield frozenset(os.fsdecode(output).split("\0")) if process.returncode in (0, 1) else None
        return
