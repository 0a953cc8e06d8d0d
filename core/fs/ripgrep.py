"""ripgrep as a sieve: which of many files contain one of a few byte strings. It decides nothing else.

Only bytes are asked for and every file is named to it, so neither its dialect, its ignore files nor its settings can
lose one. Where it fails, in whatever way and version, all files of that call are kept.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache

_AT_ONCE = 2
_ARGUMENTS = ("--no-config", "--files-with-matches", "--null", "--text", "--encoding", "none", "--no-messages")


def program() -> str:
    """Return the path of ripgrep, "" where there is none. HOLDFAST_RG names another one, or none."""
    return _found(os.environ.get("HOLDFAST_RG", "rg"), os.environ.get("PATH", ""))


@lru_cache(maxsize=8)
def _found(name: str, path: str) -> str:
    return shutil.which(name, path=path) or ""


def expression(strings: Iterable[bytes], *, ignore_case: bool) -> str:
    """Return a pattern, in what all versions understand, for any of these bytes.

    Without case a byte that is not ASCII counts as well, as does a zero: see `core.content.needles`.
    """
    either = "|".join("".join(f"\\x{byte:02x}" for byte in one) for one in strings)
    return rf"(?i-u:{either}|[\x00\x80-\xff])" if ignore_case else f"(?-u:{either})"


def sieve(rg: str, pattern: str, batches: Iterable[list[str]]) -> Iterator[tuple[list[str], int]]:
    """Yield, batch by batch and in order, (the files that contain it, how many were searched)."""
    running: deque[tuple[list[str], subprocess.Popen[bytes] | None]] = deque()
    try:
        for batch in batches:
            running.append((batch, _start(rg, pattern, batch)))
            if len(running) > _AT_ONCE:
                yield _result(*running.popleft())
        while running:
            yield _result(*running.popleft())
    finally:
        for _, process in running:
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


def _result(batch: list[str], process: subprocess.Popen[bytes] | None) -> tuple[list[str], int]:
    if process is None:
        return batch, len(batch)
    output, _ = process.communicate()
    if process.returncode not in (0, 1):
        return batch, len(batch)
    found = set(os.fsdecode(output).split("\0"))
    return [path for path in batch if path in found], len(batch)
