"""How this very program is started once more: as the window's worker, and as what the demonstration kills."""

from __future__ import annotations

import os
import shlex
import sys


def command(*arguments: str) -> list[str]:
    """Return the words that start Holdfast with these arguments.

    In a bundle the program is its own interpreter. Elsewhere -P: a folder called "app" where the program was started
    must not be taken for ours.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-P", "-m", "app", *arguments]


def path() -> str:
    """Return the file that a desktop can start, "" where this copy has none (`python -m app`)."""
    if "APPIMAGE" in os.environ:  # what lies inside an AppImage has another path at every start
        return os.environ["APPIMAGE"]
    if getattr(sys, "frozen", False):
        return sys.executable
    started = os.path.abspath(sys.argv[0])
    return started if os.path.basename(started) == "holdfast" else ""


def shown() -> str:
    """Return the words that start Holdfast, as a shell takes them."""
    return shlex.quote(path()) if path() else shlex.join(command())
