"""An encoding is found out, or named; and whatever a file holds, every byte of it comes back."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.content.encoding import UTF8, Codec, inspect, named

GERMAN = "Überraschung für größere Äpfel, naïve café\r\n"
JAPANESE = "これは日本語のテキストです。ファイルを変換する。\n"
RUSSIAN = "Привет, мир. Это русский текст для проверки\n"
CODECS = ["utf-8", "cp1252", "koi8-r", "cp932", "euc_jp", "gb18030", "big5", "cp949"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cp1252", GERMAN),
        ("cp1252", "caf\xe9 = 1\n"),
        ("cp1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("cp932", JAPANESE),
        ("euc_jp", JAPANESE),
        ("gb18030", "这是一个中文文本文件，用于测试编码检测。\n"),
        ("big5", "這是一個中文文本檔案，用於測試編碼檢測。\n"),
        ("cp949", "이것은 한국어 텍스트입니다. 테스트 파일입니다.\n"),
        ("utf-16-le", GERMAN),
        ("utf-16-be", GERMAN),
        ("utf-8", GERMAN + JAPANESE),
    ],
)
def test_an_encoding_is_found_out_without_a_mark(name: str, text: str) -> None:
    found = inspect([text.encode(name)])
    assert found.is_text
    assert found.codec == Codec(name)


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_decides(name: str) -> None:
    found = inspect([GERMAN.encode(name)])
    assert found.codec.mark
    assert found.newline == "\r\n"
    assert codecs.lookup(found.codec.name).name in name.replace("-sig", "") + "-le"


def test_a_file_with_zeros_is_no_text_and_a_few_broken_bytes_make_no_other_encoding() -> None:
    assert not inspect([b"\x7fELF\0\0\0\1abc"]).is_text
    assert inspect([(JAPANESE * 3).encode() + b"\xff\n"]).codec == UTF8


@pytest.mark.parametrize(
    "name",
    ["iso2022_jp", "utf-7", "hz", "big5hkscs", "shift_jis_2004", "euc_jisx0213", "no such thing", "rot13", "base64"],
)
def test_an_encoding_that_cannot_be_cut_between_characters_is_refused(name: str) -> None:
    with pytest.raises(LookupError):
        named(name)


@example(data=b"\x82\xfb\xe1", name="cp932", data_text="")  # half a character, then one that has two codes
@example(data=b"\xa1\xfe\x81\xe0\x81\x81", name="big5", data_text="")
@given(data=st.binary(max_size=40), name=st.sampled_from(CODECS), data_text=st.text("aé日я\\~", max_size=9))
def test_offsets_cut_the_bytes_where_the_characters_are(data: bytes, name: str, data_text: str) -> None:
    codec = Codec(name)
    raw = data_text.encode(name, "ignore") + data
    text = codec.decode(raw)
    marks = list(range(len(text) + 1))
    offsets = codec.offsets(raw, text, marks)

    assert (offsets[0], offsets[-1]) == (0, len(raw))
    assert offsets == sorted(offsets)
    for number, character in enumerate(text):
        assert codec.decode(raw[offsets[number] : offsets[number + 1]]).startswith(character)
