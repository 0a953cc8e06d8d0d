"""Where Holdfast keeps what is its own, and how those folders come into being."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from pathlib import Path

import platformdirs


def state_folder(chosen: str | None = None) -> str:
    """Return the state directory: `chosen`, else HOLDFAST_STATE_DIR, else the platform's."""
    return os.path.abspath(
        chosen or os.environ.get("HOLDFAST_STATE_DIR") or platformdirs.user_state_dir("holdfast", appauthor=False)
    )


def data_folder() -> str:
    """Return where this user's desktop looks for what programs have brought (XDG_DATA_HOME)."""
    return platformdirs.user_data_dir()


def make_private_folder(path: str) -> None:
    """Make a folder readable by this user alone, since what lies there tells which files were changed; and its parents."""
    os.makedirs(path, mode=0o700, exist_ok=True)


def host() -> str:
    """Name this machine: its machine id, or its host name where there is none."""
    for source in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            text = Path(source).read_text("ascii").strip()
        except OSError:
            continue
        if text:
            return text
    return socket.gethostname()


def user() -> int:
    """Return the number of the user in whose name this process acts."""
    if sys.platform != "win32":
        return os.geteuid()
    else:  # noqa: RET505 - what follows an `if` of the platform is unreachable on it
        return 0  # to whom every file there belongs, as `os.stat` tells it


def may_own(owner: int, group: int) -> bool:
    """Whether this process can make files that belong to that user and group."""
    if sys.platform != "win32":
        return user() == 0 or (owner == user() and (group == os.getegid() or group in os.getgroups()))
    else:  # noqa: RET505 - the same
        return True


def boot() -> str:
    """Name this run of the machine, so that a process id from before a restart is not taken for a living one.

    Empty where the system does not tell.
    """
    if sys.platform == "darwin":
        from core.fs import macos

        return macos.boot()
    else:  # noqa: RET505 - the same
        try:
            return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        except OSError:
            return ""


def host_name() -> str:
    """Return the name that this machine goes by, as programs write it into their locks."""
    return socket.gethostname()


def temporary_folders() -> frozenset[str]:
    """Return the folders for temporary files, which programs may tidy up in."""
    return frozenset({"/tmp", "/var/tmp", os.path.realpath(tempfile.gettempdir())})  # noqa: S108 - looked at only
