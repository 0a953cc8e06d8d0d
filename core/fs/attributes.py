"""What else a file has on Linux: extended attributes, where ACLs and security labels travel too, and flags."""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import sys

# Attributes that a file system refuses or that belong to the kernel; losing them is no loss of the user's.
_REFUSED = frozenset({errno.ENOTSUP, errno.EPERM, errno.EACCES, errno.ENODATA, errno.EINVAL})

_FS_IOC_GETFLAGS, _FS_IOC_SETFLAGS = 0x80086601, 0x40086602
# chattr's S, c, d, A, m, j and C (linux/fs.h). Not i and a: what has them cannot be changed at all.
_KEPT_FLAGS = 0x08 | 0x04 | 0x40 | 0x80 | 0x400 | 0x4000 | 0x800000


_NO_FLAGS = bytes(struct.calcsize("i"))


def copy(source: int, target: int) -> None:
    """Give `target` exactly the attributes of `source`, as far as its file system takes them."""
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


def _drop(target: int, name: str) -> None:
    try:
        os.removexattr(target, name)
    except OSError as error:
        if error.errno not in _REFUSED:
            raise


def copy_flags(source: int, target: int) -> None:
    """Copy flags one by one: a file system that lacks one, or a user who may not set it, still gets the others."""
    wanted = _flags(source) & _KEPT_FLAGS
    if not wanted:  # nearly always, and looking at the target costs a call for every file
        return
    present = _flags(target)
    missing = wanted & ~present
    while missing:
        flag = missing & -missing
        missing ^= flag
        try:
            fcntl.ioctl(target, _FS_IOC_SETFLAGS, struct.pack("i", present | flag))
        except OSError:
            continue
        present |= flag


def _flags(handle: int) -> int:
    try:
        return int.from_bytes(fcntl.ioctl(handle, _FS_IOC_GETFLAGS, _NO_FLAGS), sys.byteorder)
    except OSError:  # a file system without flags
        return 0
