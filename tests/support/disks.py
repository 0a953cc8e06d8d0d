"""Real file systems on files, whose power can be cut: what was not flushed to the file is gone after that."""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
import subprocess
import time
from pathlib import Path

_SHUTDOWN = 0x8004587D  # FS_IOC_SHUTDOWN, _IOR('X', 125, __u32)
_NO_LOG_FLUSH = 2  # FSOP_GOING_FLAGS_NOLOGFLUSH: not even the log is written
_MAKE = {
    "ext4": ["mkfs.ext4", "-q", "-F"],
    "xfs": ["mkfs.xfs", "-q", "-f"],
}
_SIZE = 320 << 20  # xfs takes no less than 300 MiB


def why_not(kind: str) -> str:
    """Return why there can be no such disk here, "" when there can."""
    if os.geteuid() != 0:
        return "cutting the power of a disk takes root"
    if shutil.which(_MAKE[kind][0]) is None:
        return f"{_MAKE[kind][0]} is not installed"
    if not os.path.exists("/dev/loop-control"):
        return "there are no loop devices here"
    return ""


class Disk:
    """A mounted file system in a file."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.mount = folder / "disk"
        self._image = folder / "image"
        self.mount.mkdir()
        with open(self._image, "wb") as image:
            image.truncate(_SIZE)
        subprocess.run([*_MAKE[kind], str(self._image)], check=True)
        self._attach()

    def settle(self) -> None:
        """Write everything to the disk."""
        os.sync()

    def cut_power(self) -> None:
        """Lose everything that is not on the disk now, and mount it again."""
        self.stop_writing()
        self.mount_again()

    def stop_writing(self) -> None:
        """Cut the power: from now on nothing reaches the disk."""
        handle = os.open(self.mount, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(handle, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(handle)

    def mount_again(self) -> None:
        """Mount it again after a power cut."""
        self._detach()
        self._attach()

    def remove(self) -> None:
        """Unmount it for good."""
        self._detach()
        self._image.unlink()

    def _attach(self) -> None:
        subprocess.run(["mount", "-o", "loop", str(self._image), str(self.mount)], check=True)

    def _detach(self) -> None:
        for attempt in range(50):
            if subprocess.run(["umount", str(self.mount)], capture_output=True).returncode == 0:
                return
            time.sleep(0.02 * attempt)  # somebody on this machine may look at every new mount for a moment
        raise AssertionError(f"{self.mount} cannot be unmounted")
