"""Writes plan files: one operation a line, in a stable order, so that a plan can be read and compared like code."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator

from core.content.convert import Conversion
from core.content.edit import Rewrite
from core.content.search import Search
from core.plan.plan import Plan

# What chooses the files; a plan that names them one by one needs none of it.
_CHOOSING = {"roots", "glob", "exclude", "hidden", "gitignore", "min_size", "max_size", "newer", "older", "without"}


def lines(operations: Iterable[dict[str, object]], name: str = "") -> Iterator[str]:
    """Yield the lines of a plan file, in ASCII, without line ends."""
    title = f' "name": {json.dumps(name)},' if name else ""
    yield f'{{"holdfast": 1,{title} "operations": ['
    before = ""
    for operation in operations:
        if before:
            yield f"{before},"
        before = f"  {json.dumps(operation)}"
    if before:
        yield before
    yield "]}"


def pinned(plan: Plan, operation: dict[str, object], folder: str, name: str = "") -> Iterator[str]:
    """Yield the lines of a plan that asks the same of every file by itself, and expects each as it was seen.

    `operation`: the search or conversion that the plan was made of; `folder`: where the plan file will lie.
    """
    return lines(_each(plan, operation, folder), name)


def _each(plan: Plan, operation: dict[str, object], folder: str) -> Iterator[dict[str, object]]:
    common = {key: value for key, value in operation.items() if key not in _CHOOSING}
    own = "from" if operation["op"] == "convert" else "encoding"
    for change, node in plan.changed():
        one = {"op": operation["op"], "roots": [_named(change.path, folder)], **common}
        encoding = _encoding(node.edits)
        if encoding != "utf-8":
            one[own] = encoding
        yield {**one, "expect": f"sha256:{change.digest_before}"}


def _encoding(rewrites: tuple[Rewrite, ...]) -> str:
    last = rewrites[-1] if rewrites else None
    return last.codec.name if isinstance(last, Search | Conversion) else "utf-8"


def _named(path: str, folder: str) -> str:
    """Return a path as the plan file is to name it: from its folder where that is possible."""
    below = folder.rstrip("/") + "/"
    return os.path.relpath(path, folder) if folder and path.startswith(below) else path
