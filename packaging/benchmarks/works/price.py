"""What each safety costs: the same commit without it. Nobody can switch these off; the benchmark takes them out of the code.

The calls alone are those that the protocol makes for each file, in a loop that does nothing else, with the disk flushed
beside it: what an engine would take that had no journal, no digests and no code of its own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from harness import Clock, Row, Settings, Way, compare, interleave, sync

from core.content import digest
from core.fs import linux
from works import batch, commit

NO_DIGESTS = "the same without digests of what is written"
NO_METADATA = "the same without owner, mode, flags and attributes"
CALLS = "the calls of the protocol alone, in a loop"


class _First:
    """Takes no digest: the first bytes are enough to tell these files from one another."""

    def __init__(self) -> None:
        self._first = b""

    def update(self, block: bytes) -> None:
        self._first = self._first or block[:32]

    def hexdigest(self) -> str:
        return self._first.hex()


@contextmanager
def _no_digests() -> Iterator[None]:
    with mock.patch.object(digest.hashlib, "sha256", _First):
        yield


@contextmanager
def _no_metadata() -> Iterator[None]:
    def nothing(self: object, source: int, target: int, **_: object) -> None:
        pass

    with (
        mock.patch.object(linux.LinuxFileSystem, "copy_metadata", nothing),
        mock.patch.object(linux.LinuxFileSystem, "copy_flags", nothing),
    ):
        yield


def without_digests(folder: str, settings: Settings) -> float:
    """Plan and apply without a digest of new content."""
    with _no_digests():
        return commit.told(folder, settings)


def without_metadata(folder: str, settings: Settings) -> float:
    """Apply without what files inherit."""
    with _no_metadata():
        return commit.told(folder, settings)


def calls(folder: str, settings: Settings) -> float:
    """Stage every file, sync, exchange and look, and sync again."""
    batch.make_files(folder, settings)
    paths = [batch.path(folder, number) for number in range(settings.files)]
    clock = Clock()
    stopped = threading.Event()
    flushing = threading.Thread(target=_flush_beside, args=(folder, stopped))
    flushing.start()
    folders = {path: os.open(path, os.O_RDONLY) for path in dict.fromkeys(map(os.path.dirname, paths))}
    for number, path in enumerate(paths):
        _stage(folders[os.path.dirname(path)], os.path.basename(path), batch.content(number, settings, "new"))
    stopped.set()
    flushing.join()
    sync(folder)
    for path in paths:
        place, name = folders[os.path.dirname(path)], os.path.basename(path)
        linux.renameat2(place, f".{name}", place, name, linux.RENAME_EXCHANGE)
        os.stat(f".{name}", dir_fd=place, follow_symlinks=False)
    sync(folder)
    seconds = clock()
    for handle in folders.values():
        os.close(handle)
    return seconds


def _flush_beside(folder: str, stopped: threading.Event) -> None:
    while not stopped.wait(0.1):
        sync(folder)


def _stage(folder: int, name: str, data: bytes) -> None:
    donor = os.open(name, os.O_RDONLY, dir_fd=folder)
    old = os.fstat(donor)
    handle = os.open(f".{name}", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder)
    os.write(handle, data)
    os.fchmod(handle, old.st_mode & 0o7777)
    os.listxattr(donor)
    os.fstat(donor)
    os.close(handle)
    os.close(donor)
    os.stat(f".{name}", dir_fd=folder, follow_symlinks=False)


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratios to the floor."""
    ways = [
        Way(commit.FLOOR, commit.floor),
        Way(CALLS, calls),
        Way(commit.TOLD, commit.told),
        Way(NO_DIGESTS, without_digests),
        Way(NO_METADATA, without_metadata),
    ]
    found = interleave(ways, settings)
    yield compare(found, CALLS, commit.FLOOR)
    yield compare(found, NO_DIGESTS, commit.TOLD)
    yield compare(found, NO_METADATA, commit.TOLD)
