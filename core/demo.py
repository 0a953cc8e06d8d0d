"""The tree that `holdfast demo` works on: a copy of this Python's own library, which is real and which everybody has.

It is no part of `api`, since nobody but the demonstration wants it; what happens to the tree goes through `api`.
"""

from __future__ import annotations

import json
import os
import sysconfig
from dataclasses import dataclass, field
from itertools import count

from core.fs import files, trees
from core.fs.trees import Picture

__all__ = ["Picture", "Sample", "digest"]

# Some distributions leave the library's own tests out; then there are several copies, so that it is many files anyway.
ENOUGH = 1500
_NOT_THE_LIBRARY = frozenset({"site-packages", "dist-packages", "__pycache__"})
_RENAMED = "-renamed"


@dataclass
class Sample:
    """A folder of our own: `tree` holds the files, `state` what Holdfast keeps; `files` are paths in the tree.

    `is_python`: they are those of Python's library, and not our own.
    """

    folder: str
    files: list[str] = field(default_factory=list)
    copies: int = 0
    bytes: int = 0
    is_python: bool = True

    @classmethod
    def make(cls) -> Sample:
        """Make the folder, empty as yet."""
        return cls(trees.make_scratch("holdfast-demo-"))

    @property
    def tree(self) -> str:
        """The tree that is changed."""
        return f"{self.folder}/tree"

    @property
    def state(self) -> str:
        """The state directory, so that the user's own is left alone."""
        return f"{self.folder}/state"

    @property
    def plan(self) -> str:
        """Where the plan file is put."""
        return f"{self.folder}/plan.json"

    def fill(self) -> None:
        """Copy the sources."""
        library = sysconfig.get_paths()["stdlib"]
        sources = _sources(library)
        if not sources:  # a bundle has the library in an archive, and our own sources beside it
            self.is_python, library = False, os.path.dirname(os.path.abspath(__file__))
            sources = _sources(library)
        for number in count(1):
            for source in sources:
                name = f"copy-{number}/{os.path.relpath(source, library)}"
                trees.copy(source, f"{self.tree}/{name}")
                self.files.append(name)
                self.bytes += files.size_and_time(source)[0]
            self.copies = number
            if len(self.files) >= ENOUGH or not sources:
                return

    def write_plan(self, find: str, replacement: str) -> None:
        """Write a plan file: every file is edited, then the first one gets another name and the last one goes."""
        # Any word becomes any other here; whether that is still Python is not what the demonstration is about.
        edit = {"op": "edit", "find": find, "replace": replacement, "guard": False}
        operations: list[dict[str, object]] = [{**edit, "path": f"tree/{name}"} for name in self.files]
        first, last = f"tree/{self.files[0]}", f"tree/{self.files[-1]}"
        operations += [{"op": "move", "path": first, "to": first + _RENAMED}, {"op": "delete", "path": last}]
        plan = {"holdfast": 1, "name": "demonstration", "root": "tree", "operations": operations}
        trees.write(self.plan, json.dumps(plan).encode("ascii"))

    def picture(self) -> Picture:
        """Say what every file is now."""
        return trees.picture(self.tree)

    def foretold(self, before: Picture, find: str, replacement: str) -> Picture:
        """Say what every file will be once the plan is applied; found out without the engine, so that it proves it."""
        after = dict(before)
        for name in self.files:
            content = b"".join(files.read_blocks(f"{self.tree}/{name}")).replace(find.encode(), replacement.encode())
            after[name] = trees.describe(int(before[name].split()[1], 8), content)
        after[self.files[0] + _RENAMED] = after.pop(self.files[0])
        del after[self.files[-1]]
        return after

    def rename(self) -> None:
        """Take note of the names that the files have once the plan is applied."""
        self.files = [self.files[0] + _RENAMED, *self.files[1:-1]]

    def inode(self, path: str) -> int:
        """Return which file has a name now; that changes the moment an edit is switched in."""
        return trees.inode(path)

    def remove(self) -> None:
        """Remove the folder and everything in it."""
        trees.remove(self.folder)


def digest(found: Picture) -> str:
    """Return one digest for all files."""
    return trees.digest(found)


def _sources(library: str) -> list[str]:
    if files.kind_behind(library) != "folder":
        return []
    return [path for path in files.files_below(library, skip=_NOT_THE_LIBRARY.__contains__) if _is_source(path)]


def _is_source(path: str) -> bool:
    return path.endswith(".py") and not files.looks_binary(path)
