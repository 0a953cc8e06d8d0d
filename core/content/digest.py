"""SHA-256 of content on its way; that of large content is taken beside, on another processor.

A file of 1 GiB takes longer to be digested than to be read and searched, and it is digested twice: as it is, and as it
will be. `hashlib` lets other threads run meanwhile, so each of the two gets a thread of its own once there is much to
do. Small files stay where they are: handing them over costs more than their digest.
"""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Iterable

_MUCH = 1 << 20  # bytes
_WAITING = 4  # blocks, and then whoever reads has to wait


class Digest:
    """Takes blocks in order. A context manager: its thread, if there is one, ends with it."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()
        self._blocks: queue.Queue[bytes] | None = None  # made when it is needed: it costs as much as a small digest
        self._thread: threading.Thread | None = None
        self._size = 0

    def __enter__(self) -> Digest:
        return self

    def __exit__(self, *_: object) -> None:
        self._finish()

    def update(self, block: bytes) -> None:
        """Add a block."""
        self._size += len(block)
        if self._size < _MUCH:
            self._sha.update(block)
            return
        if self._blocks is None:
            self._blocks = queue.Queue(_WAITING)
            self._thread = threading.Thread(target=self._work, args=(self._blocks,), name="digest", daemon=True)
            self._thread.start()
        if block:  # an empty one is the end
            self._blocks.put(block)

    def take(self, stream: Iterable[bytes]) -> int:
        """Add a whole stream and return its size in bytes."""
        size = 0
        for block in stream:
            size += len(block)
            self.update(block)
        return size

    def hex(self) -> str:
        """Return the digest of everything so far."""
        self._finish()
        return self._sha.hexdigest()

    def _work(self, blocks: queue.Queue[bytes]) -> None:
        while block := blocks.get():
            self._sha.update(block)

    def _finish(self) -> None:
        if self._blocks is not None and self._thread is not None:
            self._blocks.put(b"")
            self._thread.join()
            self._blocks = self._thread = None
