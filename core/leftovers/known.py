"""What a watch knows: folders with what was found in them, and which leftover hangs on which original."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.fs import walk
from core.fs.walk import Listing
from core.leftovers import catalogue
from core.leftovers.identify import Leftover


@dataclass(slots=True)
class Folder:
    """One folder: the number of its watch (None: it is polled), and what is in it.

    `listing`: what was read of it, of its files only those that may be leftovers; None while it may change unseen.
    """

    watch: int | None
    listing: Listing | None = None
    folders: set[str] = field(default_factory=set)
    leftovers: dict[str, Leftover] = field(default_factory=dict)


class Known:
    """Folders by path, as a tree: forgetting one forgets what is below it, at the cost of what is below it."""

    def __init__(self) -> None:
        self.folders: dict[str, Folder] = {}
        self.by_watch: dict[int, str] = {}
        self._hanging: dict[str, set[str]] = {}

    @property
    def polled(self) -> list[str]:
        """The folders that no watch reports on."""
        return [path for path, folder in self.folders.items() if folder.watch is None]

    def put_folder(self, path: str, watch: int | None) -> int | None:
        """Remember a folder under its watch; return the number of the one that it had before, if nothing has that now."""
        folder = self.folders.get(path)
        old = None
        if folder is None:
            folder = self.folders[path] = Folder(watch)
            parent, _, name = path.rpartition("/")
            above = self.folders.get(parent or "/")
            if above is not None and name:
                above.folders.add(name)
        elif folder.watch != watch:
            # A folder that moved has taken its watch along, to where it is known by now.
            old = folder.watch if folder.watch is not None and self.by_watch.get(folder.watch) == path else None
            folder.watch = watch
            if old is not None:
                del self.by_watch[old]
        if watch is not None:
            self.by_watch[watch] = path
        return old

    def drop_folder(self, path: str) -> tuple[list[int], list[str]]:
        """Forget a folder and what is below; return the numbers of their watches and the paths of their leftovers."""
        watches: list[int] = []
        gone: list[str] = []
        parent, _, name = path.rpartition("/")
        if (above := self.folders.get(parent or "/")) is not None:
            above.folders.discard(name)
        waiting = [path]
        while waiting:
            here = waiting.pop()
            folder = self.folders.pop(here, None)
            if folder is None:
                continue
            waiting.extend(walk.join(here, inner) for inner in folder.folders)
            # A folder that moved has the same watch at its new place, which may be known already.
            if folder.watch is not None and self.by_watch.get(folder.watch) == here:
                del self.by_watch[folder.watch]
                watches.append(folder.watch)
            for found in folder.leftovers.values():
                self._unhang(found)
                gone.append(found.path)
        return watches, gone

    def put(self, found: Leftover) -> bool:
        """Remember a leftover; whether that is news."""
        folder, _, name = found.path.rpartition("/")
        leftovers = self.folders[folder or "/"].leftovers
        old = leftovers.get(name)
        if old == found:
            return False
        if old is not None:
            self._unhang(old)
        leftovers[name] = found
        for original in _originals(found.path):
            self._hanging.setdefault(original, set()).add(found.path)
        return True

    def has(self, path: str) -> bool:
        """Whether a leftover is known at a path."""
        folder, _, name = path.rpartition("/")
        above = self.folders.get(folder or "/")
        return above is not None and name in above.leftovers

    def drop(self, path: str) -> bool:
        """Forget a leftover; whether it was known."""
        folder, _, name = path.rpartition("/")
        above = self.folders.get(folder or "/")
        found = above.leftovers.pop(name, None) if above is not None else None
        if found is None:
            return False
        self._unhang(found)
        return True

    def hanging_on(self, original: str) -> list[str]:
        """Return the leftovers that may belong to a file."""
        return sorted(self._hanging.get(original, ()))

    def is_original(self, path: str) -> bool:
        """Whether a leftover may belong to it."""
        return path in self._hanging

    def _unhang(self, found: Leftover) -> None:
        for original in _originals(found.path):
            paths = self._hanging.get(original)
            if paths is not None:
                paths.discard(found.path)
                if not paths:
                    del self._hanging[original]


def _originals(path: str) -> list[str]:
    """Return where an original of a leftover may be: all of them, since any may come or go."""
    folder, _, name = path.rpartition("/")
    originals = dict.fromkeys(one for match in catalogue.matches(name) for one in match.originals)
    return [walk.join(folder or "/", one) for one in originals]
