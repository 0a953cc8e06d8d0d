"""The sources of Linux, as a large tree that nobody wrote for a test: where they are, or fetched from Debian."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.support import large
from tests.support.large import Missing

_TOOLS = ("apt-get", "apt-cache", "dpkg-deb", "tar", "xz")
_ENOUGH = 3 << 30  # bytes: the package, what is in it, and what is in that


def folder(above: Path) -> Path:
    """Return the folder of the sources: what HOLDFAST_LINUX_SOURCE names, else a package's, unpacked in `above`.

    Several processes may ask for the same at once. Raises Missing.
    """
    named = Path(os.environ.get("HOLDFAST_LINUX_SOURCE", "/usr/src/linux"))
    if named.is_dir():
        return named
    try:
        large.demand(_TOOLS, above, _ENOUGH)
    except Missing as error:
        told = f"no Linux sources: {error}; unpack them and name them in HOLDFAST_LINUX_SOURCE"
        raise Missing(told) from error
    return large.once(above / "linux-source", lambda: _fetch(above))


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
