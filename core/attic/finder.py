"""Where the pre-images of a batch may go. Looks, and changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from core import names
from core.attic.looks import is_private, opened
from core.fs import places
from core.fs.api import FileSystem, Kind
from core.journal.attics import AtticRef
from core.journal.records import FolderRef, Step, StepKind

_AT_MOST = 4  # places to try for each mount; the last one is the folder itself, which any rename reaches


def mount_of(path: str, mounts: Iterable[str]) -> str:
    """Return the path of the mount that holds `path`; "" where none is known."""
    fitting = (one for one in mounts if path == one or path.startswith(one.rstrip("/") + "/"))
    return max(fitting, key=len, default="")


class Finder:
    """Finds the places for one batch."""

    def __init__(self, fs: FileSystem, own: str) -> None:
        """`own`: the attic in the state directory."""
        self._fs = fs
        self._own = own
        self._mounts = fs.mounts()
        self._holding: dict[int, None] = {}
        self._leaving: list[str] = []

    def note(self, steps: Iterable[Step], folders: list[FolderRef]) -> None:
        """Take account of steps of the batch."""
        for step in steps:
            if step.kind in (StepKind.EXCHANGE, StepKind.INPLACE, StepKind.EVICT):
                self._holding[step.to_folder] = None
            is_folder = step.original is not None and step.original.kind == Kind.FOLDER.value
            if step.kind is StepKind.EVICT and is_folder:
                self._leaving.append(f"{folders[step.folder].path.rstrip('/')}/{step.name}")

    def refs(self, folders: list[FolderRef]) -> list[AtticRef]:
        """Return the places for all folders that steps were noted of; none for a mount that has no place."""
        found: dict[tuple[str, str], AtticRef] = {}
        for number in self._holding:
            volume, path = folders[number].volume, folders[number].path
            key = (volume, mount_of(path, self._mounts))
            if key not in found:
                found[key] = AtticRef(*key, number, tuple(self.roots(path, *key)))
        return [ref for ref in found.values() if ref.roots]

    def roots(self, path: str, volume: str, mount: str) -> list[str]:
        """Return where the pre-images of a folder may go, the best place first."""
        roots = [self._own] if self._is_beside(volume, mount) else []
        for above in _from_the_top(path, mount):
            root = f"{above.rstrip('/')}/{names.attic(places.user())}"
            if not self._goes_away(root) and (above == path or self._is_ours(above, root, volume)):
                roots.append(root)
        return [*roots[: _AT_MOST - 1], *roots[_AT_MOST - 1 :][-1:]]

    def has_place(self, path: str, volume: str) -> bool:
        """Whether any place for the pre-images of a folder looks as if it could be used."""
        mount = mount_of(path, self._mounts)
        roots = self.roots(path, volume, mount)
        return any(root == self._own or self._is_ours(os.path.dirname(root), root, volume) for root in roots)

    def _is_beside(self, volume: str, mount: str) -> bool:
        if mount_of(self._own, self._mounts) != mount or self._goes_away(self._own):
            return False
        with opened(self._fs, self._own) as handle:
            return handle is not None and self._fs.volume(handle).ident == volume

    def _goes_away(self, root: str) -> bool:
        return any(root == path or root.startswith(f"{path}/") for path in self._leaving)

    def _is_ours(self, above: str, root: str, volume: str) -> bool:
        """Whether an attic may lie in a folder; what others have put under its name is none."""
        with opened(self._fs, above) as handle:
            if handle is None or self._fs.volume(handle).ident != volume or not self._fs.may_write(handle):
                return False
            try:
                there = self._fs.stat(handle, os.path.basename(root))
            except FileNotFoundError:
                return True
        return there.kind is Kind.FOLDER and is_private(there)


def _from_the_top(path: str, mount: str) -> Iterator[str]:
    """Yield the folders from the top of a mount down to `path`."""
    above = mount.rstrip("/")
    yield above or "/"
    for part in path[len(above) :].split("/"):
        if part:
            above = f"{above}/{part}"
            yield above
