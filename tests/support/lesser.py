"""Kinds of places whose abilities differ: what can be mounted here, and mounted again between a crash and its recovery."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.api import Level
from tests.support import disks, fuse


@dataclass(frozen=True)
class Kind:
    """`mount` (folder that keeps everything, mount point) mounts for the body; `hindrance` says why it cannot, or ""."""

    name: str
    level: Level
    hindrance: Callable[[], str]
    mount: Callable[[Path, Path], AbstractContextManager[None]]

    def __str__(self) -> str:
        return self.name


@contextmanager
def _mounted(point: Path, *command: str | Path) -> Iterator[None]:
    subprocess.run(command, check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", point], check=True)


def _overlay(folder: Path, point: Path) -> AbstractContextManager[None]:
    for layer in ("lower", "upper", "work"):
        (folder / layer).mkdir(exist_ok=True)
    layers = f"lowerdir={folder}/lower,upperdir={folder}/upper,workdir={folder}/work"
    return _mounted(point, "mount", "-t", "overlay", "overlay", "-o", layers, point)


def _bindfs(folder: Path, point: Path) -> AbstractContextManager[None]:
    return _mounted(point, "bindfs", folder, point)


def _no_mounts() -> str:
    return disks.hindrance("ext4")


def _no_bindfs() -> str:
    if shutil.which("bindfs") is None:
        return "bindfs is not installed"
    return "" if os.access("/dev/fuse", os.W_OK) else "there is no /dev/fuse"


KINDS = (
    Kind("overlay", Level.EXCHANGE, _no_mounts, _overlay),
    Kind("FUSE without exchange", Level.LINK, _no_bindfs, _bindfs),
    Kind(
        "FUSE that ignores flags and renumbers files",
        Level.LINK,
        fuse.hindrance,
        lambda folder, point: fuse.mounted(folder, point, links=True),
    ),
    Kind(
        "FUSE without hard links",
        Level.COPY,
        fuse.hindrance,
        lambda folder, point: fuse.mounted(folder, point, links=False),
    ),
)
