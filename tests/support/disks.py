"""Disks that can lose power: file systems in image files, mounted over loop devices, for root on Linux.

The cut is the kernel's own: the shutdown ioctl without a log flush stops a mounted file system at once. Nothing in
memory, neither data nor the log, reaches the image any more, as when the plug is pulled. What it cannot show is a
device that loses what it has already acknowledged.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import struct
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SHUTDOWN = 0x8004587D  # FS_IOC_SHUTDOWN, _IOR('X', 125, __u32); ext4 and xfs share it
_NO_LOG_FLUSH = 2
_CLONE_NEWNS = 0x00020000

# mkfs.xfs makes nothing smaller than 300 MiB. The images are sparse.
_SIZES = {"ext4": 64 << 20, "xfs": 320 << 20}
_MAKE = {"ext4": ["mkfs.ext4", "-q", "-F"], "xfs": ["mkfs.xfs", "-q", "-f"]}
# The kernel's own write-back every few seconds would blur what the engine has synced and what not.
_OPTIONS = {"ext4": "loop,commit=300", "xfs": "loop"}


def hindrance(kind: str) -> str:
    """Say why there can be no such disk here; "" where there can."""
    if os.geteuid() != 0:
        return "only root may mount a disk"
    if shutil.which(_MAKE[kind][0]) is None:
        return f"{_MAKE[kind][0]} is not installed"
    if not os.path.exists("/dev/loop-control"):
        return "there are no loop devices"
    return _why_no_namespace()


@cache
def _why_no_namespace() -> str:
    """Give this process mounts of its own, so that none is left when the tests are killed; "" when that worked."""
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNS) != 0:
        return f"no mounts of one's own: {os.strerror(ctypes.get_errno())}"
    private = subprocess.run(["mount", "--make-rprivate", "/"], capture_output=True, text=True)
    return private.stderr.strip()


@dataclass
class Disk:
    """A mounted file system of a kind ("ext4", "xfs") at `path`."""

    kind: str
    image: Path
    path: Path

    @classmethod
    def make(cls, kind: str, folder: Path, name: str) -> Disk:
        """Make and mount an empty disk whose image lies in `folder`."""
        image, path = folder / f"{name}.image", folder / name
        with open(image, "wb") as file:
            file.truncate(_SIZES[kind])
        subprocess.run([*_MAKE[kind], str(image)], check=True, capture_output=True)
        path.mkdir()
        disk = cls(kind, image, path)
        disk.mount()
        return disk

    def mount(self) -> None:
        subprocess.run(["mount", "-o", _OPTIONS[self.kind], self.image, self.path], check=True)

    def unmount(self) -> None:
        subprocess.run(["umount", self.path], check=True)

    def sync(self) -> None:
        """Make durable what is on the disk now."""
        subprocess.run(["sync", "--file-system", self.path], check=True)

    def cut(self) -> None:
        """Take the power away. From here on every write fails."""
        handle = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(handle)

    def restart(self) -> None:
        """Give the power back: the file system replays its log."""
        self.unmount()
        self.mount()

    def remove(self) -> None:
        """Unmount; what was cut off as well."""
        with suppress(subprocess.CalledProcessError):
            self.unmount()


def die_without_power(disks: list[Disk]) -> None:
    """Cut all disks, and let this process end with them."""
    for disk in disks:
        disk.cut()
    os.kill(os.getpid(), signal.SIGKILL)
