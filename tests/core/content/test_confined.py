"""To look at many lines at once finds what to look at each of them finds."""

from __future__ import annotations

from unittest.mock import PropertyMock, patch

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from core.content import search as content
from core.content.confined import is_confined
from core.content.edit import BadPattern
from core.content.search import How, Rule, Search

PIECES = [
    "a",
    "b",
    "é",
    " ",
    ".",
    "[ab]",
    r"[\w.-]",
    r"\w",
    r"\d",
    r"\.",
    r"\b",
    "(",
    "(?:",
    "(?P<x>",
    ")",
    "|",
    "\t",
    "1",
]
LOOSE = [
    "^",
    "$",
    r"\s",
    r"\W",
    "[^a]",
    "(?=",
    "(?i)",
    r"\n",
    "\n",
    "[",
    "]",
    "{",
    "}",
    r"\1",
    "(?>",
    r"[\t-z]",
    "{e<=1}",
    "#",
]
OFTEN = ["", "", "", "*", "+", "?", "{2}", "{1,2}", "*?", "++"]
pattern = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(OFTEN)), min_size=1, max_size=6).map(
    lambda parts: "".join(piece + often for piece, often in parts)
)
loose = st.lists(st.sampled_from(PIECES + LOOSE + OFTEN), min_size=1, max_size=8).map("".join)
text = st.lists(
    st.sampled_from(["a", "b", "A", "é", " ", ".", "1", "\n", "\n\n", "\t", "\udcff", "ß", "x"]), max_size=30
).map("".join)


def found(find: str, data: bytes, how: How, *, at_once: bool) -> list[tuple[int, int, bytes]]:
    """Return what is replaced, by offsets into the content."""
    one = Search((Rule(find, r"<\g<0>>" if how.regex else "<>"),), how)
    base, splices = 0, []
    with (
        patch.object(content, "_FAR", 1 << 40 if at_once else 0),
        patch.object(Search, "_is_confined", one._is_confined if at_once else PropertyMock(return_value=False)),
    ):
        if not at_once:
            assert not one._is_confined
        for block, changed in one.splices([data]):
            splices += [(base + begin, base + end, new) for begin, end, new in changed]
            base += len(block)
    return splices


def agree(find: str, data: bytes, how: How) -> None:
    try:
        content.check((Rule(find, ""),), how)
    except BadPattern:
        return
    assert found(find, data, how, at_once=True) == found(find, data, how, at_once=False)


@given(pattern | loose, text, st.booleans(), st.booleans(), st.sampled_from([0, 1, 3]))
@example("a*", "a\n\nb\n", False, False, 0)
@example(r"\ba?", "a\n\nb\n", False, False, 0)
@example(r"a\s?", "a\nb", False, False, 0)
@example("[^b]", "a\nb", False, False, 0)
@example("a.", "a\nab\n", False, False, 0)
@example("^a", "a\na", False, False, 0)
def test_patterns_find_the_same(find: str, data: str, ignore_case: bool, word: bool, at_most: int) -> None:
    how = How(regex=True, ignore_case=ignore_case, word=word, at_most=at_most)
    agree(find, data.encode("utf-8", "surrogateescape"), how)


@given(st.text("aé.b (1", min_size=1, max_size=3), text, st.booleans(), st.booleans())
def test_words_find_the_same(find: str, data: str, ignore_case: bool, word: bool) -> None:
    agree(find, data.encode("utf-8", "surrogateescape"), How(ignore_case=ignore_case, word=word))


@pytest.mark.parametrize(
    "find",
    [
        r"(\w+)_handler",
        r"module_init\((\w+)\)",
        r"\d+",
        "a|b",
        "[A-Za-z_]+",
        r"(?P<n>x)y{2,3}",
        r"\bfoo\b",
        "a.*b",
        "größe",
    ],
)
def test_ordinary_patterns_are_looked_for_in_many_lines_at_once(find: str) -> None:
    assert is_confined(find)


@pytest.mark.parametrize(
    "find",
    [r"a\s", "[^a]", r"\W", r"\D", "^a", "a$", r"\Ba", r"a\n", "a\n", "a\r", "(?=a)", "(?<!a)b", r"(a)\1", "(?i)a", "(?s).",
     r"[\t-z]", "[\n]", r"[\s]", r"[\W]", "[[:space:]]", "(?:a){e<=1}", "(?>a)", "a*", "a|", "(", "[", "\\", r"\p{L}",
     r"\R", r"\X", r"\Aa", r"a\Z", "[]a]", "(*FAIL)"],
)  # fmt: skip
def test_whatever_may_see_a_line_end_is_looked_for_line_by_line(find: str) -> None:
    assert not is_confined(find)


def test_thousands_of_words_are_not_counted_in_each_file() -> None:
    words = tuple(f"word{number}" for number in range(2000))

    assert content._is_in_many_lines(b"word1 " * 100, words[:2], ignore_case=False)
    assert not content._is_in_many_lines(b"word1 " * 100, words, ignore_case=False)


def test_where_carriage_returns_are_lines_are_looked_at_one_by_one() -> None:
    assert found("a.", b"ab\r\na\r\nac\n", How(regex=True), at_once=True) == [(0, 2, b"<ab>"), (7, 9, b"<ac>")]


def test_no_escape_that_is_taken_for_harmless_matches_a_line_end() -> None:
    for number in range(33, 127):
        for find in (f"\\{chr(number)}", f"[\\{chr(number)}]", f"[ -{chr(number)}]", chr(number)):
            if is_confined(find):
                assert regex.search(find, "\n", regex.V0) is None, find
