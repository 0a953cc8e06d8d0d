"""The format guard: a file that can be parsed now, and could not be after an edit, is a problem before it is written."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import NamedTuple

from core.content import formats
from core.content.formats import FormatError
from core.errors import ProblemCode
from core.fs.api import FileSystem
from core.plan import render
from core.plan.disk import Finding
from core.plan.node import UNGUARDED, Node

_AT_MOST = 8 << 20


class Broken(NamedTuple):
    """Where a content is not what its ending says, and why; lines count from 1, and 0 is none."""

    line: int
    reason: str


class Guard:
    """Keeps the new content of one file on its way, if there is a format to guard, and judges it afterwards."""

    def __init__(self, path: str, node: Node) -> None:
        self._path = path
        self._node = node
        self._parts: list[bytes] | None = [] if is_guarded(node) and formats.is_known(path) else None
        self._size = 0

    def __call__(self, stream: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the content as it is; what is larger than 8 MiB is not kept, and passes."""
        for chunk in stream:
            self._size += len(chunk)
            if self._size > _AT_MOST:
                self._parts = None
            if self._parts is not None:
                self._parts.append(chunk)
            yield chunk

    def check(self, fs: FileSystem) -> None:
        """Raise `Finding` if the edit breaks the format that the file's ending names."""
        broken = None if self._parts is None else _error(self._path, b"".join(self._parts))
        # The content before is read only where there is something to be said.
        if broken is not None and _error(self._path, _before(fs, self._node)) is None:
            demand_whole(self._path, broken)


def is_guarded(node: Node) -> bool:
    """Whether a file is edited, and its format is not to be broken by that."""
    return bool(node.edits and node.origin) and not node.flags & UNGUARDED


def broken(path: str, after: bytes, before: bytes) -> Broken | None:
    """Return how an edit breaks the format that the file's ending names; None where it does not."""
    if not formats.is_known(path) or len(after) > _AT_MOST:
        return None
    found = _error(path, after)
    return found if found is not None and _error(path, before) is None else None


def demand_whole(path: str, broken: Broken | None) -> None:
    """Raise `Finding` for an edit that breaks a format."""
    if broken is not None:
        raise Finding(ProblemCode.BROKEN_FORMAT, path, line=broken.line or "", reason=broken.reason)


def _before(fs: FileSystem, node: Node) -> bytes:
    parts: list[bytes] = []
    for block in render.read(fs, node.origin):
        parts.append(block)
        if sum(map(len, parts)) > 2 * _AT_MOST:
            break
    return b"".join(parts)


def _error(path: str, data: bytes) -> Broken | None:
    try:
        return _judged(path, data)
    except RecursionError:
        pass  # how deep a format may be nested must not depend on how deep we are ourselves: a plan would depend on it
    from concurrent.futures import ThreadPoolExecutor  # seldom

    with ThreadPoolExecutor(1) as elsewhere, contextlib.suppress(RecursionError):
        return elsewhere.submit(_judged, path, data).result()
    return None  # too deep to be judged


def _judged(path: str, data: bytes) -> Broken | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of the code is another matter
            formats.check(path, data)
    except FormatError as error:
        return Broken(error.line, error.reason)
    except (MemoryError, ValueError):
        return None
    return None
