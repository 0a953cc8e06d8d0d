"""What the disk lets one do to what is there: remove a whole folder, write into a file. `tree` is about names."""

from __future__ import annotations

import errno

from core.errors import ProblemCode
from core.fs import places
from core.fs.api import FileSystem, Handle, Kind, Stat
from core.plan import render
from core.plan.disk import Disk, Finding
from core.plan.node import Node

_SET_ID = 0o6000
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def demand_writable(fs: FileSystem, path: str, stat: Stat) -> None:
    """Raise a finding if a file cannot be written in place, or not without losing what nobody could give back to it."""
    try:
        fs.close(render.open_file(fs, path, write=True))
    except OSError as error:
        if error.errno not in _FORBIDDEN:
            raise
        raise Finding(ProblemCode.UNWRITABLE, path) from error
    if stat.mode & _SET_ID and not places.may_own(stat.uid, stat.gid):  # writing clears set-id bits
        raise Finding(ProblemCode.UNWRITABLE, path)


def demand_whole(disk: Disk, path: str, node: Node) -> None:
    """Raise a finding for a folder that cannot be renamed, which is how one moves and how one is deleted."""
    if node.kind is Kind.FOLDER and node.origin and disk.is_layered(node.origin):
        raise Finding(ProblemCode.LAYERED, path)


def demand_removable(disk: Disk, path: str, node: Node) -> None:
    """Raise a finding if a folder that is to be deleted cannot be, or something below it."""
    if not node.origin:
        return
    demand_whole(disk, path, node)
    handle = disk.fs.open_folder(node.origin)
    try:
        _look(disk.fs, handle, node.origin, disk.fs.fstat(handle).dev)
    finally:
        disk.fs.close(handle)


def _look(fs: FileSystem, handle: Handle, folder: str, dev: int) -> None:
    if fs.fstat(handle).dev != dev:
        raise Finding(ProblemCode.MOUNT_POINT, folder)
    if not fs.may_write(handle):
        raise Finding(ProblemCode.UNWRITABLE, folder)
    for name in fs.list(handle):
        if fs.stat(handle, name).kind is Kind.FOLDER:
            inner = fs.open_subfolder(handle, name)
            try:
                _look(fs, inner, f"{folder}/{name}", dev)
            finally:
                fs.close(inner)
