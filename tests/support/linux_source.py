"""The sources of Linux, as a large tree that nobody wrote for a test: where they are, or fetched from Debian."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

_TOOLS = ("apt-get", "apt-cache", "dpkg-deb", "tar", "xz")
_ENOUGH = 3 << 30  # bytes: the package, what is in it, and what is in that


class Missing(Exception):
    """There are none here; says why and what to do."""


def folder(above: Path) -> Path:
    """Return the folder of the sources: what HOLDFAST_LINUX_SOURCE names, else a package's, unpacked in `above`.

    Several processes may ask for the same at once. Raises Missing.
    """
    named = Path(os.environ.get("HOLDFAST_LINUX_SOURCE", "/usr/src/linux"))
    if named.is_dir():
        return named
    reason = _why_not(above)
    if reason:
        raise Missing(f"{reason}; unpack the sources of Linux and name them in HOLDFAST_LINUX_SOURCE")
    with open(above / "linux-source.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = above / "linux-source"
        if not done.exists():
            _fetch(above).rename(done)
    return done


def _why_not(above: Path) -> str:
    lacking = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if lacking:
        return f"no Linux sources, and no {lacking[0]} to get them with"
    if os.geteuid() != 0:
        return "no Linux sources, and only root gets them"
    return "no Linux sources, and no room for them" if shutil.disk_usage(above).free < _ENOUGH else ""


def _fetch(above: Path) -> Path:
    part = above / "linux-source.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        depends = _run(["apt-cache", "depends", "--important", "linux-source"], part)
        package = next(word for word in depends.split() if word.startswith("linux-source-"))
        _run(["apt-get", "download", package], part)
        _run(["dpkg-deb", "-x", *map(str, part.glob("*.deb")), str(part)], part)
        _run(["tar", "-xf", *map(str, part.glob("usr/src/*.tar.xz"))], part)
        found = next(one for one in part.glob("linux-source-*") if one.is_dir())
    except (subprocess.CalledProcessError, StopIteration) as error:
        raise Missing(f"no Linux sources, and they could not be fetched: {error}") from error
    ready = above / "linux-source.ready"
    shutil.rmtree(ready, ignore_errors=True)
    found.rename(ready)
    shutil.rmtree(part)  # twice the size of what it was for
    return ready


def _run(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
