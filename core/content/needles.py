"""Whether a file can contain a match at all, from bytes that every match has, in any of the encodings that files have."""

from __future__ import annotations

from collections.abc import Iterable

from core.content.lines import finder

_PROBE = 8192
_MARKS = (b"\xff\xfe", b"\xfe\xff")


def encoded(needles: Iterable[str]) -> list[bytes]:
    """Return the bytes of ASCII texts: as in nearly every encoding, in UTF-16, and in UTF-32, in either order of bytes."""
    found: list[bytes] = []
    for needle in needles:
        found.append(needle.encode("ascii"))
        found.append(b"\0".join(bytes([byte]) for byte in needle.encode("ascii")))
        found.append(b"\0\0\0".join(bytes([byte]) for byte in needle.encode("ascii")))
    return list(dict.fromkeys(found))


class Sieve:
    """Looks for needles in whole files, block by block.

    Where case does not matter, a file with a byte that is not ASCII, or with a zero, is always kept: letters outside
    ASCII may be folded to letters inside it.
    """

    def __init__(self, needles: tuple[str, ...], *, ignore_case: bool) -> None:
        self._ignore_case = ignore_case
        self._find = finder(needles, ignore_case=ignore_case) if needles else None
        self._wide = [one for one in encoded(needles) if b"\0" in one or len(one) == 1]
        self._overlap = max((len(one) for one in encoded(needles)), default=1) - 1

    def keeps(self, chunks: Iterable[bytes]) -> bool:
        """Whether there may be a match; reads no further than it must."""
        if self._find is None:
            return True
        rest = b""
        wide = None
        for chunk in chunks:
            if wide is None:
                wide = b"\0" in chunk[:_PROBE] or chunk.startswith(_MARKS)
            data = rest + chunk if rest else chunk
            if self._find(data) != -1 or (wide and (self._ignore_case or any(one in data for one in self._wide))):
                return True
            rest = data[len(data) - self._overlap :] if self._overlap else b""
        return False
