"""Search and replace in any encoding: the spans are those of the pattern, and no other byte changes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.content.edit import BadPattern, Tally
from core.content.encoding import UTF8, Codec, Unencodable, inspect
from core.content.search import How, Rule, Search, check


def apply(data: bytes, *rules: tuple[str, str], block: int = 1 << 20, codec: Codec = UTF8, **how: object) -> bytes:
    search = Search(tuple(Rule(*rule) for rule in rules), How(**how), codec, str(inspect([data]).newline or "\n"))  # type: ignore[arg-type]
    check(search.rules, search.how)
    blocks = [data[at : at + block] for at in range(0, len(data), block)]
    tally = Tally()
    result = b"".join(search.run(blocks, tally))
    assert search.matches(blocks) == (tally.matches > 0)
    return result


def test_two_words_change_places_in_one_pass() -> None:
    assert apply(b"a b ab\n", ("a", "b"), ("b", "a")) == b"b a ba\n"
    assert apply(b"one two\n", ("o(n)e", r"t\1"), ("t(w)o", r"o\1"), regex=True) == b"tn ow\n"


def test_the_leftmost_match_counts_and_of_those_the_first_rule() -> None:
    assert apply(b"abc\n", ("bc", "2"), ("ab", "1"), ("abc", "3")) == b"1c\n"
    assert apply(b"abc\n", ("b", "2"), ("a", "1"), regex=True) == b"12c\n"


@pytest.mark.parametrize(
    ("template", "result"),
    [
        (r"\2-\1", "world-hello"),
        (r"\g<2>\g<first>", "worldhello"),
        (r"\U\1\E \2", "HELLO world"),
        (r"\u\1 \u\2", "Hello World"),
        (r"\U\1 \l\2", "HELLO wORLD"),
        (r"\L\U\1\E\\\t", "HELLO\\\t"),
        (r"[\0]", "[hello world]"),
    ],
)
def test_groups_and_case_in_the_replacement(template: str, result: str) -> None:
    assert apply(b"hello world", (r"(?P<first>\w+) (\w+)", template), regex=True) == result.encode()


@pytest.mark.parametrize(
    ("old", "new"), [("colour", "color"), ("COLOUR", "COLOR"), ("Colour", "Color"), ("cOLOUR", "color")]
)
def test_the_case_of_what_is_replaced_is_kept(old: str, new: str) -> None:
    assert apply(old.encode(), ("colour", "color"), ignore_case=True, preserve_case=True) == new.encode()


def test_each_part_of_a_name_keeps_its_case() -> None:
    rule = ("old_name", "new_title")
    assert (
        apply(b"Old_Name old_name OLD_NAME", rule, ignore_case=True, preserve_case=True)
        == b"New_Title new_title NEW_TITLE"
    )


def test_a_whole_word_is_no_part_of_another() -> None:
    assert apply("cat cats écat cat_ (cat)".encode(), ("cat", "dog"), word=True) == "dog cats écat cat_ (dog)".encode()
    assert apply(b"-x --x", ("-x", "-y"), word=True) == b"-y --y"


def test_at_most_so_many_in_a_file() -> None:
    assert apply(b"aa\na\n" * 3, ("a", "b"), at_most=2) == b"bb\na\n" + b"aa\na\n" * 2


def test_a_match_stays_in_its_line_unless_it_may_leave_it() -> None:
    rule = (r"begin.*?end", "X")
    assert apply(b"begin\nend", rule, regex=True, dotall=True) == b"begin\nend"
    assert apply(b"begin\nend", rule, regex=True, multiline=True) == b"begin\nend"
    assert apply(b"begin\nend", rule, regex=True, multiline=True, dotall=True) == b"X"
    assert apply(b"a\nb\n", (r"^", "> "), regex=True, multiline=True) == b"> a\n> b\n> "


def test_a_new_line_has_the_line_end_that_the_file_has() -> None:
    assert apply(b"a b\r\nc\n", (" ", "\n")) == b"a\r\nb\r\nc\n"
    assert apply(b"a b\nc\r\n", (" ", "\n")) == b"a\nb\nc\r\n"


def test_mixed_line_ends_stay_mixed() -> None:
    assert apply(b"old\r\nold\nold\rold\r\n", ("old$", "new"), regex=True) == b"new\r\nnew\nold\rnew\r\n"


def test_a_backslash_in_half_a_japanese_character_is_none() -> None:
    data = "表\\能\n".encode("cp932")
    assert apply(data, ("\\", "/"), codec=Codec("cp932")) == "表/能\n".encode("cp932")


def test_a_character_that_the_encoding_lacks_is_never_a_question_mark() -> None:
    with pytest.raises(Unencodable) as caught:
        apply("é x\n".encode("cp1252"), ("x", "日"), codec=Codec("cp1252"))
    assert (caught.value.character, caught.value.encoding) == ("日", "cp1252")


@pytest.mark.parametrize(
    ("rule", "how"),
    [
        (("", "x"), {}),
        (("(", "x"), {"regex": True}),
        (("a)|(b", "x"), {"regex": True, "word": True}),
        (("a", r"\1"), {"regex": True}),
        (("a", r"\g<b>"), {"regex": True}),
        (("a", r"\q"), {"regex": True}),
        (("a", "\ud800"), {}),
    ],
)
def test_a_search_that_cannot_be_used_is_said_at_once(rule: tuple[str, str], how: dict[str, bool]) -> None:
    with pytest.raises(BadPattern):
        check((Rule(*rule),), How(**how))


def test_a_pattern_that_runs_wild_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.content.search._SECONDS", 0.2)
    with pytest.raises(TimeoutError):
        apply(b"a" * 40 + b"!", ("(a|aa)+$", "x"), regex=True)


_pieces = st.sampled_from(["a", "b", "ab", "é", "ß", "日", "\n", "\r\n", "\r", " ", "x"])
_texts = st.lists(_pieces, max_size=14).map("".join)
_encodings = st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-8-sig", "utf-16"])


def codec_of(name: str, data: bytes) -> Codec:
    found = inspect([data], None if name.endswith(("16", "sig")) and data else Codec(name.replace("-sig", "")))
    return found.codec if data else UTF8


def by_python(pattern: str, text: str) -> str:
    """Do line by line what the search does, on decoded text and with Python's own engine."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        bare = line if number == len(lines) - 1 else line.removesuffix("\r")
        lines[number] = re.sub(pattern, "<>", bare) + line[len(bare) :]
    return "\n".join(lines)


@given(
    text=_texts,
    name=_encodings,
    block=st.sampled_from([3, 7, 8, 1 << 20]),
    pattern=st.sampled_from(["a|é", "b.?", "ab", "[ßx]+", "(?<=a)b", "é$"]),
)
def test_the_result_is_what_python_makes_of_the_decoded_text(text: str, name: str, block: int, pattern: str) -> None:
    data = text.encode(name)

    found = apply(data, (pattern, "<>"), block=block, codec=codec_of(name, data), regex=True)

    assert found == by_python(pattern, text).encode(name)


_bytes = st.sampled_from([b"old", b"\xff", b"\n", b"\r\n", b"\xc3", b"\xc3\xa9", b"\0", b" ", b"\x95\\", b"o"])


@given(
    data=st.lists(_bytes, max_size=12),
    name=st.sampled_from(["utf-8", "cp1252", "cp932", "utf-16-le", "latin-1"]),
    block=st.sampled_from([1, 3, 1 << 20]),
    fancy=st.booleans(),
)
def test_bytes_outside_the_matches_are_the_same_whatever_they_are(
    data: list[bytes], name: str, block: int, fancy: bool
) -> None:
    whole = b"".join(data)
    codec = Codec("iso8859-1" if name == "latin-1" else name)
    search = Search((Rule("old", "new!"),), How(ignore_case=fancy), codec)
    blocks = [whole[at : at + block] for at in range(0, len(whole), block)]
    old, position = b"", 0
    for part, splices in search.splices(blocks):
        assert whole[position : position + len(part)] == part
        for begin, end, new in splices:
            old = part[begin:end]
            assert codec.decode(old).lower() == "old"
            assert codec.decode(new) == "new!"
        position += len(part)
    assert position == len(whole)
    result = b"".join(search.run(blocks, Tally()))
    if codec.is_bytewise and not fancy:
        assert result == whole.replace(b"old", b"new!")
    if not old:
        assert result == whole or codec.width > 1
