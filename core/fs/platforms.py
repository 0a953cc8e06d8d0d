"""What can honestly be promised on each platform, as values: `doctor` has the words.

A platform's entry says what its *best* file system gives; a place may give less (FAT has no hard links, a server
promises what it promises), which only a probe of the place can tell. Linux was tried on real machines, by kills and by
power cuts; the others were written from documentation.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum

from core.fs.abilities import Level


class FolderFlush(StrEnum):
    """What makes a change of names durable."""

    SYNCED = "synced"  # every folder, before the commit record
    WRITTEN_THROUGH = "written_through"  # renames, one by one, as NTFS documents it; new names and removals not
    # so that a batch that was committed may, after a power cut, show some names as before.


class FolderLock(StrEnum):
    """What keeps two engines out of one folder."""

    KERNEL = "kernel"
    NONE = "none"  # only a common state directory does


class Metadata(StrEnum):
    """What a new version of a file inherits."""

    ALL = "all"  # owner, mode, ACL, labels, extended attributes, times
    ATTRIBUTES_AND_TIMES = "attributes_and_times"  # ACLs come from the folder, streams stay behind


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform. `verified`: whether all of this was tried on real machines, or only read about.

    `level`: how an edit swaps old and new on its best file system.
    """

    name: str
    verified: bool
    level: Level
    folder_flush: FolderFlush
    folder_lock: FolderLock
    metadata: Metadata


LINUX = Platform(
    "Linux",
    True,
    Level.EXCHANGE,
    FolderFlush.SYNCED,
    FolderLock.KERNEL,
    Metadata.ALL,
)
MACOS = Platform(
    "macOS",
    False,
    Level.EXCHANGE,
    FolderFlush.SYNCED,
    FolderLock.KERNEL,
    Metadata.ALL,
)
WINDOWS = Platform(
    "Windows",
    False,
    Level.LINK,
    FolderFlush.WRITTEN_THROUGH,
    FolderLock.NONE,
    Metadata.ATTRIBUTES_AND_TIMES,
)
_BY_NAME = {"darwin": MACOS, "win32": WINDOWS}


def platform(name: str = sys.platform) -> Platform:
    """Return what is promised here, or on the platform that Python calls so."""
    return _BY_NAME.get(name, LINUX)
