"""Where new files are made: whether those folders may be written, how the names suit them, and whether there is room."""

from __future__ import annotations

import os

from core.errors import Fix, Problem, ProblemCode
from core.fs import abilities, winnames
from core.fs.api import FileSystem
from core.plan.disk import Finding
from core.plan.node import APART, Node
from core.plan.plan import Place, Plan

_NAME_MAX = 255
_PATH_MAX = 4095
_SPACE_MARGIN = 1 << 20


class Placing:
    """Checks the places of a plan, and notes what is known of its folders in it."""

    def __init__(self, fs: FileSystem, plan: Plan) -> None:
        self._fs = fs
        self._plan = plan
        self._tree = plan.tree
        self._homes: dict[str, str] = {}

    def check(self, path: str, node: Node) -> None:
        """Raise `Finding` if something cannot be where it is to be, or cannot leave where it is."""
        raw = os.fsencode(path)
        if len(raw) > _NAME_MAX and (len(raw) > _PATH_MAX or len(raw) - raw.rfind(b"/") - 1 > _NAME_MAX):
            raise Finding(ProblemCode.NAME_TOO_LONG, path)
        is_new_name = not node.is_deleted and self._tree.before(path) != node.origin
        if is_new_name and self.place(self.home(path)).windows_names and not winnames.is_usable(os.path.basename(path)):
            raise Finding(ProblemCode.RESERVED_NAME, path)
        folders = [self.home(path)]
        if node.origin:
            folders.append(os.path.dirname(node.origin))
        folders += [os.path.dirname(origin) for origin in node.displaced]
        for folder in folders:
            if not self.place(folder).writable and not node.flags & APART:
                raise Finding(ProblemCode.UNWRITABLE, folder)

    def home(self, path: str) -> str:
        """Return the folder, by its path before the batch, that holds the side file for `path`."""
        folder = os.path.dirname(path)
        known = self._homes.get(folder)
        if known is None:
            parent = folder
            while (node := self._tree.names.get(parent)) is not None and not node.origin:
                parent = os.path.dirname(parent)
            known = self._homes[folder] = self._tree.before(parent) or parent
        return known

    def place(self, folder: str) -> Place:
        """Return what is known of a folder, by its path before the batch."""
        known = self._plan.folders.get(folder)
        if known is not None:
            return known
        handle = self._fs.open_folder(folder)
        try:
            volume = self._fs.volume(handle)
            stat = self._fs.fstat(handle)
            writable = self._fs.may_write(handle)
            free = self._fs.free_space(handle)
        finally:
            self._fs.close(handle)
        # Noted once everything is known of it: a folder that is half known would be taken for checked.
        strict = abilities.has_windows_names(volume.type)
        found = Place(volume.ident, stat.lasting_ino, stat.dev, volume.abilities.level, writable, strict)
        self._plan.folders[folder] = found
        self._plan.space.setdefault(volume.ident, (folder, free))
        return found

    def need(self, path: str, size: int) -> None:
        """Count bytes that will be written for `path`."""
        volume = self._plan.folders[self.home(path)].volume
        self._plan.needed[volume] = self._plan.needed.get(volume, 0) + (size + 4095 & ~4095)

    def check_space(self) -> None:
        """Add a problem for each disk on which there is too little room."""
        for volume, needed in self._plan.needed.items():
            folder, free = self._plan.space[volume]
            if needed and needed + _SPACE_MARGIN > free:
                values: dict[str, object] = {"needed": needed + _SPACE_MARGIN, "free": free}
                fixes = (Fix.FREE_SPACE, Fix.REMOVE)
                self._plan.problems.append(Problem(ProblemCode.NO_SPACE, folder, values=values, fixes=fixes))
