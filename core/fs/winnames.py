r"""How paths are written on Windows: for the engine with slashes from one root, for the system in its long form.

    the engine                 the system
    /C:/folder/file            \\?\C:\folder\file
    /UNC/server/share/file     \\?\UNC\server\share\file

The long form is not limited to 260 characters, and nothing in it is interpreted: no `.`, no `..`, no trailing dot or
space that vanishes, no `NUL` that is a device. Source: Microsoft, "Naming Files, Paths, and Namespaces".
"""

from __future__ import annotations

import errno
import ntpath

_LONG = "\\\\?\\"
_FORBIDDEN = frozenset('<>:"/\\|?*') | {chr(number) for number in range(32)}
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"}
)


def native(path: str) -> str:
    r"""Return an engine's path in the long form. Raises OSError (EINVAL, or ENOENT for the root above all drives)."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not path.startswith("/") or ".." in parts or any("\\" in part for part in parts):
        raise OSError(errno.EINVAL, "not an absolute path", path)
    if not parts or (parts[0].upper() == "UNC" and len(parts) < 3):
        raise FileNotFoundError(errno.ENOENT, "no single folder holds all drives", path)
    root = parts[0].upper()
    if root != "UNC" and not (len(root) == 2 and root[0].isalpha() and root[1] == ":"):
        raise FileNotFoundError(errno.ENOENT, "no such drive", path)
    at_root = len(parts) == (3 if root == "UNC" else 1)
    return _LONG + "\\".join([root, *parts[1:]]) + ("\\" if at_root else "")


def engine(path: str) -> str:
    """Return a system's absolute path as the engine writes it. Raises OSError (EINVAL) for any other."""
    plain = path.removeprefix(_LONG)
    if plain == path and path.startswith("\\\\"):
        plain = "UNC\\" + path[2:]
    drive = ntpath.splitdrive(plain)[0]
    if not (drive or plain.upper().startswith("UNC\\")):
        raise OSError(errno.EINVAL, "not an absolute path", path)
    return "/" + plain.replace("\\", "/").rstrip("/")


def is_usable(name: str) -> bool:
    """Whether every program on Windows can reach a file of that name.

    The long form can also make others, such as `nul.txt` or `a.`, which Explorer then can neither open nor delete.
    """
    if not name or name[-1] in ". " or not _FORBIDDEN.isdisjoint(name):
        return False
    return name.partition(".")[0].rstrip(" ").lower() not in _DEVICES
