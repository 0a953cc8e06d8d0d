"""What is said to be in every match is in every match: else the sieve would lose files."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from core.content.encoding import inspect
from core.content.literals import required
from core.content.needles import Sieve, encoded


@pytest.mark.parametrize(
    ("pattern", "needles"),
    [
        ("abc", ("abc",)),
        ("ab+c", ("ab",)),
        ("ab*cd", ("cd",)),
        ("(foo|barr)x", ("foo", "barr")),
        (r"\bint\s+main\(", ("main(",)),
        (r"(?P<name>\w+)\s*=\s*kmalloc\(", ("kmalloc(",)),
        ("x(?=abc)", ("x",)),
        ("x(?<!abc)yz", ("yz",)),
        (r"fo\.o", ("fo.o",)),
        ("[ab]cd[^]x]", ("cd",)),
        ("(abc){2,}", ("abc",)),
    ],
)
def test_a_pattern_tells_what_every_match_contains(pattern: str, needles: tuple[str, ...]) -> None:
    assert required(pattern, is_regex=True) == needles


@pytest.mark.parametrize(
    "pattern",
    [
        "a|",
        "(abc)?",
        "(?i)abc",
        "(?:foo){e<=1}",
        r"\p{Lu}abc",
        "a{0,3}",
        "[[:alpha:]]abc",
        r"\Lword",
        "(?|a|b)",
        "a(?#b)",
    ],
)
def test_what_is_not_plainly_understood_demands_nothing(pattern: str) -> None:
    assert required(pattern, is_regex=True) == ()


def test_a_literal_demands_its_longest_part_that_is_the_same_in_all_encodings() -> None:
    assert required("a straße", is_regex=False) == ("a stra",)
    assert required("é", is_regex=False) == ()


_atoms = st.sampled_from([*"abks.", "ab", "ss", r"\.", r"\w", "[ab]", "(a|b)", "(?:ab|s)", "(?=a)", "(?!b)", r"\b"])
_parts = st.tuples(_atoms, st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{0,1}", "{1,}?"])).map("".join)
patterns = st.lists(_parts, min_size=1, max_size=5).map("".join)
patterns |= st.tuples(patterns, patterns).map("|".join)
texts = st.text("abksAKS.ßſK \n", max_size=12)


@given(pattern=patterns, text=texts, ignore_case=st.booleans())
def test_no_text_with_a_match_falls_through_the_sieve(pattern: str, text: str, ignore_case: bool) -> None:
    try:
        compiled = regex.compile(pattern, regex.IGNORECASE | regex.FULLCASE if ignore_case else 0)
    except regex.error:
        return
    if compiled.search(text) is None:
        return
    sieve = Sieve(required(pattern, is_regex=True), ignore_case=ignore_case)
    for name in ("utf-8", "utf-16", "utf-16-le", "utf-32-be"):
        data = text.encode(name)
        if inspect([data]).codec.name != name and name != "utf-16":
            continue  # too little of it to be told for what it is
        assert sieve.keeps([data]), name
        assert sieve.keeps([data[:8192], data[8192:]]), name


def test_a_needle_is_found_across_two_blocks() -> None:
    sieve = Sieve(("needle",), ignore_case=False)
    wide = "a needle".encode("utf-16")
    assert sieve.keeps([b"a nee", b"dle"])
    assert sieve.keeps([wide[:9], wide[9:]])
    assert not sieve.keeps([b"a nee", b"", b"d"])
    assert encoded(("n",)) == [b"n"]
