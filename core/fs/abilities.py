"""What a type of file system is known to be able to do, and the guarantee level that follows.

The kernels' sources and manuals say it of each type; what they leave to a server or to a program (NFS, SMB, FUSE) is
not known before it is tried.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """How new content takes the place of old. Each but the first leaves a window, which `app.promise_texts` names."""

    EXCHANGE = "exchange"  # both names change places in one step, and what came out is verified
    LINK = "link"  # a second name holds the original, then a rename replaces it
    COPY = "copy"  # a durable copy holds the original, then a rename replaces it
    IN_PLACE = "in_place"  # a durable copy holds the original, then the new content is written into the file
    UNKNOWN = "unknown"  # the first of those above that works when it is tried


class Abilities(NamedTuple):
    """None: not known before it is tried. `folder_sync`: an fsync of a folder makes the names in it durable."""

    exchange: bool | None
    links: bool | None
    folder_sync: bool | None

    @property
    def level(self) -> Level:
        """The guarantee level of a folder with these abilities."""
        if self.exchange is None:
            return Level.UNKNOWN
        if self.exchange:
            return Level.EXCHANGE
        return Level.LINK if self.links else Level.COPY  # the weaker one where links are not known


_ALL = Abilities(exchange=True, links=True, folder_sync=True)
_UNTRIED = Abilities(exchange=None, links=None, folder_sync=None)
# A program behind FUSE that takes no notice of the flags of a rename would take an exchange for a rename, and replace
# the only original. So it is never asked to exchange.
_FUSE = Abilities(exchange=False, links=None, folder_sync=None)
_KNOWN = {
    **dict.fromkeys(("ext4", "xfs", "btrfs", "f2fs", "tmpfs", "overlay"), _ALL),
    "nfs": Abilities(exchange=False, links=True, folder_sync=True),
    "ntfs3": Abilities(exchange=False, links=True, folder_sync=True),
    "vfat": Abilities(exchange=None, links=False, folder_sync=True),  # exchange since Linux 6.0
    "exfat": Abilities(exchange=False, links=False, folder_sync=True),
    "cifs": Abilities(exchange=False, links=None, folder_sync=False),
    "smb": Abilities(exchange=False, links=None, folder_sync=False),
    "fuse": _FUSE,
    "apfs": _ALL,
    "hfs": Abilities(exchange=False, links=True, folder_sync=True),
    "ntfs": Abilities(exchange=False, links=True, folder_sync=False),
    "refs": Abilities(exchange=False, links=None, folder_sync=False),
    "9p": Abilities(exchange=False, links=None, folder_sync=None),
    "zfs": Abilities(exchange=None, links=True, folder_sync=True),  # exchange since 2.2
}


# FAT has no inodes; servers and programs behind FUSE number files as they come by.
_LASTING_INODES = frozenset(
    {"ext4", "xfs", "btrfs", "f2fs", "tmpfs", "overlay", "nfs", "ntfs3", "zfs", "apfs", "hfs", "ntfs", "refs"}
)


# What the kernel refuses there, or makes another name of.
_WINDOWS_NAMES = frozenset({"vfat", "exfat", "ntfs", "refs"})


def has_windows_names(type_: str) -> bool:
    """Whether names on this type have to be such as Windows can read."""
    return type_ in _WINDOWS_NAMES


def keeps_inodes(type_: str) -> bool:
    """Whether inode numbers of this type are the same after a remount."""
    return type_ in _LASTING_INODES


def known(type_: str) -> Abilities:
    """Return what is known of a type, as `Volume.type` names it."""
    return _KNOWN.get(type_, _UNTRIED)
