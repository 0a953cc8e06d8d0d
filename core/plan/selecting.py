"""The files that a scope is about, as they are after the operations so far: the disk, with what the batch did to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from core import names
from core.errors import ProblemCode
from core.fs import walk
from core.fs.api import Kind
from core.plan.disk import Finding
from core.plan.ignoring import Ignored, Patterns, above
from core.plan.node import Node
from core.plan.operations import Scope
from core.plan.tree import Tree
from core.progress import CancelToken

# What version control keeps for itself is never meant, be it that somebody names the folder.
_OWN = frozenset({".git", ".hg", ".svn", ".jj"})


class Selected(NamedTuple):
    """A file: its path by now, and what the batch made of it (None: nothing, it is on the disk as it was).

    `origin`: where it is on the disk, "" when the batch makes it. `relative`: its path below the root, "" for a root.
    `folder`: whether it is a folder.
    """

    path: str
    origin: str
    node: Node | None
    relative: str = ""
    folder: bool = False

    @property
    def is_as_on_disk(self) -> bool:
        """Whether its content is what is at `origin`."""
        return self.node is None or not self.node.has_new_content


@dataclass(frozen=True, slots=True)
class Group:
    """Selected files of one folder, in order, by their names. `base`: the path of the folder, with a slash.

    `whole`: they are all files in the folder but those that begin with a dot, and none of them does. `made`: the files
    themselves, where the batch had a hand in; elsewhere `base` is where they are on the disk.
    """

    base: str
    names: list[str]
    root: str
    whole: bool = False
    made: dict[str, Selected] | None = None

    def files(self) -> Iterator[Selected]:
        """Yield them."""
        return map(self.file, self.names)

    def without(self, paths: AbstractSet[str]) -> Group:
        """Return the same without some files."""
        if not paths:
            return self
        kept = [name for name in self.names if self.base + name not in paths]
        return self if len(kept) == len(self.names) else replace(self, names=kept, whole=False)

    def file(self, name: str) -> Selected:
        """Return the file with that name."""
        if self.made is not None:
            return self.made[name]
        path = self.base + name  # one string for both: a plan holds 100,000 of them
        return Selected(path, path, None, path[len(self.root) :])


class Selector:
    """Walks a scope. `unreadable` collects (folder, error) of what could not be looked into."""

    def __init__(self, tree: Tree, scope: Scope, token: CancelToken, *, folders: bool = False) -> None:
        self._tree = tree
        self._scope = scope
        self._token = token
        self._folders = folders
        self._glob = Patterns(scope.glob) if scope.glob else None
        self._exclude = Patterns(scope.exclude) if scope.exclude else None
        self._without = frozenset(map(tree.canonical, scope.without))
        self._only = scope.only
        self._ways = {above for path in scope.only for above in _folders_above(path)}
        self._limits = bool(scope.min_size or scope.max_size or scope.newer or scope.older)
        self.unreadable: list[tuple[str, OSError]] = []

    def files(self) -> Iterator[Selected]:
        """Yield files, and folders if they are wanted, as `groups` does."""
        for group in self.groups():
            yield from group.files()

    def groups(self) -> Iterator[Group]:
        """Yield them folder by folder in a stable order, each once.

        Raises `Finding` for a root that is not there, before it yields any.
        """
        roots = [self._root(one) for one in self._scope.roots]
        # Roots may lie in each other.
        seen: set[str] | None = set(self._without) if len(roots) > 1 else None
        for path, node in roots:
            for found in self._below(path, node):
                group = found.without(self._without if seen is None else seen)
                if self._only:
                    group = replace(
                        group, names=[one for one in group.names if group.base + one in self._only], whole=False
                    )
                if seen is not None:
                    seen.update(group.base + one for one in group.names)
                if group.names:
                    yield group

    def _root(self, given: str) -> tuple[str, Node]:
        path, node = self._tree.follow(given)
        if node is None:
            raise Finding(ProblemCode.MISSING, path)
        if node.kind not in (Kind.FOLDER, Kind.FILE):
            raise Finding(ProblemCode.SPECIAL_FILE, path)
        return path, node

    def _below(self, path: str, node: Node) -> Iterator[Group]:
        if node.kind is Kind.FOLDER:
            before = self._tree.before(path)
            ignored = above(before) if self._scope.gitignore and before else Ignored()
            yield from self._walk(path, path.rstrip("/") + "/", ignored)
        else:
            base, _, name = path.rpartition("/")
            found = Selected(path, node.origin, node if path in self._tree.names else None)
            yield Group(f"{base}/", [name], path, made={name: found})

    def _walk(self, top: str, root: str, ignored: Ignored) -> Iterator[Group]:
        waiting = [(top, ignored)]
        while waiting:
            folder, rules = waiting.pop()
            self._token.check()
            origin, found, inner = self._entries(folder)
            if self._scope.gitignore and origin:
                rules = rules.inside(origin, found, inner)
            base, below = folder.rstrip("/") + "/", origin and origin.rstrip("/") + "/"
            meant = self._admitted(found, base[len(root) :], below, rules)
            if folder in self._touched or below != base or self._limits:
                yield self._made(base, below, meant, root)
            else:
                yield Group(base, meant, root, whole=meant == [name for name in found if name[0] != "."])
            entered = [n for n in inner if self._enters(base + n, root, n, below and below + n, rules)]
            if self._folders:
                yield self._inner(base, entered, root)
            waiting += ((base + name, rules) for name in reversed(entered))

    def _entries(self, folder: str) -> tuple[str, list[str], list[str]]:
        """Return (where the folder is on the disk, or "", its files, its folders), as they are by now."""
        origin = self._origin(folder)
        found: list[str] = []
        inner: list[str] = []
        if origin:
            try:
                found, inner = walk.entries(origin)
            except OSError as error:
                self.unreadable.append((folder, error))
        touched = self._touched.get(folder)
        if touched:
            kinds = {name: self._tree.at(f"{folder.rstrip('/')}/{name}") for name in touched}
            here = {name: node.kind for name, node in kinds.items() if node is not None}
            found = sorted(
                {*found, *(n for n, kind in here.items() if kind is Kind.FILE)} - _others(here, touched, Kind.FILE)
            )
            inner = sorted(
                {*inner, *(n for n, kind in here.items() if kind is Kind.FOLDER)} - _others(here, touched, Kind.FOLDER)
            )
        return origin, found, inner

    def _origin(self, folder: str) -> str:
        node = self._tree.names.get(folder)
        if node is not None:
            return node.origin
        return self._tree.before(folder)

    @cached_property
    def _touched(self) -> dict[str, list[str]]:
        """Return the names that the batch had touched when the walk began, by their folder."""
        found: dict[str, list[str]] = {}
        for path in self._tree.names:
            folder, name = os.path.split(path)
            found.setdefault(folder, []).append(name)
        return found

    def _admitted(self, found: list[str], inside: str, below: str, ignored: Ignored) -> list[str]:
        """Return which files of a folder are meant; `inside`: its path below the root, `below`: its place on the disk."""
        hidden = self._scope.hidden
        meant = [name for name in found if name[0] != "." or (hidden and not names.is_ours(name))]
        if self._glob is not None:
            meant = [name for name in meant if self._glob.match(inside + name)]
        if self._exclude is not None:
            meant = [name for name in meant if not self._exclude.match(inside + name)]
        return ignored.kept(below, meant) if below else meant

    def _made(self, base: str, below: str, meant: list[str], root: str) -> Group:
        """Return the group of a folder where each file has to be looked at."""
        made: dict[str, Selected] = {}
        for name in meant:
            path = base + name
            node = self._tree.names.get(path)
            where = node.origin if node is not None else below and below + name
            if self._fits(where):
                made[name] = Selected(path, where, node, path[len(root) :])
        return Group(base, list(made), root, made=made)

    def _inner(self, base: str, entered: list[str], root: str) -> Group:
        """Return the group of folders in a folder."""
        paths = {name: base + name for name in entered}
        made = {
            name: Selected(path, self._origin(path), self._tree.names.get(path), path[len(root) :], folder=True)
            for name, path in paths.items()
        }
        return Group(base, entered, root, made=made)

    def _enters(self, path: str, root: str, name: str, origin: str, ignored: Ignored) -> bool:
        if (
            name in _OWN
            or path in self._without
            or (self._only and path not in self._ways)
            or (name[0] == "." and (not self._scope.hidden or names.is_ours(name)))
        ):
            return False
        if self._exclude is not None and self._exclude.match(f"{path[len(root) :]}/"):
            return False
        return not (ignored.rules and origin and ignored.leaves_out(f"{origin}/"))

    def _fits(self, origin: str) -> bool:
        """Whether size and time are within the limits; what the batch makes has neither yet, and fits."""
        if not self._limits or not origin:
            return True
        info = walk.look(origin)
        scope = self._scope
        return info is not None and not (
            info.size < scope.min_size
            or (scope.max_size and info.size > scope.max_size)
            or (scope.newer and info.mtime <= scope.newer)
            or (scope.older and info.mtime >= scope.older)
        )


def _folders_above(path: str) -> Iterator[str]:
    while path != "/":
        path = os.path.dirname(path)
        yield path


def _others(here: dict[str, Kind], touched: list[str], kind: Kind) -> set[str]:
    """Return the touched names that stand for something else than `kind` by now, or for nothing."""
    return {name for name in touched if here.get(name) is not kind}
