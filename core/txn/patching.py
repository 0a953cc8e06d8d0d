"""A large file that changes in few places: all else is copied inside the kernel, or shared with the original.

Where edits keep the length, the file is copied through them and written over, so that a file system that shares extents
copies nothing but the blocks around the changes. Behind a change of length, blocks are no longer where they were, and the
kernel copies them.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.content.regions import Region
from core.fs.api import FileSystem, Handle
from core.progress import CancelToken, Meter

_AT_ONCE = 64 << 20  # bytes between two looks at the token, and two starts of writing back
_WAITING = 1000  # changes that wait to be written over a copy
_ALIGNED = 1 << 16  # bytes; extents can be shared from block to block, on every file system that does


class Patching:
    """Makes the new content in an empty file."""

    def __init__(self, fs: FileSystem, source: Handle, target: Handle, meter: Meter, token: CancelToken) -> None:
        self._fs = fs
        self._source = source
        self._target = target
        self._meter = meter
        self._token = token
        self._read = 0  # what of the source is copied or left out
        self._written = 0
        self._waiting: list[tuple[int, bytes]] = []  # (offset in the source, new bytes), of the same length as the old

    def run(self, regions: Iterable[Region]) -> int:
        """Do it, and return the size; what the source has behind the last region is kept."""
        for region in regions:
            self._token.check()
            if region.length == len(region.new):
                self._waiting.append((region.begin, region.new))
                if len(self._waiting) > _WAITING:
                    self._copy_up_to(region.begin // _ALIGNED * _ALIGNED)
                continue
            self._copy_up_to(region.begin)
            self._put(self._written, region.new)
            self._read += region.length
            self._written += len(region.new)
        self._copy_up_to(self._fs.fstat(self._source).size)
        return self._written

    def _copy_up_to(self, end: int) -> None:
        """Copy the source up to there, and write over it what waits and lies before that."""
        moved = self._written - self._read
        while self._read < end:
            self._token.check()
            size = min(end - self._read, _AT_ONCE)
            count = self._fs.copy_range(self._source, self._target, self._read, size, self._written)
            if not count:
                break  # it has become shorter: the size will tell
            self._fs.start_writeback(self._target, self._written, count)
            self._meter.bytes_done += count
            self._read += count
            self._written += count
        ready = [one for one in self._waiting if one[0] + len(one[1]) <= end]
        del self._waiting[: len(ready)]
        for offset, new in ready:
            self._put(offset + moved, new)

    def _put(self, offset: int, new: bytes) -> None:
        self._fs.seek(self._target, offset)
        self._fs.write(self._target, new)
