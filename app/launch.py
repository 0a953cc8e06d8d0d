"""What has to be true before the window is shown: a display, and a Qt that can be trusted. Imports no Qt itself."""

from __future__ import annotations

import os
import sys

from app import versions

_NO_DISPLAY = (
    "Nothing was changed. There is no display to show the window on.\n"
    "On the command line: holdfast demo, holdfast preview PLAN, holdfast apply PLAN, holdfast --help."
)


def window(paths: list[str]) -> int:
    """Show the window with these paths chosen; 2 when it cannot be shown."""
    if not has_display():
        print(_NO_DISPLAY, file=sys.stderr)
        return 2
    refusal = versions.refusal()
    if refusal:
        print(f"Nothing was changed. {refusal}", file=sys.stderr)
        return 2
    try:
        from app import start
    except ImportError as error:
        print(f"Nothing was changed. Qt cannot be loaded: {error}\nRun: holdfast doctor", file=sys.stderr)
        return 2
    return start.run(paths)


def has_display() -> bool:
    """Whether Qt would find a display; without one it would abort instead of raising."""
    if sys.platform in ("darwin", "win32"):
        return True
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if chosen and not chosen.startswith(("xcb", "wayland")):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
