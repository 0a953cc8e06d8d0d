"""The format guard: a file that can be parsed now, and could not be after an edit, is a problem before it is written."""

from __future__ import annotations

import warnings

from core.content import formats
from core.content.formats import FormatError
from core.errors import ProblemCode
from core.fs.api import FileSystem
from core.plan import render
from core.plan.disk import Finding
from core.plan.node import UNGUARDED, Node
from core.plan.plan import Plan

_AT_MOST = 8 << 20


def check(fs: FileSystem, plan: Plan, path: str, node: Node, size: int) -> None:
    """Raise `Finding` if an edit breaks the format that the file's ending names; sizes in bytes, larger ones pass."""
    if not node.edits or not node.origin or node.flags & UNGUARDED or size > _AT_MOST:
        return
    if not formats.is_known(path):
        return
    broken = _error(path, b"".join(render.chunks(fs, node, plan.scratch)))
    # The content before is read only where there is something to be said.
    if broken is not None and _error(path, _before(fs, node)) is None:
        raise Finding(ProblemCode.BROKEN_FORMAT, path, line=broken.line or "", reason=broken.reason)


def _before(fs: FileSystem, node: Node) -> bytes:
    parts: list[bytes] = []
    for block in render.read(fs, node.origin):
        parts.append(block)
        if sum(map(len, parts)) > 2 * _AT_MOST:
            break
    return b"".join(parts)


def _error(path: str, data: bytes) -> FormatError | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of the code is another matter
            formats.parse(path, data)
    except FormatError as error:
        return error
    except (RecursionError, MemoryError, ValueError):
        return None  # too deep to be judged
    return None
