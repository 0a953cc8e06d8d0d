"""What the window needs of the system around it: a display, and the libraries that Qt loads. Imports no Qt."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator

# Each with the Debian package that has it. packaging/setup.sh installs the same.
LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}


def display() -> str:
    """Name the display that Qt would show a window on, "" for none: without one it would abort instead of raising."""
    if sys.platform in ("darwin", "win32"):
        return "the desktop"
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if chosen and not chosen.startswith(("xcb", "wayland")):
        return chosen
    if os.environ.get("WAYLAND_DISPLAY"):
        return "Wayland"
    return "X11" if os.environ.get("DISPLAY") else ""


def missing_libraries() -> Iterator[str]:
    """Yield the libraries that the window needs and that cannot be loaded."""
    if not sys.platform.startswith("linux"):
        return
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            yield name


def packages(libraries: list[str]) -> list[str]:
    """Return the Debian packages that have these libraries, each once."""
    return list(dict.fromkeys(LIBRARIES[name] for name in libraries))
