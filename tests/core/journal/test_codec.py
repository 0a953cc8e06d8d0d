"""Frames: a torn end reads as absent, and damage is told apart from it."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import JournalDamaged
from core.journal import codec

payloads = st.dictionaries(st.text(), st.text() | st.integers() | st.none(), max_size=4)


def frames(data: bytes) -> list[codec.Record]:
    found, offset = [], 0
    while (frame := codec.decode(data, offset)) is not None:
        found.append(frame.record)
        offset = frame.end
    return found


@given(st.lists(payloads, max_size=5))
def test_records_come_back_as_they_were(records: list[codec.Record]) -> None:
    assert frames(b"".join(codec.encode(r, n) for n, r in enumerate(records))) == records


@given(st.lists(payloads, min_size=1, max_size=4), st.data())
def test_every_truncation_reads_as_a_prefix(records: list[codec.Record], data: st.DataObject) -> None:
    whole = b"".join(codec.encode(r, n) for n, r in enumerate(records))
    cut = data.draw(st.integers(0, len(whole) - 1))
    found = frames(whole[:cut])
    assert found == records[: len(found)] and len(found) < len(records)


@given(payloads, st.data())
def test_every_flipped_bit_is_caught(record: codec.Record, data: st.DataObject) -> None:
    frame = bytearray(codec.encode(record, 3))
    bit = data.draw(st.integers(0, len(frame) * 8 - 1))
    frame[bit // 8] ^= 1 << bit % 8
    assert codec.decode(bytes(frame)) is None


def test_a_bad_record_before_a_good_one_is_damage_and_not_a_torn_end() -> None:
    bad = bytearray(codec.encode({"t": "steps"}, 0))
    bad[-1] ^= 1
    codec.demand_torn(bytes(bad))
    with pytest.raises(JournalDamaged):
        codec.demand_torn(bytes(bad) + codec.encode({"t": "commit"}, 1))


def test_names_that_are_not_utf_8_survive() -> None:
    assert frames(codec.encode({"name": "\udcff\n"}, 0)) == [{"name": "\udcff\n"}]


def test_a_payload_too_deep_to_be_read_is_no_record() -> None:
    payload = b'{"t":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    checksum = zlib.crc32(payload, zlib.crc32(struct.pack("<II", len(payload), 0)))

    assert codec.decode(struct.pack("<4sIII", codec.MARKER, len(payload), 0, checksum) + payload) is None
