"""What a new version of a file inherits from the one before: owner, mode, ACL, labels, extended attributes, times.

The order matters: chown clears set-id bits, so the mode comes after it; the ACL travels as an extended attribute and
refines the mode, so it comes last.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable


def copy(source: int, target: int, *, attributes: Callable[[int, int], None], times: bool, owner: bool = True) -> None:
    """Copy metadata between two open files. Times in nanoseconds, only if `times`.

    `attributes` copies the ACL and the extended attributes from one to the other, which every kernel does its own way.

    A file that belongs to somebody else keeps its mode but becomes ours where we may not give files away: the same
    that every editor does, and set-id bits are dropped then, since they would speak for the wrong owner.

    Without `owner` the target's owner and group stay, as they must where a file is written in place: what was staged
    for it may belong to somebody else for want of permission. Its mode stays then, too.
    """
    old = os.fstat(source)
    new = os.fstat(target)
    mode = stat.S_IMODE(old.st_mode)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        if not owner:
            mode = stat.S_IMODE(new.st_mode)
        elif not _give(target, old):
            mode &= ~(stat.S_ISUID | stat.S_ISGID)
    if mode != stat.S_IMODE(new.st_mode):
        os.fchmod(target, mode)
    attributes(source, target)
    if times:
        with contextlib.suppress(PermissionError):  # somebody else's file, into which we may only write
            os.utime(target, ns=(old.st_atime_ns, old.st_mtime_ns))


def _give(target: int, old: os.stat_result) -> bool:
    try:
        os.fchown(target, old.st_uid, old.st_gid)
    except PermissionError:
        try:
            os.fchown(target, -1, old.st_gid)
        except PermissionError:
            return False
        return os.fstat(target).st_uid == old.st_uid
    return True
