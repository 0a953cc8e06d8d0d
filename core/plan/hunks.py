"""Single matches of a search with ids that stay: a saved plan leaves the same ones out when it is read again.

An id is made of what a person would tell a match by: its file, its line, what is found there, and whether it is the
first such one, or the second. So a change elsewhere in the file changes no id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from core.content.fitting import Splices
from core.content.search import Search
from core.fs.api import FileSystem
from core.plan import render
from core.plan.operations import FindReplace, Patch
from core.plan.plan import Plan


class Hunk(NamedTuple):
    """One match. `number` counts from 0 in its pass, `line` from 1; `offset` and `length` in bytes of what is searched."""

    id: str
    number: int
    line: int
    offset: int
    old: bytes
    new: bytes


def hunks(search: Search, chunks: Iterable[bytes], relative: str, part: int = 0) -> Iterator[Hunk]:
    """Yield all matches of one pass (`part`: its number) over a file with that path below the search's root."""
    seen: dict[bytes, int] = {}
    number, line, base = 0, 1, 0
    newline = search.codec.encode("\n")
    for block, splices in search.splices(chunks):
        at = 0
        for begin, end, new in splices:
            line += block.count(newline, at, begin)
            at = begin
            old = block[begin:end]
            first = block.rfind(newline, 0, begin) + 1
            last = block.find(newline, end)
            essence = b"\0".join((str(part).encode(), old, block[first : last if last != -1 else None], new))
            seen[essence] = seen.get(essence, 0) + 1
            yield Hunk(_ident(relative, essence, seen[essence]), number, line, base + begin, old, new)
            number += 1
        line += block.count(newline, at)
        base += len(block)


def passes(operation: FindReplace) -> tuple[Search, ...]:
    """Return the passes over a file that an operation asks for."""
    rules = [operation.rules] if operation.simultaneous else [(rule,) for rule in operation.rules]
    return tuple(Search(one, operation.how) for one in rules)


def matches(fs: FileSystem, plan: Plan, index: int, operation: FindReplace) -> Iterator[Hunk]:
    """Yield the matches of an operation in the change with that index, each pass over what the one before it made."""
    path, node = plan.node(index)
    if node is None:
        return
    wanted = list(passes(operation))
    relative = _relative(fs, path, operation.scope.roots)
    for number, one in enumerate(node.edits):
        if wanted and isinstance(one, Search) and (one.rules, one.how) == (wanted[0].rules, wanted[0].how):
            part = len(passes(operation)) - len(wanted)
            earlier = replace(node, edits=node.edits[:number])
            content = render.chunks(fs, earlier, plan.scratch)
            yield from hunks(replace(one, skip=frozenset()), content, relative, part)
            wanted.pop(0)


def parts(fs: FileSystem, plan: Plan, index: int, operation: Patch) -> Iterator[Hunk]:
    """Yield the parts of a diff that are about the file of the change with that index."""
    _, node = plan.node(index)
    for number, one in enumerate(node.edits if node is not None else ()):
        if node is not None and isinstance(one, Splices) and one.diff == operation.path:
            before = b"".join(render.chunks(fs, replace(node, edits=node.edits[:number]), plan.scratch))
            for place, part in enumerate(one.parts):
                yield Hunk(part.id, place, part.line, part.begin, before[part.begin : part.end], part.new)


def _relative(fs: FileSystem, path: str, roots: tuple[str, ...]) -> str:
    """Return the path below the first root that holds it, "" for a root itself."""
    for root in map(fs.resolve, roots):
        if path == root:
            return ""
        if path.startswith(root.rstrip("/") + "/"):
            return path[len(root.rstrip("/")) + 1 :]
    return path


def _ident(relative: str, essence: bytes, time: int) -> str:
    sha = hashlib.blake2b(digest_size=8)
    sha.update(relative.encode("utf-8", "surrogateescape") + f"\0{time}\0".encode() + essence)
    return sha.hexdigest()
