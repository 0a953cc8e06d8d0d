"""Changes of files that are no text, as `git diff --binary` writes them: base 85, deflated, whole or as a delta."""

from __future__ import annotations

import base64
import hashlib
import zlib
from dataclasses import dataclass

_AT_MOST = 256 << 20  # bytes that one change may inflate to


class BadBlob(ValueError):
    """It cannot be decoded, or does not belong to that content."""


@dataclass(frozen=True, slots=True)
class Blob:
    """The new content (`is_delta`: how to make it of the old one)."""

    data: bytes
    is_delta: bool

    def apply(self, before: bytes) -> bytes:
        """Return the new content. Raises `BadBlob`."""
        return _patched(before, self.data) if self.is_delta else self.data


def decode(size: int, lines: list[bytes], *, is_delta: bool) -> Blob:
    """Decode the lines of a part; `size` is what they must inflate to, in bytes. Raises `BadBlob`."""
    if size > _AT_MOST:
        raise BadBlob("a binary part is larger than 256 MiB")
    try:
        packed = b"".join(_line(line) for line in lines)
        inflate = zlib.decompressobj()
        data = inflate.decompress(packed, size + 1)
    except (ValueError, zlib.error) as error:
        raise BadBlob("a binary part cannot be decoded") from error
    if len(data) != size:
        raise BadBlob("a binary part has another size than it says")
    return Blob(data, is_delta)


def _line(line: bytes) -> bytes:
    code = line[0]
    size = code - 64 if code <= 90 else code - 70  # A to Z are 1 to 26, a to z are 27 to 52
    data = base64.b85decode(line[1:])
    if not 0 < size <= len(data):
        raise ValueError(line)
    return data[:size]


def is_of(content: bytes, name: bytes) -> bool:
    """Whether a content has the name that git gives it, be it shortened; a name of zeros is that of nothing."""
    if not name.strip(b"0"):
        return not content
    algorithm = hashlib.sha256 if len(name) > 40 else hashlib.sha1
    found = algorithm(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
    return found.encode().startswith(name)


def _patched(before: bytes, delta: bytes) -> bytes:
    """Make a content of another one by a delta as in git's pack files."""
    try:
        source, at = _number(delta, 0)
        target, at = _number(delta, at)
        if source != len(before):
            raise BadBlob("it is for a file of another size")
        parts: list[bytes] = []
        while at < len(delta):
            part, at = _instruction(before, delta, at)
            parts.append(part)
    except IndexError as error:
        raise BadBlob("a binary part ends too early") from error
    after = b"".join(parts)
    if len(after) != target:
        raise BadBlob("a binary part makes another size than it says")
    return after


def _instruction(before: bytes, delta: bytes, at: int) -> tuple[bytes, int]:
    """Return (what comes next, where the next instruction is)."""
    code = delta[at]
    at += 1
    if not code & 128:
        if not code:
            raise BadBlob("a binary part has an instruction that nobody knows")
        return delta[at : at + code], at + code
    fields = [0] * 7
    for bit in range(7):
        if code >> bit & 1:
            fields[bit] = delta[at]
            at += 1
    offset = int.from_bytes(bytes(fields[:4]), "little")
    size = int.from_bytes(bytes(fields[4:]), "little") or 0x10000
    if offset + size > len(before):
        raise BadBlob("a binary part takes more than there is")
    return before[offset : offset + size], at


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 128:
            return value, at
