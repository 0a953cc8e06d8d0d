"""Mounts the file system of `tests.support.fuse_server`, where there is what it needs: mfusepy, libfuse, /dev/fuse.

The complete tests install these.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def hindrance() -> str:
    """Say why there can be no such file system here; "" where there can."""
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "there is no /dev/fuse"
    try:
        import mfusepy  # noqa: F401
    except (ImportError, OSError) as error:
        return str(error)
    return ""


@contextmanager
def mounted(folder: Path, point: Path, *, links: bool) -> Iterator[None]:
    """Mount a folder at a point for the body."""
    command = [
        sys.executable,
        "-m",
        "tests.support.fuse_server",
        str(folder),
        str(point),
        *([] if links else ["nolinks"]),
    ]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        while not os.path.ismount(point):
            assert server.poll() is None, "the file system did not start"
            time.sleep(0.01)
        yield
    finally:
        subprocess.run(["umount", point], check=False)
        server.wait()
