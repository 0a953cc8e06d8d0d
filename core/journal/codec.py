"""Frames: how records lie in a journal file.

A frame is a marker, the payload's length, the record's sequence number, and a CRC-32 over length, number and payload;
the payload is JSON in ASCII. A frame that does not verify is a *torn end* if nothing after it verifies: the write was
cut off by a crash and the record reads as absent. If a later frame verifies, the file is damaged and must not be
believed (Protocol-aware recovery, FAST'18).
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass

from core.errors import JournalDamaged

MARKER = b"\nHFr"
_HEAD = struct.Struct("<4sIII")  # marker, length, sequence number, checksum
HEAD_SIZE = _HEAD.size
MAX_PAYLOAD = 1 << 24

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class Frame:
    """A verified record and where it lies; offsets in bytes."""

    record: Record
    sequence: int
    start: int
    end: int


def encode(record: Record, sequence: int) -> bytes:
    """Return the frame of a record."""
    payload = json.dumps(record, separators=(",", ":")).encode("ascii")
    if len(payload) > MAX_PAYLOAD:
        raise ValueError("record too long")
    return _HEAD.pack(MARKER, len(payload), sequence, _checksum(sequence, payload)) + payload


def decode(data: bytes, offset: int = 0) -> Frame | None:
    """Return the frame that begins at `offset`, or None where there is no whole, verified one."""
    if len(data) - offset < HEAD_SIZE:
        return None
    marker, length, sequence, checksum = _HEAD.unpack_from(data, offset)
    start = offset + HEAD_SIZE
    payload = data[start : start + length]
    if marker != MARKER or length > MAX_PAYLOAD or len(payload) != length:
        return None
    if _checksum(sequence, payload) != checksum:
        return None
    try:
        record = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    return Frame(record, sequence, offset, start + length)


def payload_length(head: bytes) -> int | None:
    """Return the length that a frame's head announces, or None when it is no head."""
    if len(head) < HEAD_SIZE:
        return None
    marker, length, _, _ = _HEAD.unpack_from(head)
    return length if marker == MARKER and length <= MAX_PAYLOAD else None


def demand_torn(tail: bytes) -> None:
    """Raise `JournalDamaged` if any frame in `tail`, which begins with a bad one, verifies after all."""
    position = tail.find(MARKER, 1)
    while position != -1:
        if decode(tail, position) is not None:
            raise JournalDamaged(offset=position)
        position = tail.find(MARKER, position + 1)


def _checksum(sequence: int, payload: bytes) -> int:
    return zlib.crc32(payload, zlib.crc32(struct.pack("<II", len(payload), sequence)))
