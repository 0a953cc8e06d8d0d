"""Other programs that are asked to do something on a scratch copy: found on the path, run without a terminal."""

from __future__ import annotations

import shutil
import subprocess


def find(name: str) -> str:
    """Return the path of a program, "" where it is not installed."""
    return shutil.which(name) or ""


def run(command: list[str], *, cwd: str, seconds: float) -> bool:
    """Run a program in a folder, silently; whether it ended well, and within that time."""
    try:
        done = subprocess.run(  # noqa: S603 - the program is one of ours to name, the files are scratch copies
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
