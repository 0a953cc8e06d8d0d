"""The desktop's trash, through Send2Trash, which knows where each desktop and each disk has it."""

from __future__ import annotations

import os


def home() -> str:
    """Return the trash of this user's home, whether it is there or not. Other disks have theirs in `.Trash-...`."""
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return os.path.join(os.path.abspath(data), "Trash")


def move(path: str) -> None:
    """Move a file to the trash, from where the desktop can bring it back.

    Raises:
        OSError: it could not be moved, and is where it was. Send2Trash wants the file itself to be writable, and
            cannot take a symlink that leads nowhere.
    """
    from send2trash import send2trash  # it looks for a desktop when it is imported

    send2trash(path)
