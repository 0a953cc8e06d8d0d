"""Pairs of Python and Qt that must not be used together. Imports no Qt: some pairs abort when it is used."""

from __future__ import annotations

import sys
from importlib import metadata


def refusal(python: tuple[int, ...] | None = None, pyside: str | None = None) -> str:
    """Return why the window cannot be shown with these versions, "" when it can.

    PySide6 6.12.0 gives back one reference to None too many on Python 3.11, where that ends in an abort after some
    thousand calls; from Python 3.12 on None cannot be used up.
    """
    python = tuple(sys.version_info[:2]) if python is None else python
    pyside = installed() if pyside is None else pyside
    if not pyside:
        return "PySide6, which shows the window, is not installed. Start with: sh packaging/run.sh"
    if python < (3, 12) and pyside.split(".")[:2] >= ["6", "12"]:
        return (
            f"PySide6 {pyside} aborts on Python {'.'.join(map(str, python))}. "
            'Install another one: pip install "PySide6-Essentials<6.12", or use Python 3.12 or later.'
        )
    return ""


def installed() -> str:
    """Return the version of PySide6 that is installed, "" for none."""
    try:
        return metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        return ""
