"""What a new version of a file inherits from the one before: owner, mode, ACL, labels, extended attributes, times.

The order matters: chown clears set-id bits, so the mode comes after it; the ACL travels as an extended attribute and
refines the mode, so it comes last.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat

# Attributes that a file system refuses or that belong to the kernel; losing them is no loss of the user's.
_REFUSED = frozenset({errno.ENOTSUP, errno.EPERM, errno.EACCES, errno.ENODATA, errno.EINVAL})


def copy(source: int, target: int, *, times: bool) -> None:
    """Copy metadata between two open files. Times in nanoseconds, only if `times`.

    A file that belongs to somebody else keeps its mode but becomes ours where we may not give files away: the same
    that every editor does, and set-id bits are dropped then, since they would speak for the wrong owner.
    """
    old = os.fstat(source)
    new = os.fstat(target)
    mode = stat.S_IMODE(old.st_mode)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid) and not _give(target, old):
        mode &= ~(stat.S_ISUID | stat.S_ISGID)
    if mode != stat.S_IMODE(new.st_mode):
        os.fchmod(target, mode)
    _copy_attributes(source, target)
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


def _drop(target: int, name: str) -> None:
    try:
        os.removexattr(target, name)
    except OSError as error:
        if error.errno not in _REFUSED:
            raise


def _copy_attributes(source: int, target: int) -> None:
    try:
        names = os.listxattr(source)
    except OSError as error:
        if error.errno in _REFUSED:
            return
        raise
    for name in os.listxattr(target):  # an ACL that the folder gives to new files would let others in
        if name not in names:
            _drop(target, name)
    for name in names:
        try:
            os.setxattr(target, name, os.getxattr(source, name))
        except OSError as error:
            if error.errno not in _REFUSED:
                raise
