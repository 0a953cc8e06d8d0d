"""A folder that goes to another disk cannot be renamed there: what is in it goes piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

from core.errors import ProblemCode
from core.fs.api import Kind
from core.plan.disk import Finding
from core.plan.node import Node
from core.plan.tree import Tree


def is_on_other_disk(tree: Tree, node: Node, target: str) -> bool:
    """Whether what is on the disk before the batch would have to leave that disk to get to `target`."""
    if not node.origin:
        return False
    return tree.disk.device(node.origin) != tree.disk.device(tree.before(target) or target)


def pieces(tree: Tree, folder: str, target: str) -> list[tuple[str, str, Node]]:
    """Return (path, new path, what is there by now) of a folder and of all that is in it, folders first.

    Raises a finding for what can only be on the disk where it is.
    """
    found = list(_pieces(tree, folder, target))
    for path, _, node in found:
        if node.kind is Kind.SPECIAL:
            raise Finding(ProblemCode.SPECIAL_FILE, path)
        if node.origin and tree.disk.is_mount_point(node.origin):
            raise Finding(ProblemCode.MOUNT_POINT, path)
    return found


def _pieces(tree: Tree, folder: str, target: str) -> Iterator[tuple[str, str, Node]]:
    node = tree.at(folder)
    assert node is not None
    yield folder, target, node
    for name in sorted(_names(tree, folder)):
        path, to = f"{folder}/{name}", f"{target}/{name}"
        inner = tree.at(path)
        if inner is not None and inner.kind is Kind.FOLDER:
            yield from _pieces(tree, path, to)
        elif inner is not None:
            yield path, to, inner


def _names(tree: Tree, folder: str) -> set[str]:
    touched = (path.rpartition("/") for path in tree.names.below(folder))
    found = {name for above, _, name in touched if above == folder}
    before = tree.before(folder)
    return found | set(tree.disk.list(before)) if before else found
