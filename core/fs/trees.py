"""Whole trees that are ours alone: made, looked at and removed. For the demonstration and for measurements.

Nothing here is journalled, so nothing here may ever be pointed at files of a user.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile

Picture = dict[str, str]


def make_scratch(prefix: str, above: str | None = None) -> str:
    """Make an empty folder with a new name, where temporary files belong or in `above`; return its real path."""
    return os.path.realpath(tempfile.mkdtemp(prefix=prefix, dir=above))


def remove(folder: str) -> None:
    """Remove a folder that `make_scratch` made, with everything in it. Raises OSError."""
    shutil.rmtree(folder)


def copy(source: str, target: str) -> None:
    """Copy one file, content and mode, and make the folders above it."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copy(source, target)


def write(path: str, content: bytes) -> None:
    """Make or overwrite a file."""
    with open(path, "wb") as file:
        file.write(content)


def inode(path: str) -> int:
    """Return the number of the file under a name; 0 where there is none."""
    try:
        return os.lstat(path).st_ino
    except FileNotFoundError:
        return 0


def picture(root: str) -> Picture:
    """Describe everything below a folder, by its path there: kind, mode, and the digest of content or target."""
    found: Picture = {}
    for folder, inner, names in os.walk(root):
        for name in inner + names:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, root)] = _describe(path)
    return found


def describe(mode: int, content: bytes) -> str:
    """Return what `picture` says of a regular file with that mode and content."""
    return f"file {stat.S_IMODE(mode):o} {hashlib.sha256(content).hexdigest()}"


def digest(found: Picture) -> str:
    """Return one digest, in hex, for a whole picture."""
    total = hashlib.sha256()
    for path, what in sorted(found.items()):
        total.update(os.fsencode(path) + b"\0" + what.encode() + b"\0")
    return total.hexdigest()


def _describe(path: str) -> str:
    mode = os.lstat(path).st_mode
    if stat.S_ISREG(mode):
        with open(path, "rb") as file:
            return describe(mode, file.read())
    if stat.S_ISLNK(mode):
        return f"symlink {hashlib.sha256(os.fsencode(os.readlink(path))).hexdigest()}"
    return f"{'folder' if stat.S_ISDIR(mode) else 'special'} {stat.S_IMODE(mode):o}"
