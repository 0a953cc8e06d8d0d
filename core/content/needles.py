"""Whether a file can contain a match at all, from bytes that every match has, in any of the encodings that files have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.content.encoding import is_wide
from core.content.lines import finder
from core.content.literals import telling, unfolded
from core.content.occurs import occurs

_PROBE = 8192
_FEW = 5  # bytes: what is left of a shorter one would be in most files that have any of its letters


def encoded(needles: Iterable[str]) -> list[bytes]:
    """Return the bytes of ASCII texts: as in nearly every encoding, in UTF-16, and in UTF-32, in either order of bytes."""
    found: list[bytes] = []
    for needle in needles:
        found.append(needle.encode("ascii"))
        found.append(b"\0".join(bytes([byte]) for byte in needle.encode("ascii")))
        found.append(b"\0\0\0".join(bytes([byte]) for byte in needle.encode("ascii")))
    return list(dict.fromkeys(found))


def expression(needles: tuple[str, ...], *, ignore_case: bool) -> str:
    """Return a pattern over bytes for what a `Sieve` looks for, in what every version of ripgrep understands."""
    if not ignore_case:
        return f"(?-u:{_either(_unlike(encoded(needles)))})"
    parts = telling(needles)
    if not parts:
        return rf"(?i-u:{_either(encoded(needles))}|[\x00\x80-\xff])"
    wide = [one for one in _unlike(encoded(parts)) if b"\0" in one]
    return f"(?i-u:{'|'.join([*map(_foldable, needles), _either(wide)])})"


def _unlike(strings: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the strings, wide ones without their first letter: it is that of all others, too.

    Ripgrep 13 looks at each place where one letter is that all of them begin with, and takes three times as long.
    """
    for one in strings:
        yield one[1:] if b"\0" in one and len(one) > _FEW else one


def _either(strings: Iterable[bytes]) -> str:
    return "|".join("".join(f"\\x{byte:02x}" for byte in one) for one in strings)


def _foldable(needle: str) -> str:
    """Return a pattern for a needle in which other letters may stand for some of its own."""
    return "".join(
        _either([part.encode("ascii")]) if alone else rf"[{part}\x80-\xff]+" for part, alone in unfolded(needle)
    )


class Sieve:
    """Looks for needles in whole files, block by block.

    Where case does not matter, letters outside ASCII may be folded to those of a needle; where a needle has no part of
    which that is not true, a file with a byte that is not ASCII, or with a zero, is always kept. `binary`: whether files
    that are no text may match as well.
    """

    def __init__(self, needles: tuple[str, ...], *, ignore_case: bool, binary: bool = True) -> None:
        self._binary = binary
        self.ignore_case = ignore_case
        self.needles = needles
        self._alone = needles[0].encode("ascii") if len(needles) == 1 and not ignore_case else b""
        self._wide = [one for one in encoded(needles) if b"\0" in one or len(one) == 1]
        self._overlap = max((len(one) for one in encoded(needles)), default=1) - 1

    def keeps(self, chunks: Iterable[bytes]) -> bool:
        """Whether there may be a match; reads no further than it must."""
        if not self.needles:
            return True
        rest = b""
        wide = None
        for chunk in chunks:
            if wide is None:
                wide = is_wide(chunk)
                if not self._binary and not wide and chunk.find(0, 0, _PROBE) != -1:
                    return False
            data = rest + chunk if rest else chunk
            if self._is_in(data):
                return True
            if wide and (self.ignore_case or any(occurs(one, data) for one in self._wide)):
                return True
            rest = data[len(data) - self._overlap :] if self._overlap else b""
        return False

    def _is_in(self, data: bytes) -> bool:
        if self._alone:
            return occurs(self._alone, data)
        return finder(self.needles, data, ignore_case=self.ignore_case)(0) != -1
