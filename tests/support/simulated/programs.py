"""Other programs on simulated disks: they write past the engine, and whenever they like."""

from __future__ import annotations

from core.fs.api import Kind
from tests.support.simulated.effects import Entry
from tests.support.simulated.filesystem import SimulatedFileSystem

_DRAFT = "draft of another program"


def save_in_place(fs: SimulatedFileSystem, path: str, data: bytes) -> None:
    """Empty a file and write into it, as `open(path, "w")` does; the file is made where it is missing."""
    ino = fs.live.find(path)
    if not ino:
        ino = _make(fs, path)
    fs.storage.truncate(ino, 0)
    fs.storage.write(ino, 0, data)


def save_by_renaming(fs: SimulatedFileSystem, path: str, data: bytes) -> None:
    """Write a new file and rename it over the old one, as editors do."""
    folder, _, name = path.rpartition("/")
    ino = _make(fs, f"{folder}/{_DRAFT}")
    fs.storage.write(ino, 0, data)
    above = fs.live.find(folder)
    old = fs.live.find(path)
    fs.storage.name(fs.live.inodes[above].disk, Entry(above, name, old, ino), Entry(above, _DRAFT, ino, 0))


def take_away(fs: SimulatedFileSystem, path: str, data: bytes) -> None:
    """Rename a file to a name of one's own, and leave new content under it."""
    folder, _, name = path.rpartition("/")
    above, ino = fs.live.find(folder), fs.live.find(path)
    if ino:
        disk = fs.live.inodes[above].disk
        fs.storage.name(disk, Entry(above, "mine", 0, ino), Entry(above, name, ino, 0))
    save_in_place(fs, path, data)


def save_unnoticed(fs: SimulatedFileSystem, path: str, data: bytes) -> None:
    """Write into a file so that neither size nor time tell: as many bytes, within one tick of the clock."""
    ino = fs.live.find(path)
    if ino:
        size = len(fs.live.inodes[ino].data)
        fs.storage.write(ino, 0, data.ljust(size, b".")[:size])


def save_if_free(fs: SimulatedFileSystem, path: str, data: bytes) -> None:
    """Make a file where there is none."""
    if not fs.live.find(path):
        save_in_place(fs, path, data)


def _make(fs: SimulatedFileSystem, path: str) -> int:
    folder, _, name = path.rpartition("/")
    above = fs.live.find(folder)
    disk = fs.live.inodes[above].disk
    ino = fs.storage.new(Kind.FILE, disk, 0o644)
    fs.storage.name(disk, Entry(above, name, 0, ino))
    return ino
