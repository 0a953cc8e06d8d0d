"""Content cut where lines end, in any encoding, and the lines in which something may be found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from itertools import chain

from core.content.blocks import cut, end_of_lines
from core.content.encoding import Codec
from core.content.literals import telling


def blocks(chunks: Iterable[bytes], codec: Codec, *, whole: bool) -> Iterator[bytes]:
    """Yield the content in blocks that end where a line does, or (`whole`) in one; a byte order mark comes by itself.

    Half a character at the end comes by itself too: it is kept, and never searched. Raises `LineTooLong`.
    """
    stream = iter(chunks)
    first = next(stream, b"")
    while len(first) < len(codec.mark) and (more := next(stream, b"")):
        first += more
    if codec.mark and first.startswith(codec.mark):
        yield codec.mark
        first = first[len(codec.mark) :]
    for block in cut(_aligned(chain([first], stream), codec.width), _end(codec, whole=whole)):
        odd = len(block) % codec.width
        if len(block) > odd:
            yield block[: len(block) - odd]
        if odd:
            yield block[len(block) - odd :]


def _end(codec: Codec, *, whole: bool) -> Callable[[bytes], int]:
    """Return what says where the last whole line of a chunk ends; 0 for none."""
    if whole:
        return lambda chunk: 0
    return end_of_lines if codec.width == 1 else partial(_last_end, codec)


def _aligned(chunks: Iterable[bytes], width: int) -> Iterator[bytes]:
    """Yield the content in chunks of whole units; what is left of one comes last."""
    rest = b""
    for chunk in chunks:
        joined = rest + chunk
        end = len(joined) - len(joined) % width
        yield joined[:end]
        rest = joined[end:]
    yield rest


def _last_end(codec: Codec, data: bytes) -> int:
    """Return where the last whole line ends in text of wide characters, 0 where none does."""
    newline = codec.encode("\n")
    end = len(data)
    while (found := data.rfind(newline, 0, end)) != -1:
        if found % codec.width == 0:
            return found + codec.width
        end = found + codec.width - 1
    return 0


def line_starts(block: bytes, codec: Codec) -> Iterator[tuple[int, int]]:
    """Yield (begin, end) of every line of a block of wide characters, line ends left aside."""
    newline, carriage = codec.encode("\n"), codec.encode("\r")
    begin = at = 0
    while (at := block.find(newline, at)) != -1:
        if at % codec.width:
            at += 1
            continue
        end = at - codec.width if block[begin:at].endswith(carriage) and at > begin else at
        yield begin, end
        begin = at = at + codec.width
    if begin < len(block) and len(block) % codec.width == 0:
        yield begin, len(block)


def candidates(block: bytes, needles: tuple[str, ...], *, ignore_case: bool) -> Iterator[tuple[int, int]]:
    """Yield (begin, end) of the lines that contain one of the needles, line ends left aside; of all lines without any."""
    if not needles:
        yield from _all_lines(block)
        return
    find = finder(needles, block, ignore_case=ignore_case)
    at = 0
    while (hit := find(at)) != -1:
        begin = block.rfind(b"\n", 0, hit) + 1
        end = block.find(b"\n", hit)
        at = len(block) if end == -1 else end + 1
        end = len(block) if end == -1 else end
        yield begin, (end - 1 if block[end - 1 : end] == b"\r" and at != end and end > begin else end)
        if at >= len(block):
            return


def _all_lines(block: bytes) -> Iterator[tuple[int, int]]:
    begin = 0
    while begin < len(block):
        end = block.find(b"\n", begin)
        if end == -1:
            # A carriage return that no line feed follows is a character of the line.
            yield begin, len(block) - block.endswith(b"\r")
            return
        yield begin, (end - 1 if block[end - 1 : end] == b"\r" and end > begin else end)
        begin = end + 1


def finder(needles: tuple[str, ...], data: bytes, *, ignore_case: bool) -> Callable[[int], int]:
    """Return what says where the first of some needles is in `data` from an offset on, -1 for nowhere.

    Without case a byte that is not ASCII counts as one of them where it may belong to something that folds to ASCII
    (K, ſ, ß), so it is left to the pattern.
    """
    if ignore_case and (data.isascii() or telling(needles)):  # nearly always, and twenty times as fast
        needles = tuple(one.lower() for one in (needles if data.isascii() else telling(needles)))
        data, ignore_case = data.lower(), False
    if len(needles) == 1 and not ignore_case:
        return partial(data.find, needles[0].encode())
    pattern = _alternation(needles, ignore_case=ignore_case)

    def find(at: int) -> int:
        found = pattern.search(data, at)
        return found.start() if found else -1

    return find


@lru_cache(maxsize=64)
def _alternation(needles: tuple[str, ...], *, ignore_case: bool) -> re.Pattern[bytes]:
    either = b"|".join(re.escape(needle.encode()) for needle in needles)
    return re.compile(b"[\x80-\xff]|" + either, re.IGNORECASE) if ignore_case else re.compile(either)
