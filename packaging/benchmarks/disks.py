"""A disk of a kind, in an image file over a loop device: what `--disks` measures on. Root on Linux only."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.disks import why_no_namespace

_SIZE = 32 << 30  # the images are sparse; ext4 has an inode for 16 KiB, and a million files need one each
_MAKE = {
    "ext4": ("mkfs.ext4", "-q", "-F"),
    "xfs": ("mkfs.xfs", "-q", "-f"),
    "btrfs": ("mkfs.btrfs", "-q", "-f"),
}
KINDS = tuple(_MAKE)


@contextmanager
def disk(kind: str, above: str) -> Iterator[str]:
    """Give the root of a new disk whose image lies in `above`, past the page cache: its syncs are its own."""
    if hindrance := why_no_namespace():
        sys.exit(f"Nothing was measured: {hindrance}.")
    image, root = Path(above, f"{kind}.image"), Path(above, kind)
    with image.open("wb") as file:
        file.truncate(_SIZE)
    root.mkdir()
    subprocess.run([*_MAKE[kind], str(image)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    command = ["losetup", "--direct-io=on", "--find", "--show", str(image)]
    device = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    try:
        subprocess.run(["mount", device, str(root)], check=True)
        try:
            yield str(root)
        finally:
            subprocess.run(["umount", str(root)], check=True)
    finally:
        subprocess.run(["losetup", "--detach", device], check=True)
        image.unlink()
        root.rmdir()
