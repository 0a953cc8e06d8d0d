"""What the calls have changed and not yet made durable: the content of files, and the entries of folders."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.fs.api import FileSystem, Handle, Kind, Stat

Key = tuple[int, int]  # device and inode


@dataclass
class Opened:
    """An open handle: its path, the folder it is in (a file's) or is (a folder's), and whether a sync of it failed."""

    handle: Handle
    folder: str
    name: str
    key: Key
    volume: int
    is_spoilt: bool = False
    is_writable: bool = False

    @property
    def path(self) -> str:
        return f"{self.folder.rstrip('/')}/{self.name}" if self.name else self.folder


def volume_key(opened: Opened) -> Key:
    """Return what stands for a whole volume; no inode has the number 0."""
    return opened.volume, 0


@dataclass
class Dirt:
    """Keys of what is not durable, with the change that made it so.

    `names`: folders whose entries changed, by whether a target or only something of ours did.
    """

    fs: FileSystem
    opened: dict[Handle, Opened] = field(default_factory=dict)
    files: dict[Key, tuple[int, str]] = field(default_factory=dict)
    names: dict[Key, tuple[int, dict[str, str]]] = field(default_factory=dict)
    synced: dict[Key, tuple[int, int]] = field(default_factory=dict)
    spoilt: set[Key] = field(default_factory=set)  # folders and volumes whose sync failed, unchanged since
    left: dict[Key, set[str]] = field(default_factory=dict)  # by folder: the attics to which its pre-images went
    _keys: dict[str, set[Key]] = field(default_factory=dict)

    def take_folder(self, handle: Handle, path: str) -> None:
        """Note that a folder was opened."""
        stat = self.fs.fstat(handle)
        key = stat.dev, stat.ino
        self.opened[handle] = Opened(handle, path, "", key, stat.dev)
        self.know(path, key)

    def know(self, path: str, key: Key) -> None:
        """Note which folder has a path."""
        self._keys.setdefault(path, set()).add(key)

    def take_file(self, handle: Handle, folder: Opened, name: str, *, write: bool) -> Opened:
        """Note that a file was opened."""
        stat = self.fs.fstat(handle)
        opened = Opened(handle, folder.folder, name, (stat.dev, stat.ino), folder.volume, is_writable=write)
        self.opened[handle] = opened
        return opened

    def touch_file(self, file: Opened, why: str) -> None:
        """Note that content or metadata changed."""
        self.files[file.key] = file.volume, why
        self.spoilt.discard(volume_key(file))

    def touch_names(self, folder: Opened, kind: str, why: str) -> None:
        """Note that an entry changed: of a "target", or of a "side" file."""
        self.names.setdefault(folder.key, (folder.volume, {}))[1][kind] = why
        self.unspoil(folder)

    def unspoil(self, folder: Opened) -> None:
        """Note that there is something new to sync in a folder."""
        self.spoilt -= {folder.key, volume_key(folder)}

    def sync_file(self, file: Opened) -> None:
        """Note that a file is durable, and what it looks like."""
        self.files.pop(file.key, None)
        stat = self.fs.fstat(file.handle)
        self.synced[file.key] = stat.size, stat.mtime_ns

    def sync_volume(self, folder: Opened) -> None:
        """Note that everything on a volume is durable."""
        self.files = {key: row for key, row in self.files.items() if row[0] != folder.volume}
        self.names = {key: row for key, row in self.names.items() if row[0] != folder.volume}
        self.left.clear()
        self.synced.clear()

    def forget(self, stat: Stat) -> None:
        """Note that a file or folder is going for good."""
        self.files.pop((stat.dev, stat.ino), None)
        self.names.pop((stat.dev, stat.ino), None)
        self.synced.pop((stat.dev, stat.ino), None)

    def of_file(self, stat: Stat) -> str:
        """Say why a file is not durable; "" when it is."""
        key = stat.dev, stat.ino
        if key in self.files:
            return self.files[key][1]
        if stat.kind is Kind.FILE and self.synced.get(key, (stat.size, stat.mtime_ns)) != (stat.size, stat.mtime_ns):
            return "it was written to after its last sync"
        return ""

    def is_synced(self, stat: Stat) -> bool:
        """Whether a file is what it was when it was last synced here."""
        return self.synced.get((stat.dev, stat.ino)) == (stat.size, stat.mtime_ns)

    def of_names(self, path: str, *kinds: str) -> str:
        """Say why the entries of a folder are not durable, looking at changes of some kinds; "" when they are."""
        for key in self._keys.get(path, ()):
            for kind, why in self.names.get(key, (0, {}))[1].items():
                if kind in kinds:
                    return why
        return ""
