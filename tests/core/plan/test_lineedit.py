"""What is typed in the place of a line changes that line and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.plan.lineedit import edit_of_line


@pytest.mark.parametrize(
    ("content", "number", "text", "find", "put"),
    [
        ("a\nb\nc\n", 2, "x", "b", "x"),
        ("a\nb\na\n", 3, "x", "b\na\n", "b\nx\n"),  # the first “a” is another line
        ("aa\na\n", 2, "x", "aa\na\n", "aa\nx\n"),  # and “a” is a part of “aa”
        ("a\r\nb\r\n", 2, "x", "b\r", "x\r"),
        ("a\n\nb", 2, "x", "a\n\nb", "a\nx\nb"),
        ("a", 1, "", "a", ""),
    ],
)
def test_the_smallest_place_that_is_the_only_one(content: str, number: int, text: str, find: str, put: str) -> None:
    assert edit_of_line(content, number, text) == (find, put)


@pytest.mark.parametrize(("content", "number"), [("a\nb", 3), ("a", 0), ("", 1)])
def test_what_is_no_line_cannot_be_typed_over(content: str, number: int) -> None:
    with pytest.raises(ValueError, match="line"):
        edit_of_line(content, number, "x")


@given(st.lists(st.sampled_from(["", "a", "aa", "b"]), min_size=1, max_size=8), st.integers(0, 7), st.text("xy"))
def test_only_that_line_changes(lines: list[str], index: int, text: str) -> None:
    index %= len(lines)
    content = "\n".join(lines)
    if not content:
        return
    find, put = edit_of_line(content, index + 1, text)
    wanted = "\n".join([*lines[:index], text, *lines[index + 1 :]])
    assert (content.count(find), content.replace(find, put, 1)) == (1, wanted)
