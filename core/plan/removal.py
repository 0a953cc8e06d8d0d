"""Whether a whole folder can be deleted: a look at the disk alone, while `tree` is about names."""

from __future__ import annotations

from core.errors import ProblemCode
from core.fs.api import FileSystem, Handle, Kind
from core.plan.disk import Finding


def demand_removable(fs: FileSystem, folder: str) -> None:
    """Raise a finding if something below a folder that is to be deleted cannot be removed."""
    handle = fs.open_folder(folder)
    try:
        _look(fs, handle, folder, fs.fstat(handle).dev)
    finally:
        fs.close(handle)


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
