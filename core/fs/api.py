"""What the engine asks of a file system: some thirty small verbs over folder handles and single names.

Every verb that changes something acts on a *name in an open folder*, never on a path: a path is resolved once, without
following symlinks, and cannot be swapped under us afterwards. It also keeps names of 255 bytes and paths near 4,096
within the limits. Handles are small integers; verbs raise `OSError` with the errno of the system.

Implementations: `real` (this machine), and in tests simulated, forwarding and fault-injecting ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from core.fs import abilities
from core.fs.abilities import Abilities

Handle = int


class Kind(StrEnum):
    """What a name stands for."""

    FILE = "file"
    FOLDER = "folder"
    SYMLINK = "symlink"
    SPECIAL = "special"


class Stat(NamedTuple):
    """What `lstat` tells. `mtime_ns` in nanoseconds, `allocated` in bytes on the disk (holes do not count).

    `lasts`: whether the inode number is the same after a remount.
    """

    kind: Kind
    ino: int
    dev: int
    size: int
    mtime_ns: int
    mode: int
    uid: int
    gid: int
    nlink: int
    allocated: int
    lasts: bool = True

    @property
    def lasting_ino(self) -> int:
        """The inode number as far as it may be written down; 0 where it proves nothing later."""
        return self.ino if self.lasts else 0


@dataclass(frozen=True, slots=True)
class Volume:
    """A mounted file system: an identity that survives a remount, its type, and whether `syncfs` is to be trusted."""

    ident: str
    type: str
    honours_syncfs: bool

    @property
    def abilities(self) -> Abilities:
        """What its type is known to be able to do."""
        return abilities.known(self.type)


class FileSystem(Protocol):
    """The verbs."""

    # paths, before anything is touched
    def resolve(self, path: str) -> str:
        """Return the absolute path with every symlink followed; a missing last part is allowed."""
        ...

    def is_symlink(self, path: str) -> bool:
        """Whether there is a symlink under an absolute path; False where nobody may look."""
        ...

    def mounts(self) -> frozenset[str]:
        """Absolute paths on which something is mounted, folders and single files; empty where the system does not say."""
        ...

    def open_folder(self, path: str) -> Handle:
        """Open a folder by absolute path, following no symlink in any component."""
        ...

    # folders
    def close(self, handle: Handle) -> None:
        """Close a folder or a file. Errors are not reported: what mattered was synced before."""
        ...

    def fstat(self, handle: Handle) -> Stat:
        """Stat an open folder or file."""
        ...

    def volume(self, folder: Handle) -> Volume:
        """Return the identity of the file system that holds the folder."""
        ...

    def free_space(self, folder: Handle) -> int:
        """Bytes that this user may still write there."""
        ...

    def may_write(self, folder: Handle) -> bool:
        """Whether entries can be added and removed here (permissions and read-only mounts)."""
        ...

    def list(self, folder: Handle) -> Iterator[str]:
        """Names in the folder, in no order."""
        ...

    def sync_folder(self, folder: Handle) -> None:
        """Make the folder's entries durable, as far as its file system can."""
        ...

    def sync_volume(self, folder: Handle) -> None:
        """Make everything written on the folder's file system durable; reports write errors since `open_folder`."""
        ...

    def lock(self, handle: Handle, *, exclusive: bool) -> bool:
        """Take an advisory lock without waiting; False when somebody else holds it."""
        ...

    # names
    def stat(self, folder: Handle, name: str) -> Stat:
        """Stat a name, not following a symlink."""
        ...

    def is_fixed(self, folder: Handle, name: str) -> bool:
        """Whether a flag forbids everybody to rename, remove or overwrite it (`chattr +i`, `chattr +a`)."""
        ...

    def is_layered(self, folder: Handle, name: str) -> bool:
        """Whether a folder has a part in a lower layer of an overlay, so that it cannot be renamed as a whole."""
        ...

    def make_folder(self, folder: Handle, name: str, mode: int) -> None:
        """Make an empty folder; `mode` is cut by the umask."""
        ...

    def remove_folder(self, folder: Handle, name: str) -> None:
        """Remove an empty folder."""
        ...

    def open_subfolder(self, folder: Handle, name: str) -> Handle:
        """Open a folder inside a folder, following no symlink."""
        ...

    def make_symlink(self, folder: Handle, name: str, target: str) -> None:
        """Make a symlink that says `target`."""
        ...

    def read_symlink(self, folder: Handle, name: str) -> str:
        """Return what a symlink says."""
        ...

    def link(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        """Give a file a second name; the new name must be free."""
        ...

    def unlink(self, folder: Handle, name: str) -> None:
        """Remove a name that is not a folder."""
        ...

    def rename(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        """Rename; EEXIST when the new name is taken, never replaces."""
        ...

    def replace(self, folder: Handle, name: str, to_name: str) -> None:
        """Rename within a folder, replacing what has the new name."""
        ...

    def exchange(self, folder: Handle, name: str, other: str) -> None:
        """Exchange two names of a folder in one step; EINVAL or ENOSYS where the file system cannot."""
        ...

    # files
    def create(self, folder: Handle, name: str, mode: int) -> Handle:
        """Create a new file, open for reading and writing; EEXIST when the name is taken, even by a dangling symlink."""
        ...

    def open(self, folder: Handle, name: str, *, write: bool = False) -> Handle:
        """Open an existing regular file; a symlink, FIFO or device is refused rather than followed or waited for."""
        ...

    def read(self, handle: Handle, size: int) -> bytes:
        """Read up to `size` bytes at the handle's position; empty at the end."""
        ...

    def read_at(self, handle: Handle, size: int, offset: int) -> bytes:
        """Read up to `size` bytes at an offset, leaving the position alone."""
        ...

    def write(self, handle: Handle, data: bytes) -> None:
        """Write all of `data` at the handle's position."""
        ...

    def seek(self, handle: Handle, offset: int) -> None:
        """Set the handle's position, in bytes from the start."""
        ...

    def truncate(self, handle: Handle, size: int) -> None:
        """Cut or extend the file."""
        ...

    def sync_file(self, handle: Handle) -> None:
        """Make content and size durable. After an error the file must be given up, never synced again."""
        ...

    def start_writeback(self, handle: Handle, offset: int, size: int) -> None:
        """Begin to write a range to the disk without waiting: it keeps big files from piling up dirty pages."""
        ...

    def copy_content(self, source: Handle, target: Handle) -> None:
        """Copy everything, inside the kernel or by sharing extents where that is possible."""
        ...

    def copy_range(self, source: Handle, target: Handle, offset: int, size: int, to: int) -> int:
        """Copy `size` bytes at `offset` to the offset `to` of another file, in the kernel or by sharing extents.

        Returns how many it copied: fewer only where the source ends. Positions may move.
        """
        ...

    def copy_flags(self, source: Handle, target: Handle) -> None:
        """Give `target`, which is still empty, the flags of `source` (no-copy-on-write, no-dump …), where that is allowed."""
        ...

    def set_runnable(self, handle: Handle, *, runnable: bool) -> None:
        """Let all who may read a file run it, or nobody; does nothing where a mode does not say that."""
        ...

    def copy_metadata(self, source: Handle, target: Handle, *, times: bool, owner: bool = True) -> None:
        """Give `target` the owner, mode, ACL, labels and extended attributes of `source`, and its times if told.

        Without `owner` a file of another owner or group keeps those, and its mode, which speaks for them.
        """
        ...
