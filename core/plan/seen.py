"""What a small file is and will be, found by reading it once: for a search, or for a plan that names it."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from core.fs.api import Stat
from core.fs.walk import Whole
from core.plan import guard
from core.plan.disk import Disk, Finding
from core.plan.guard import Broken


class Seen(NamedTuple):
    """A small file as it was and as it will be; nobody has to read it for its facts again.

    `stat` and `is_fixed`: what it was right after it was read. `broken`: how the edit would break the format of the file.
    """

    stat: Stat
    is_fixed: bool
    read_ns: int
    digest: str
    size_after: int
    digest_after: str
    matches: int
    broken: Broken | None


def see(disk: Disk, path: str, origin: str, was: Whole, after: bytes, matches: int, *, guarded: bool) -> Seen | None:
    """Return what there is to know of a file that was read, at `origin`, and of what it becomes, at `path`.

    None where it is no longer the one that was read, or cannot be looked at: whoever settles the file comes to that, too.
    """
    try:
        stat, is_fixed = disk.stat(origin), disk.is_fixed(origin)
    except (Finding, OSError):
        return None
    read = (was.device, was.ino, was.mtime_ns, len(was.content))
    if stat is None or (stat.dev, stat.ino, stat.mtime_ns, stat.size) != read:
        return None
    return Seen(
        stat,
        is_fixed,
        was.read_ns,
        hashlib.sha256(was.content).hexdigest(),
        len(after),
        hashlib.sha256(after).hexdigest(),
        matches,
        guard.broken(path, after, was.content) if guarded else None,
    )
