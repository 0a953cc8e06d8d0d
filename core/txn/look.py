"""Looking at names during swap, roll back and recovery: what is there, and is it the thing we know?

And what is done with a version that is to survive beside another one: it gets a name in sight, or a durable copy.
"""

from __future__ import annotations

import errno
import hashlib
from dataclasses import dataclass

from core import names
from core.fs import reading
from core.fs.api import FileSystem, Handle, Kind, Stat
from core.journal import inside, records
from core.journal.records import Identity

# EPERM is also what the kernel says to a link to a file of somebody else's (fs.protected_hardlinks).
NOT_EMPTY = frozenset({errno.ENOTEMPTY, errno.EEXIST})  # what a folder answers that somebody has put something into
NO_LINKS = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV})
_KEEP_ATTEMPTS = 1000
# What opening answers when something that is no regular file has taken the name since it was looked at.
_NO_FILE = frozenset({errno.ENOENT, errno.ELOOP, errno.ENXIO, errno.EINVAL, errno.EISDIR})


@dataclass(slots=True)
class Eyes:
    """Stats and digests of names in open folders."""

    fs: FileSystem

    def at(self, folder: Handle | None, name: str) -> Stat | None:
        """Return the stat of a name, or None where there is nothing (or no folder)."""
        if folder is None:
            return None
        try:
            return self.fs.stat(folder, name)
        except FileNotFoundError:
            return None

    def is_unchanged(self, folder: Handle, name: str, stat: Stat | None, known: Identity | None) -> bool:
        """Whether `name`, whose stat is `stat`, is what is known of it; reads it only where the stat proves nothing."""
        if known is None or stat is None or not records.is_same(stat, known):
            return False
        if stat.kind is Kind.FOLDER:
            return self.holds_the_same(folder, name, known)
        if stat.kind is Kind.FILE and records.is_racy(known):
            return self.digest(folder, name) == known.digest
        return True

    def holds_the_same(self, folder: Handle, name: str, known: Identity) -> bool:
        """Whether all that is in a folder is what was seen in it, where that was looked at: it is to go with it."""
        return not known.digest or inside.digest(self.fs, folder, name, known.read_ns) == known.digest

    def digest(self, folder: Handle, name: str) -> str:
        """Return the SHA-256 of a file, "" when there is none any more.

        What cannot be read says nothing about what it is: too many open files or a disk that stutters must not make
        somebody else's of what is ours.

        Raises:
            OSError: it is there and cannot be read.
        """
        try:
            handle = self.fs.open(folder, name)
        except OSError as error:
            if error.errno not in _NO_FILE:
                raise
            return ""
        try:
            digest = hashlib.sha256()
            for block in reading.blocks(self.fs, handle):
                digest.update(block)
            return digest.hexdigest()
        finally:
            self.fs.close(handle)


def is_one_name(fs: FileSystem, folder: Handle, name: str, to_folder: Handle, to_name: str) -> bool:
    """Whether a step goes nowhere, as only a crafted journal says: the other name of the file is the only one."""
    here, there = fs.fstat(folder), fs.fstat(to_folder)
    return name == to_name and (here.dev, here.ino) == (there.dev, there.ino)


def keep_visibly(fs: FileSystem, folder: Handle, name: str, *, like: str, txn: str) -> str:
    """Rename a side file to a name that a person can find, and return it. Never replaces anything."""
    for attempt in range(1, _KEEP_ATTEMPTS):
        kept = names.visible(like, txn, attempt)
        try:
            fs.rename(folder, name, folder, kept)
        except FileExistsError:
            continue
        return kept
    return name


def copy_durably(fs: FileSystem, folder: Handle, name: str, copy_name: str) -> None:
    """Copy a file to a free name of its folder, with the original's times last: they tell that the copy is whole."""
    source = fs.open(folder, name)
    try:
        copy = fs.create(folder, copy_name, 0o600)
        try:
            fs.copy_content(source, copy)
            fs.copy_metadata(source, copy, times=True)
            fs.sync_file(copy)
        finally:
            fs.close(copy)
    finally:
        fs.close(source)
    fs.sync_folder(folder)
