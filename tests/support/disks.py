"""Disks that can be mistreated: file systems in image files, mounted over loop devices, for root on Linux.

A power cut is the kernel's own where it has one: the shutdown ioctl without a log flush stops a mounted ext4 or xfs at
once. Nothing in memory, neither data nor the log, reaches the image any more, as when the plug is pulled. btrfs has no
such call: there the image is copied while the writing process is held, and the copy is mounted afterwards. What neither
can show is a device that loses what it has already acknowledged.
"""

from __future__ import annotations

import ctypes
import errno
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
_WRITE_AND_WAIT = 7  # SYNC_FILE_RANGE_WAIT_BEFORE | _WRITE | _WAIT_AFTER: data alone, no names and no log

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Format:
    """How disks of a kind are made and mounted. `size` in bytes; the images are sparse."""

    size: int
    make: tuple[str, ...]
    options: str


# The kernel's own write-back every few seconds would blur what the engine has synced and what not.
_EXT4 = ("mkfs.ext4", "-q", "-F", "-J", "size=4")
FORMATS = {
    "ext4": Format(24 << 20, _EXT4, "commit=300"),
    "ext4, data=writeback, no barriers": Format(24 << 20, _EXT4, "commit=300,data=writeback,nobarrier"),
    "xfs": Format(320 << 20, ("mkfs.xfs", "-q", "-f"), "relatime"),  # mkfs makes nothing smaller than 300 MiB
    "btrfs": Format(64 << 20, ("mkfs.btrfs", "-q", "-f", "-M"), "commit=300"),
}


def hindrance(kind: str) -> str:
    """Say why there can be no such disk here; "" where there can."""
    maker = FORMATS[kind].make[0]
    if os.geteuid() != 0:
        return "only root may mount a disk"
    if shutil.which(maker) is None:
        return f"{maker} is not installed"
    if not os.path.exists("/dev/loop-control"):
        return "there are no loop devices"
    type_ = maker.removeprefix("mkfs.")
    if (
        type_ not in Path("/proc/filesystems").read_text().split()
        and subprocess.run(["modprobe", "-q", type_]).returncode
    ):
        return f"this kernel has no {type_}"
    return why_no_namespace()


@cache
def why_no_namespace() -> str:
    """Give this process mounts of its own, so that none is left when the tests are killed; "" when that worked."""
    if _libc.unshare(_CLONE_NEWNS) != 0:
        return f"no mounts of one's own: {os.strerror(ctypes.get_errno())}"
    private = subprocess.run(["mount", "--make-rprivate", "/"], capture_output=True, text=True)
    return private.stderr.strip()


@dataclass
class Disk:
    """A mounted file system of a kind (see `FORMATS`) at `path`."""

    kind: str
    image: Path
    path: Path

    @classmethod
    def make(cls, kind: str, folder: Path, name: str) -> Disk:
        """Make and mount an empty disk whose image lies in `folder`."""
        image, path = folder / f"{name}.image", folder / name
        with open(image, "wb") as file:
            file.truncate(FORMATS[kind].size)
        subprocess.run([*FORMATS[kind].make, str(image)], check=True, capture_output=True)
        path.mkdir()
        disk = cls(kind, image, path)
        disk.mount()
        return disk

    def mount(self, options: str = "") -> None:
        chosen = ",".join(part for part in ("loop", FORMATS[self.kind].options, options) if part)
        subprocess.run(["mount", "-o", chosen, self.image, self.path], check=True)

    def unmount(self) -> None:
        subprocess.run(["umount", self.path], check=True)

    def remove(self) -> None:
        """Unmount; what was cut off as well."""
        with suppress(subprocess.CalledProcessError):
            self.unmount()

    # what is on it, once for all trials

    @property
    def _master(self) -> Path:
        return self.image.with_suffix(".master")

    def keep(self) -> None:
        """Keep what is on the disk now for `renew`."""
        self.unmount()
        subprocess.run(["cp", "--sparse=always", self.image, self._master], check=True)
        self.mount()

    def renew(self) -> None:
        """Bring back what `keep` kept, whatever has become of the disk since."""
        self.unmount()
        copy_sparse(self._master, self.image)
        self.mount()

    # making things durable

    def sync(self) -> None:
        """Make durable what is on the disk now."""
        handle = os.open(self.path, os.O_RDONLY)
        try:
            if _libc.syncfs(handle) != 0:
                raise OSError(ctypes.get_errno(), "syncfs", str(self.path))
        finally:
            os.close(handle)

    def sync_data(self) -> None:
        """Write out the content of all files, but neither names nor the log: what write-back does in its own time."""
        for folder, _, names in os.walk(self.path):
            for name in names:
                with suppress(OSError):
                    handle = os.open(os.path.join(folder, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                    _libc.sync_file_range(handle, ctypes.c_int64(0), ctypes.c_int64(0), _WRITE_AND_WAIT)
                    os.close(handle)

    # harm

    @property
    def _snapshot(self) -> Path:
        return self.image.with_suffix(".cut")

    def cut(self) -> None:
        """Take the power away. From here on nothing reaches the disk."""
        if self.kind == "btrfs":
            copy_sparse(self.image, self._snapshot)
            return
        handle = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(handle)

    def restart(self) -> None:
        """Give the power back: the file system replays its log."""
        self.unmount()
        if self._snapshot.exists():
            self._snapshot.replace(self.image)
        self.mount()

    def remount(self, option: str) -> bool:
        """Remount with an option ("ro", "abort"); False when the kernel refuses because a file is open for writing."""
        done = subprocess.run(["mount", "-o", f"remount,{option}", self.path], capture_output=True)
        return done.returncode == 0

    def fill(self, left: int) -> None:
        """Fill the disk up to so many bytes, as far as its file system lets one aim."""
        space = os.statvfs(self.path)
        handle = os.open(self.path / "filler", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            _fill(handle, space.f_bfree * space.f_frsize - left, space.f_frsize)
        finally:
            os.close(handle)

    def empty(self) -> None:
        """Give the space back."""
        (self.path / "filler").unlink(missing_ok=True)


def _fill(handle: int, size: int, block: int) -> None:
    """Reserve up to `size` bytes: what the file system needs for itself may make it less."""
    offset, step = 0, max(size, 0)
    while step >= block and offset < size:
        try:
            os.posix_fallocate(handle, offset, min(step, size - offset))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            step //= 2
            continue
        offset += min(step, size - offset)


def copy_sparse(source: Path, target: Path) -> None:
    """Copy what is not a hole."""
    with open(source, "rb") as reader, open(target, "wb") as writer:
        size = os.fstat(reader.fileno()).st_size
        writer.truncate(size)
        offset = 0
        while offset < size:
            try:
                begin = os.lseek(reader.fileno(), offset, os.SEEK_DATA)
            except OSError:  # only a hole is left
                return
            offset = os.lseek(reader.fileno(), begin, os.SEEK_HOLE)
            os.lseek(writer.fileno(), begin, os.SEEK_SET)
            while begin < offset:
                begin += os.sendfile(writer.fileno(), reader.fileno(), begin, offset - begin)


def die_without_power(disks: list[Disk]) -> None:
    """Cut all disks, and let this process end with them."""
    for disk in disks:
        disk.cut()
    os.kill(os.getpid(), signal.SIGKILL)
