"""Find and replace on streams: where the blocks are cut never matters, and what is not matched is not touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.content.edit import BadPattern, Edit, Tally, check, run


def apply(edit: Edit, data: bytes, block: int = 1 << 20) -> tuple[bytes, int]:
    tally = Tally()
    blocks = [data[i : i + block] for i in range(0, len(data), block)]
    return b"".join(run(edit, blocks, tally)), tally.matches


texts = st.lists(st.sampled_from([b"a", b"b", b"\n", b"\r", b"\xff", b"\xc3\xa9"])).map(b"".join)


@given(data=texts, find=st.text("ab", min_size=1, max_size=3), block=st.integers(1, 9))
def test_a_literal_is_replaced_wherever_the_blocks_are_cut(data: bytes, find: str, block: int) -> None:
    expected = data.replace(find.encode(), b"X"), data.count(find.encode())
    assert apply(Edit(find, "X"), data, block) == expected
    assert apply(Edit(find, "X", regex=True), data, block) == expected


@given(data=texts, block=st.integers(1, 9))
def test_a_pattern_without_a_match_leaves_every_byte(data: bytes, block: int) -> None:
    assert apply(Edit("z", "X", regex=True), data, block) == (data, 0)


def test_a_pattern_sees_one_line_at_a_time_and_keeps_its_line_end() -> None:
    edit = Edit("^(.)(.*)$", r"\2\1", regex=True)
    assert apply(edit, b"abc\r\nxyz\n\xffq") == (b"bca\r\nyzx\nq\xff", 3)


def test_an_empty_file_has_no_line_and_the_end_of_the_last_line_begins_none() -> None:
    assert apply(Edit("^", "> ", regex=True), b"") == (b"", 0)
    assert apply(Edit("^", "> ", regex=True), b"a\nb\n") == (b"> a\n> b\n", 2)


def test_ignoring_case_keeps_bytes_that_are_not_utf_8() -> None:
    assert apply(Edit("É", "e", ignore_case=True), "xé\n".encode() + b"\xe9") == (b"xe\n\xe9", 1)


@pytest.mark.parametrize(
    "edit",
    [
        Edit("", "x"),
        Edit("(", "x", regex=True),
        Edit("a", r"\7", regex=True),
        Edit("a\nb", "x", ignore_case=True),
        Edit("a", "\ud800"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_said_before_any_file_is_read(edit: Edit) -> None:
    with pytest.raises(BadPattern):
        check(edit)
