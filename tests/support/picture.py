"""A picture of a tree that leaves nothing out: owners, links, devices, attributes, and holes without reading them."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

_BLOCK = 1 << 20


def picture(root: Path) -> dict[bytes, tuple[object, ...]]:
    """Return all that can be told of everything below `root`, times and inode numbers aside."""
    base, found = os.fsencode(root), {}
    for folder, inner, names in os.walk(base):
        for name in inner + names:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, base)] = _describe(path)
    return found


def _describe(path: bytes) -> tuple[object, ...]:
    info = os.lstat(path)
    common = stat.filemode(info.st_mode), info.st_uid, info.st_gid
    if stat.S_ISLNK(info.st_mode):
        return *common, os.readlink(path)
    attributes = tuple((name, os.getxattr(path, name)) for name in sorted(os.listxattr(path)))
    if stat.S_ISREG(info.st_mode):
        return *common, info.st_nlink, info.st_size, _digest(path, info.st_size), attributes
    return *common, info.st_rdev, attributes


def _digest(path: bytes, size: int) -> str:
    """Return a digest of where there is data, and of what it is."""
    digest, offset = hashlib.sha256(), 0
    with open(path, "rb") as file:
        while offset < size:
            try:
                offset = os.lseek(file.fileno(), offset, os.SEEK_DATA)
            except OSError:  # only a hole is left
                break
            block = os.pread(file.fileno(), _BLOCK, offset)
            digest.update(b"%d:" % offset + block)
            offset += len(block)
    return digest.hexdigest()
