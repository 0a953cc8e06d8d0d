"""What can honestly be promised on each platform, as values: `doctor` has the words.

A platform's entry says what its *best* file system gives; a place may give less (FAT has no hard links, a server
promises what it promises), which only a probe of the place can tell. Linux was tried on real machines, by kills and by
power cuts; the others were written from documentation.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum


class Exchange(StrEnum):
    """How an edit swaps old and new."""

    ONE_STEP = "one_step"  # nobody's save can be lost
    LINK_AND_REPLACE = "link_and_replace"  # a save in the moment between look and rename is lost


class FreeName(StrEnum):
    """How a name that must be free is taken."""

    BY_KERNEL = "by_kernel"


class Flush(StrEnum):
    """How far a flush of a file goes."""

    TO_THE_DRIVE = "to_the_drive"  # and through its cache, if it does as it is told


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
    """One platform. `verified`: whether all of this was tried on real machines, or only read about."""

    name: str
    verified: bool
    exchange: Exchange
    free_name: FreeName
    flush: Flush
    folder_flush: FolderFlush
    folder_lock: FolderLock
    metadata: Metadata


LINUX = Platform(
    "Linux",
    True,
    Exchange.ONE_STEP,
    FreeName.BY_KERNEL,
    Flush.TO_THE_DRIVE,
    FolderFlush.SYNCED,
    FolderLock.KERNEL,
    Metadata.ALL,
)
MACOS = Platform(
    "macOS",
    False,
    Exchange.ONE_STEP,
    FreeName.BY_KERNEL,
    Flush.TO_THE_DRIVE,
    FolderFlush.SYNCED,
    FolderLock.KERNEL,
    Metadata.ALL,
)
WINDOWS = Platform(
    "Windows",
    False,
    Exchange.LINK_AND_REPLACE,
    FreeName.BY_KERNEL,
    Flush.TO_THE_DRIVE,
    FolderFlush.WRITTEN_THROUGH,
    FolderLock.NONE,
    Metadata.ATTRIBUTES_AND_TIMES,
)
_BY_NAME = {"darwin": MACOS, "win32": WINDOWS}


def platform(name: str = sys.platform) -> Platform:
    """Return what is promised here, or on the platform that Python calls so."""
    return _BY_NAME.get(name, LINUX)
