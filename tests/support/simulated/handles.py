"""Handles, paths and stats of simulated disks: what every verb needs."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass

from core.fs.api import Handle, Kind, Stat
from tests.support.simulated.effects import Entry
from tests.support.simulated.image import ROOT, Image, Inode
from tests.support.simulated.profiles import STRONG, Profile
from tests.support.simulated.storage import Storage

_USER = os.geteuid()
_LINKS_AT_MOST = 40
_NAME_MAX = 255
_BLOCK = 4096


@dataclass(slots=True)
class Opened:
    """An open file or folder. `exclusive`: the lock it holds, None for none."""

    ino: int
    position: int = 0
    is_writable: bool = False
    exclusive: bool | None = None


def error(number: int, name: str = "") -> OSError:
    """Make the error of the system with that number."""
    return OSError(number, os.strerror(number), name)


class Handles:
    """What `SimulatedFileSystem` stands on."""

    def __init__(
        self,
        image: Image,
        profile: Profile = STRONG,
        *,
        now_ns: int = 0,
        exchange: bool = True,
        one_step: bool = True,
        links: bool = True,
        flushes: bool = False,
        boot: int = 0,
    ) -> None:
        self.storage = Storage(image, profile, now_ns)
        self.live = self.storage.live
        self.before: Callable[[str, tuple[object, ...]], None] | None = None
        self.can_exchange = exchange
        self._can_link = links
        self._one_step = one_step
        self._flushes = flushes
        self._boot = boot
        self._open: dict[Handle, Opened] = {}
        self._next = 100

    def _enter(self, verb: str, *arguments: object) -> None:
        if self.before is not None:
            self.before(verb, arguments)

    def _handle(self, ino: int, *, write: bool = False) -> Handle:
        self._next += 1
        self._open[self._next] = Opened(ino, is_writable=write)
        return self._next

    def _names(self, folder: Handle) -> dict[str, int]:
        return self.live.names[self._open[folder].ino]

    def _at(self, folder: Handle, name: str) -> int:
        number = self._names(folder).get(name)
        if number is None:
            raise error(errno.ENOENT, name)
        return number

    def _inode(self, handle: Handle) -> Inode:
        return self.live.inodes[self._open[handle].ino]

    def _demand_free(self, folder: Handle, name: str) -> None:
        if len(os.fsencode(name)) > _NAME_MAX:
            raise error(errno.ENAMETOOLONG, name)
        if name in self._names(folder):
            raise error(errno.EEXIST, name)

    def _stat(self, number: int) -> Stat:
        inode = self.live.inodes[number]
        links = 1
        if inode.kind is Kind.FILE:
            links = sum(list(names.values()).count(number) for names in self.live.names.values())
        return Stat(
            inode.kind,
            number,
            self._boot * 100 + inode.disk,
            len(inode.data),
            inode.mtime_ns,
            inode.mode,
            _USER,
            _USER,
            links,
            _allocated(inode.data),
        )

    def _change(self, *entries: Entry) -> None:
        self.storage.name(self.live.inodes[entries[0].folder].disk, *entries)

    # paths

    def resolve(self, path: str) -> str:
        """Return the path with every symlink followed."""
        found, rest, links = "", [part for part in path.split("/") if part][::-1], 0
        while rest:
            part = rest.pop()
            if part == "..":
                found = found.rpartition("/")[0]
                continue
            number = self.live.find(f"{found}/{part}")
            if number and self.live.inodes[number].kind is Kind.SYMLINK:
                links += 1
                if links > _LINKS_AT_MOST:
                    raise error(errno.ELOOP, path)
                target = os.fsdecode(self.live.inodes[number].data)
                found = "" if target.startswith("/") else found
                rest += [one for one in target.split("/") if one not in ("", ".")][::-1]
            else:
                found = f"{found}/{part}"
        return found or "/"

    def is_symlink(self, path: str) -> bool:
        number = self.live.find(path)
        return bool(number) and self.live.inodes[number].kind is Kind.SYMLINK

    def open_folder(self, path: str) -> Handle:
        self._enter("open_folder", path)
        if not path.startswith("/") or ".." in path.split("/"):
            raise error(errno.EINVAL, path)
        number = ROOT
        for part in path.split("/"):
            if part in ("", "."):
                continue
            if self.live.inodes[number].kind is not Kind.FOLDER:
                raise error(errno.ENOTDIR, path)
            number = self.live.names[number].get(part, 0)
            if not number:
                raise error(errno.ENOENT, path)
        if self.live.inodes[number].kind is not Kind.FOLDER:
            raise error(errno.ENOTDIR, path)
        return self._handle(number)


def _allocated(data: bytes) -> int:
    """Return the bytes that content takes on a disk which keeps no blocks of zeros."""
    if b"\0" not in data:
        return len(data)
    return sum(len(data[at : at + _BLOCK]) for at in range(0, len(data), _BLOCK) if data[at : at + _BLOCK].strip(b"\0"))
