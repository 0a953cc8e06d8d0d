"""What Linux tells of overlays: stacks of layers that look like one file system, as the root of a container is.

All of it is asked of the kernel, and nothing is tried out: whether a folder lies in the upper layer alone, and so can be
renamed as a whole (what a lower layer has would have to be copied, and the kernel refuses that), and whether inode
numbers last (they do where all layers are on one disk, or where the kernel makes them up from both).
"""

from __future__ import annotations

import ctypes
import os
import stat as modes
import struct
from itertools import islice

NAME = "overlay"
_AT_HANDLE_FID = 0x200  # since Linux 6.5: a handle to tell files apart by, not to open them
_HANDLE_TYPE = 0xF8  # OVL_FILEID_V1, fs/overlayfs/overlayfs.h, which has the rest as well
_HANDLE_SIZE = 128
_HEAD = struct.Struct("=Ii")  # size and type of a handle, before its data
_MAGIC_AT, _FLAGS_AT = 4, 6
_MAGIC = 0xFB
_UPPER = 4
_LOOKED_AT = 64

_libc = ctypes.CDLL(None, use_errno=True)


def may_be_renamed(folder: int, name: str) -> bool:
    """Whether a folder in an open folder of an overlay can be renamed as a whole; True where the kernel does not say."""
    handle, mount = ctypes.create_string_buffer(_HEAD.size + _HANDLE_SIZE), ctypes.c_int()  # struct file_handle
    _HEAD.pack_into(handle, 0, _HANDLE_SIZE, 0)
    ask = getattr(_libc, "name_to_handle_at", None)
    if ask is None or ask(folder, os.fsencode(name), handle, ctypes.byref(mount), _AT_HANDLE_FID) != 0:
        return True
    data = handle.raw[_HEAD.size :]
    if _HEAD.unpack_from(handle)[1] != _HANDLE_TYPE or data[_MAGIC_AT] != _MAGIC:
        return True
    return bool(data[_FLAGS_AT] & _UPPER) or _redirects(os.fstat(folder).st_dev)


def keeps_inodes(handle: int, raw: os.stat_result) -> bool:
    """Whether the inode number in a stat lasts; `handle` is the open folder that it is in, or itself.

    Where numbers do not last, files have a device of their own for each layer, and folders have that of the overlay. So a
    folder tells by the files in it.
    """
    here = os.fstat(handle)
    if not modes.S_ISDIR(raw.st_mode):
        return raw.st_dev == here.st_dev if modes.S_ISDIR(here.st_mode) else raw.st_dev in _mounted()
    own = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=handle)  # with a position of its own
    try:
        with os.scandir(own) as entries:
            files = (one for one in islice(entries, _LOOKED_AT) if not one.is_dir(follow_symlinks=False))
            return any(one.stat(follow_symlinks=False).st_dev == here.st_dev for one in files)
    finally:
        os.close(own)


def _redirects(device: int) -> bool:
    """Whether an overlay notes where a folder was before, so that any can be renamed."""
    for option in _mounted().get(device, "").split(","):
        if option.startswith("redirect_dir="):
            return option == "redirect_dir=on"
    try:
        with open("/sys/module/overlay/parameters/redirect_dir", encoding="ascii") as file:
            return file.read().strip() == "Y"
    except OSError:
        return False


def _mounted() -> dict[int, str]:
    """Return the options of every overlay that this process sees, by device."""
    found: dict[int, str] = {}
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
            for line in file:
                fields, _, told = line.partition(" - ")
                type_, _, options = told.split(" ", 2)
                if type_ == NAME:
                    major, minor = fields.split(" ")[2].split(":")
                    found[os.makedev(int(major), int(minor))] = options.strip()
    except OSError:
        return {}
    return found
