"""What is said to be in every match is in every match: else the sieve would lose files."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from core.content.encoding import inspect
from core.content.literals import required, telling, unfolded
from core.content.needles import Sieve, encoded, expression
from core.content.search import How, Rule, Search


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


FOLDABLE = [chr(code) for code in range(0x80, 0x11_0000) if any(one.isascii() for one in chr(code).casefold())]
IGNORING = regex.IGNORECASE | regex.FULLCASE


@given(st.lists(st.sampled_from([*FOLDABLE, "ı", "ß", *"aflkisntz_1"]), min_size=1, max_size=8).map("".join))
def test_without_case_the_telling_part_of_a_text_is_in_whatever_is_folded_to_it(text: str) -> None:
    find = text.casefold().upper().replace("\u0307", "")
    if not find.isascii() or not regex.fullmatch(regex.escape(find), text, IGNORING):
        return
    assert "".join(part for part, _ in unfolded(find)) == find
    for part in telling((find,)):
        assert part.lower() in text.lower()
    if telling((find,)):
        bytewise = expression((find,), ignore_case=True).removeprefix("(?i-u:").removesuffix(")")
        assert regex.search(bytewise.encode(), text.encode(), regex.IGNORECASE), bytewise


@pytest.mark.parametrize(("find", "text"), [("ʼnext_word", "ŉext_word"), ("ẖere", "ẖere"), ("aʾbc", "ẚbc")])
def test_without_case_a_letter_may_be_folded_with_one_that_is_not_ascii(find: str, text: str) -> None:
    search = Search((Rule(find, "x"),), How(ignore_case=True))

    assert search.matches([text.encode()])
    assert Sieve(search.needles(), ignore_case=True).keeps([text.encode()])
