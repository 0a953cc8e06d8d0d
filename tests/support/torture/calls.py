"""The system calls that change or sync files, and what each is about. Numbers are those of Linux on x86-64.

Not among them: memory that is mapped to a file and written to, and io_uring. No subject uses either.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from tests.support.torture import ptrace
from tests.support.torture.ptrace import Registers

_HERE = -100  # AT_FDCWD
_CLONES = (0x40049409, 0x4020940D)  # FICLONE, FICLONERANGE


@dataclass(frozen=True)
class Shape:
    """Which arguments of a call are descriptors, which (descriptor, path) or (None, path), and which is a length.

    `flags` is the argument that decides whether an open creates or empties; for openat2 the address of it.
    """

    name: str
    descriptors: tuple[int, ...] = ()
    paths: tuple[tuple[int | None, int], ...] = ()
    length: int | None = None
    flags: int | None = None


def _path(name: str, *indices: int) -> Shape:
    return Shape(name, paths=tuple((None, one) for one in indices))


def _at(name: str, *indices: int) -> Shape:
    return Shape(name, paths=tuple((one, one + 1) for one in indices))


def _descriptor(name: str, index: int = 0, length: int | None = None) -> Shape:
    return Shape(name, descriptors=(index,), length=length)


SHAPES: dict[int, Shape] = {
    1: _descriptor("write", length=2),
    2: Shape("open", paths=((None, 0),), flags=1),
    16: _descriptor("ioctl"),
    18: _descriptor("pwrite64", length=2),
    20: _descriptor("writev"),
    40: _descriptor("sendfile", length=3),
    74: _descriptor("fsync"),
    75: _descriptor("fdatasync"),
    76: _path("truncate", 0),
    77: _descriptor("ftruncate"),
    82: _path("rename", 0, 1),
    83: _path("mkdir", 0),
    84: _path("rmdir", 0),
    85: _path("creat", 0),
    86: _path("link", 0, 1),
    87: _path("unlink", 0),
    88: _path("symlink", 1),
    90: _path("chmod", 0),
    91: _descriptor("fchmod"),
    92: _path("chown", 0),
    93: _descriptor("fchown"),
    94: _path("lchown", 0),
    188: _path("setxattr", 0),
    189: _path("lsetxattr", 0),
    190: _descriptor("fsetxattr"),
    197: _path("removexattr", 0),
    199: _descriptor("fremovexattr"),
    257: Shape("openat", paths=((0, 1),), flags=2),
    258: _at("mkdirat", 0),
    259: _at("mknodat", 0),
    260: _at("fchownat", 0),
    263: _at("unlinkat", 0),
    264: _at("renameat", 0, 2),
    265: _at("linkat", 0, 2),
    266: _at("symlinkat", 1),
    268: _at("fchmodat", 0),
    275: _descriptor("splice", 2),
    277: _descriptor("sync_file_range"),
    280: _at("utimensat", 0),
    285: _descriptor("fallocate"),
    295: _descriptor("pwritev"),
    306: _descriptor("syncfs"),
    316: _at("renameat2", 0, 2),
    326: _descriptor("copy_file_range", 2, length=4),
    328: _descriptor("pwritev2"),
    437: Shape("openat2", paths=((0, 1),), flags=2),
    452: _at("fchmodat2", 0),
}


def changes(process: int, shape: Shape, registers: Registers) -> bool:
    """Whether this call changes anything, as far as its arguments tell: an open may only look."""
    if shape.name == "ioctl":
        return registers.argument(1) in _CLONES
    if shape.flags is None:
        return True
    flags = registers.argument(shape.flags)
    if shape.name == "openat2":
        flags = int.from_bytes(ptrace.read(process, flags, 8), "little")
    return bool(flags & (os.O_CREAT | os.O_TRUNC))


def touched(process: int, shape: Shape, registers: Registers) -> list[str]:
    """Return the absolute paths a call is about, symlinks not followed."""
    found = [_of_descriptor(process, registers.argument(index)) for index in shape.descriptors]
    for folder, index in shape.paths:
        start = _of_descriptor(process, _HERE if folder is None else registers.argument(folder))
        raw, _, _ = ptrace.read(process, registers.argument(index), 4096).partition(b"\0")
        found.append(os.path.normpath(os.path.join(start, os.fsdecode(raw))))
    return found


def _of_descriptor(process: int, number: int) -> str:
    signed = number & 0xFFFFFFFF
    link = "cwd" if signed == _HERE & 0xFFFFFFFF else f"fd/{signed}"
    try:
        return os.readlink(f"/proc/{process}/{link}")
    except OSError:
        return ""
