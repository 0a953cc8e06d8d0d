"""Small files that a plan changes one by one, read before they are settled: by several processes where there are many.

Nothing is changed by that, nor refused: a file that is not so plain, or with which anything is wrong, is left as it is to
`settle`, which comes to each of them in its turn and says what is wrong.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from typing import BinaryIO

from core.content.edit import Tally
from core.fs import files
from core.fs.api import FileSystem, Kind
from core.fs.walk import Whole
from core.plan import render
from core.plan.disk import Finding
from core.plan.guard import is_guarded
from core.plan.node import Node
from core.plan.plan import Plan
from core.plan.seen import Seen, see
from core.progress import CancelToken
from core.relay import Relay

_SMALL = 1 << 18  # bytes: what is larger streams
_AT_ONCE = 32  # files that a process reads before it says so


class Reader:
    """Reads files of a plan that is complete, but for its facts."""

    def __init__(self, fs: FileSystem, plan: Plan, token: CancelToken) -> None:
        self._fs = fs
        self._plan = plan
        self._token = token

    def run(self, paths: Iterable[str], processes: int) -> Generator[tuple[str, Seen | None], None, None]:
        """Yield each path, in their order, with what was seen of the file."""
        begun: list[list[str]] = []
        try:
            scratch = files.reader(self._plan.scratch)
        except OSError:  # no room for what the plan holds: each file's own problem
            yield from ((path, None) for path in paths)
            return
        relay = Relay(partial(self._take, scratch), lambda _: True, processes, self._token.check)
        with scratch, closing(relay.run(_parted(paths, begun))) as looks:
            for seen in looks:
                yield from zip(begun.pop(0), seen, strict=True)

    def _take(self, scratch: BinaryIO, paths: list[str]) -> list[Seen | None]:
        found: list[Seen | None] = []
        for path in paths:
            self._token.check()
            node = self._plan.tree.names[path]
            try:
                found.append(self._seen(scratch, path, node) if node is not None and _is_plain(node) else None)
            except TimeoutError:  # a pattern that runs wild in one file does so in others: nobody waits for it twice
                break
            except (Finding, OSError, ValueError):  # ValueError: whatever is wrong with a content
                found.append(None)
        return found + [None] * (len(paths) - len(found))

    def _seen(self, scratch: BinaryIO, path: str, node: Node) -> Seen | None:
        was = self._content(node.origin)
        if was is None or node.refuses(was.content):
            return None
        tally = Tally()
        source = files.read_slice(scratch, *node.slice) if node.slice is not None else iter((was.content,))
        after = b"".join(render.edited(node.edits, source, tally))
        disk, guarded = self._plan.tree.disk, is_guarded(node)
        return see(disk, path, node.origin, was, after, tally.matches, guarded=guarded)

    def _content(self, origin: str) -> Whole | None:
        """Read a file as `walk.whole` does, but wherever the plan is; None for one that is large, or changes meanwhile."""
        handle = render.open_file(self._fs, origin)
        try:
            read_ns = time.time_ns()
            stat = self._fs.fstat(handle)
            if stat.size > _SMALL:
                return None
            content = self._fs.read_at(handle, stat.size + 1, 0)
        finally:
            self._fs.close(handle)
        return Whole(stat.dev, stat.ino, stat.mtime_ns, read_ns, content) if len(content) == stat.size else None


def _is_plain(node: Node) -> bool:
    """Whether new content is made of a little that the plan holds, or of the file itself."""
    if node.kind is not Kind.FILE or node.is_deleted or node.source or not node.origin or not node.has_new_content:
        return False
    return node.slice is None or node.slice[1] <= _SMALL


def _parted(paths: Iterable[str], begun: list[list[str]]) -> Iterator[list[str]]:
    """Yield the paths in parts, and note each in `begun`."""
    coming = iter(paths)
    while part := list(islice(coming, _AT_ONCE)):
        begun.append(part)
        yield part
