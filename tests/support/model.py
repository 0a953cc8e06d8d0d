"""What operations mean, said again in the simplest way: a tree is a dictionary, and an operation changes it at once.

The engine folds all operations into one change of names. Whatever it makes of them has to be what this makes of them.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

Thing = tuple[str, str]  # ("file", content), ("symlink", target) or ("folder", "")
Things = dict[str, Thing]
Op = dict[str, str]

_NAMES = ("a", "b", "c")
PATHS = [
    *_NAMES,
    *(f"{one}/{two}" for one in _NAMES for two in _NAMES),
    *(f"{one}/{two}/{three}" for one in "ab" for two in "ab" for three in "ab"),
]


class Model:
    """A tree in memory."""

    def __init__(self, things: Things) -> None:
        self.things = dict(things)

    def do(self, op: Op) -> bool:
        """Do an operation; False, and nothing is done, where it makes no sense."""
        match op["op"]:
            case "create":
                return self._make(op["path"], op["text"])
            case "delete":
                return self._delete(op["path"])
            case "move":
                return self._move(op["path"], op["to"])
        path = self._behind(op["path"])
        kind, content = self.things.get(path, ("", ""))
        if kind == "file":
            self.things[path] = ("file", content.replace(op["find"], op["replace"]) if "find" in op else op["text"])
            return True
        return op["op"] == "write" and kind == "" and self._make(path, op["text"])

    def _behind(self, path: str) -> str:
        for _ in range(10):
            kind, target = self.things.get(path, ("", ""))
            if kind != "symlink":
                return path
            path = os.path.normpath(os.path.join(os.path.dirname(path), target))
        return path

    def _make(self, path: str, content: str) -> bool:
        if path in self.things or not self._make_parents(path):
            return False
        self.things[path] = ("file", content)
        return True

    def _make_parents(self, path: str) -> bool:
        parts = path.split("/")
        above = ["/".join(parts[:end]) for end in range(1, len(parts))]
        if any(self.things.get(one, ("folder", ""))[0] != "folder" for one in above):
            return False
        for one in above:
            self.things.setdefault(one, ("folder", ""))
        return True

    def _delete(self, path: str) -> bool:
        if path not in self.things:
            return False
        for one in self._tree(path):
            del self.things[one]
        return True

    def _move(self, path: str, to: str) -> bool:
        if path not in self.things or to.startswith(f"{path}/") or (to in self.things and to != path):
            return False
        if not self._make_parents(to):
            return False
        for one in self._tree(path):
            self.things[to + one[len(path) :]] = self.things.pop(one)
        return True

    def _tree(self, path: str) -> list[str]:
        return [one for one in self.things if one == path or one.startswith(f"{path}/")]


def some_things(rng: random.Random) -> Things:
    """Return a small tree of files, folders and symlinks."""
    model = Model({})
    for path in rng.sample(PATHS, rng.randint(2, 8)):
        if not model.do({"op": "create", "path": path, "text": rng.choice(["", "x\n", "xx y\n", "y"])}):
            continue
        kind = rng.random()
        if kind > 0.85:
            model.things[path] = ("symlink", rng.choice(_NAMES))
        elif kind > 0.65:
            model.things[path] = ("folder", "")
    return model.things


def some_operations(rng: random.Random, model: Model) -> list[Op]:
    """Return up to six operations that make sense one after the other, and leave the model as it is after them."""
    wanted, found = rng.randint(1, 6), []
    for _ in range(200):
        op = _operation(rng, model.things)
        trial = Model(model.things)
        if trial.do(op):
            model.things = trial.things
            found.append(op)
        if len(found) == wanted:
            break
    return found


def _operation(rng: random.Random, things: Things) -> Op:
    kind = rng.choice(["write", "replace", "edit", "create", "delete", "delete", "move", "move", "move"])
    known = sorted(things) if kind not in ("write", "create") and rng.random() < 0.95 else PATHS
    op = {"op": kind, "path": rng.choice(known or PATHS)}
    if kind in ("write", "replace", "create"):
        op["text"] = rng.choice(["", "new\n", "x\n", "zz"])
    elif kind == "edit":
        op |= {"find": rng.choice("xyz"), "replace": rng.choice(["q", "", "x"])}
    elif kind == "move":
        op["to"] = rng.choice(PATHS)
    return op


def build(root: Path, things: Things) -> None:
    """Make a real tree of it, in place of what is there."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for name, (kind, what) in sorted(things.items()):
        path = root / name
        if kind == "folder":
            path.mkdir(exist_ok=True, parents=True)
            continue
        path.parent.mkdir(exist_ok=True, parents=True)
        if kind == "symlink":
            path.symlink_to(what)
        else:
            path.write_text(what)


def read(root: Path) -> Things:
    """Return what a real tree is."""
    found: Things = {}
    for folder, inner, names in os.walk(root):
        for name in inner + names:
            path = Path(folder, name)
            where = str(path.relative_to(root))
            if path.is_symlink():
                found[where] = ("symlink", str(path.readlink()))
            else:
                found[where] = ("folder", "") if path.is_dir() else ("file", path.read_text())
    return found
