"""A tree of files as plain values: what disks hold at one moment. Cheap to copy, to compare and to hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core.fs.api import Kind

ROOT = 1
Picture = dict[str, tuple[object, ...]]


class Inode(NamedTuple):
    """A file, folder or symlink. `data`: its content, or what the symlink says. `disk`: the number of its disk."""

    kind: Kind
    disk: int
    mode: int
    mtime_ns: int
    data: bytes = b""


class Image:
    """Inodes by number, and for each folder its names. What no name leads to does not count."""

    __slots__ = ("inodes", "names")

    def __init__(self, inodes: dict[int, Inode], names: dict[int, dict[str, int]]) -> None:
        self.inodes = inodes
        self.names = names

    @classmethod
    def empty(cls) -> Image:
        """Return a root without anything in it."""
        return cls({ROOT: Inode(Kind.FOLDER, 0, 0o755, 0)}, {ROOT: {}})

    def copy(self) -> Image:
        """Return a copy that changes by itself."""
        return Image(dict(self.inodes), {folder: dict(names) for folder, names in self.names.items()})

    def find(self, path: str) -> int:
        """Return the inode at a path, following no symlink; 0 where there is none."""
        number = ROOT
        for part in path.split("/"):
            if part:
                number = self.names.get(number, {}).get(part, 0)
        return number

    def add(self, path: str, inode: Inode) -> int:
        """Put something at a path whose folder exists; return its number."""
        folder, _, name = path.rpartition("/")
        number = max(self.inodes) + 1
        self.inodes[number] = inode
        self.names[self.find(folder)][name] = number
        if inode.kind is Kind.FOLDER:
            self.names[number] = {}
        return number

    def add_tree(self, things: Mapping[str, bytes | str | None], *, disk: int = 0, mtime_ns: int = 0) -> None:
        """Add files (bytes), symlinks (str) and folders (None) by their paths, with the folders above them."""
        for path, what in things.items():
            parts = path.split("/")
            for end in range(2, len(parts)):
                above = "/".join(parts[:end])
                if not self.find(above):
                    self.add(above, Inode(Kind.FOLDER, disk, 0o755, mtime_ns))
            if what is None:
                inode = Inode(Kind.FOLDER, disk, 0o755, mtime_ns)
            elif isinstance(what, str):
                inode = Inode(Kind.SYMLINK, disk, 0o777, mtime_ns, what.encode())
            else:
                inode = Inode(Kind.FILE, disk, 0o644, mtime_ns, what)
            self.add(path, inode)

    def walk(self, number: int, path: str = "") -> Iterator[tuple[str, int]]:
        """Yield (path below, inode) of everything in and under a folder."""
        for name, inner in self.names.get(number, {}).items():
            where = f"{path}/{name}" if path else name
            yield where, inner
            if inner in self.names:
                yield from self.walk(inner, where)

    def picture(self, path: str) -> Picture:
        """Describe everything below a path: kind, mode, and content or target."""
        found: Picture = {}
        for where, number in self.walk(self.find(path)):
            inode = self.inodes[number]
            found[where] = (inode.kind.value, inode.mode, inode.data)
        return found

    def key(self) -> int:
        """Return a hash of all that names lead to."""
        found: list[tuple[object, ...]] = []
        rest = [ROOT]
        while rest:
            number = rest.pop()
            names = self.names.get(number)
            if names is None:
                found.append((number, self.inodes[number]))
            else:
                found.append((number, frozenset(names.items())))
                rest.extend(names.values())
        return hash(frozenset(found))


def difference(found: Picture, wanted: Picture) -> str:
    """Say in a few lines how two pictures differ."""
    lines = [
        f"{path}: {found.get(path)!s:.120} instead of {wanted.get(path)!s:.120}"
        for path in sorted(found.keys() | wanted.keys())
        if found.get(path) != wanted.get(path)
    ]
    return "\n".join(lines[:10])
