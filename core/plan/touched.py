"""The names that operations touched, and what each stands for by now; sorted by the folder they are in."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, MutableMapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.plan.node import Node


class Touched(MutableMapping[str, "Node | None"]):
    """Nodes by path. A path without a node (None) is one that something left.

    Names come folder by folder, in the order in which they were touched first. One dictionary of all names would be
    held twice whenever it grows, and would have to be walked through to find what is below a folder.
    """

    def __init__(self) -> None:
        self._folders: dict[str, dict[str, Node | None]] = {}

    def __getitem__(self, path: str) -> Node | None:
        return self._folders[path.rpartition("/")[0]][path]

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and path in self._folders.get(path.rpartition("/")[0], ())

    def __setitem__(self, path: str, node: Node | None) -> None:
        self._folders.setdefault(path.rpartition("/")[0], {})[path] = node

    def __delitem__(self, path: str) -> None:
        del self._folders[path.rpartition("/")[0]][path]

    def __iter__(self) -> Iterator[str]:
        for names in self._folders.values():
            yield from names

    def __len__(self) -> int:
        return sum(map(len, self._folders.values()))

    def items(self) -> ItemsView[str, Node | None]:
        """Return all names with their nodes, without looking each up by its name."""
        return _Items(self)

    def below(self, folder: str) -> list[str]:
        """Return the touched paths in a folder and in all folders in it."""
        prefix = folder + "/"
        inside = (names for one, names in self._folders.items() if one == folder or one.startswith(prefix))
        return [path for names in inside for path in names]


class _Items(ItemsView[str, "Node | None"]):
    def __init__(self, touched: Touched) -> None:
        super().__init__(touched)
        self._touched = touched

    def __iter__(self) -> Iterator[tuple[str, Node | None]]:
        for names in self._touched._folders.values():
            yield from names.items()
