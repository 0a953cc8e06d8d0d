"""Which encoding a file has, and text to bytes and back so that no byte is lost.

A byte order mark decides; else strict UTF-8; else a guess, which `charset-normalizer` makes among the encodings that
are in real use. Bytes that the encoding does not know become lone surrogates and come out as they went in.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

_MARKS = (  # the longer ones first: UTF-32 begins as UTF-16 does
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_WIDTHS = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
# Where a text of these is cut at a line end, the next line can be read without the one before.
_GUESSES = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "cp437", "cp850"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
)
_PROBE = 8192
_HEAD = 1 << 16
_WIDE_PROBE = 1024
_AS_GOOD = 0.02
_SAMPLE = 4096
_EXACT = frozenset({"utf-8", "ascii", "iso8859-1", *_WIDTHS})


class Unencodable(ValueError):
    """New text has a character that the file's encoding lacks."""

    def __init__(self, character: str, encoding: str) -> None:
        super().__init__(f"{character!r} in {encoding}")
        self.character = character
        self.encoding = encoding


@dataclass(frozen=True, slots=True)
class Codec:
    """An encoding by Python's name for it, and the mark that the file begins with, if any."""

    name: str = "utf-8"
    mark: bytes = b""

    @property
    def width(self) -> int:
        """Return how many bytes a unit has: 1 but for UTF-16 and UTF-32."""
        return _WIDTHS.get(self.name, 1)

    @property
    def is_exact(self) -> bool:
        """Whether what was decoded always encodes to the same bytes."""
        return self.name in _EXACT

    @property
    def is_bytewise(self) -> bool:
        """Whether a text can be looked for by its bytes: no character ends with the bytes of another one."""
        return self.name == "utf-8" or (self.width == 1 and _is_single_byte(self.name))

    def decode(self, raw: bytes) -> str:
        """Return the text, in which lone surrogates stand for what is none."""
        return raw.decode(self.name, self._errors)

    def encode(self, text: str) -> bytes:
        """Return the bytes. Raises `Unencodable`."""
        try:
            return text.encode(self.name, self._errors)
        except UnicodeEncodeError as error:
            raise Unencodable(text[error.start], self.name) from error

    def offsets(self, raw: bytes, text: str, marks: list[int]) -> list[int]:
        """Return where the characters at `marks` (ascending) begin in `raw`, of which `text` was decoded."""
        if len(raw) == len(text) and self.width == 1:
            return marks
        if not self.is_exact and text.encode(self.name, self._errors) != raw:
            known = _boundaries(raw, text, self.name)
            return [known[mark] for mark in marks]
        found, at, position = [], 0, 0
        for mark in marks:
            at += len(text[position:mark].encode(self.name, self._errors))
            position = mark
            found.append(at)
        return found

    @property
    def _errors(self) -> str:
        return "surrogatepass" if self.width > 1 else "surrogateescape"


UTF8 = Codec()


class Nature(NamedTuple):
    """What a content is: whether it is text at all, its encoding, and its first line end ("" without one)."""

    is_text: bool
    codec: Codec
    newline: str


def named(name: str) -> Codec:
    """Return the codec that a person names. Raises LookupError where there is none that files can be searched in."""
    known = codecs.lookup(name).name
    plain = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(known, known)
    mark = {"utf-8-sig": codecs.BOM_UTF8, "utf-16": codecs.BOM_UTF16_LE, "utf-32": codecs.BOM_UTF32_LE}.get(known, b"")
    pairs = ("hkscs", "x0213", "2004")  # where one code may stand for two characters, which cannot be cut apart
    if (
        plain.startswith(("iso2022", "utf-7", "hz", "idna", "punycode"))
        or plain.endswith(pairs)
        or "\n".encode(plain)[:1] not in b"\n\0"
    ):
        raise LookupError(name)
    return Codec(plain, mark)


def inspect(chunks: Iterable[bytes], override: Codec | None = None) -> Nature:
    """Say what a content is; it is read once, and whole only where that is needed."""
    stream = iter(chunks)
    head = b""
    while len(head) < _HEAD and (chunk := next(stream, b"")):
        head += chunk
    if override is not None:
        codec = Codec(
            override.name, next((m for m, name in _MARKS if name == override.name and head.startswith(m)), b"")
        )
        return Nature(True, codec, _first_newline(head, codec))
    for mark, name in _MARKS:
        if head.startswith(mark):
            codec = Codec(name, mark)
            return Nature(True, codec, _first_newline(head, codec))
    if b"\0" in head[:_PROBE]:
        wide = wide_without_mark(head)
        return Nature(wide is not None, wide or UTF8, _first_newline(head, wide or UTF8))
    codec = _of_bytes(head, stream)
    return Nature(True, codec, _first_newline(head, codec))


def _of_bytes(head: bytes, stream: Iterable[bytes]) -> Codec:
    decoder = None  # nearly every file needs none
    whole = head
    cut = False  # whether a chunk ended inside a character
    try:
        for chunk in chain([head], stream):
            if cut or not chunk.isascii():  # nearly all of a log is ASCII, and that is seen ten times as fast
                whole = chunk
                decoder = decoder or codecs.getincrementaldecoder("utf-8")()
                decoder.decode(chunk)
                cut = bool(decoder.getstate()[0])
        if decoder is not None:
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _guess(_sample(whole))
    return UTF8


def _first_newline(head: bytes, codec: Codec) -> str:
    sample = head[: _PROBE * 8 // 4 * 4]
    if codec.width == 1:  # in none of these a line feed is part of another character
        at = sample.find(b"\n")
        return "" if at < 0 else "\r\n" if sample[at - 1 : at] == b"\r" else "\n"
    first, _, rest = codec.decode(sample[: len(sample) // codec.width * codec.width]).partition("\n")
    if not rest and "\n" not in codec.decode(sample[: len(sample) // codec.width * codec.width]):
        return ""
    return "\r\n" if first.endswith("\r") else "\n"


def wide_without_mark(head: bytes) -> Codec | None:
    """Recognise UTF-16 without a mark: in most scripts one byte of two is nearly always the same small one."""
    sample = head[:_WIDE_PROBE] if len(head) >= _WIDE_PROBE else head[: len(head) // 2 * 2]
    if (len(head) % 2 and len(head) < _WIDE_PROBE) or sample.count(0) < len(sample) * 0.3:
        return None
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        other = sample[::2] if name == "utf-16-le" else sample[1::2]
        if len(sample) >= 4 and zeros.count(0) > len(zeros) * 0.6 and 0 not in other:
            try:
                sample.decode(name)
            except UnicodeDecodeError:
                continue
            return Codec(name)
    return None


def is_wide(head: bytes) -> bool:
    """Whether a content that begins like this is UTF-16 or UTF-32."""
    return head.startswith(_WIDE_MARKS) or (head.find(0, 0, _PROBE) != -1 and wide_without_mark(head) is not None)


def _sample(data: bytes) -> bytes:
    """Return the lines that say something about the encoding: those with other bytes than ASCII has."""
    found, size = [], 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            found.append(line[:_SAMPLE])
            size += len(found[-1])
            if size >= _SAMPLE:
                break
    return b"".join(found)


@lru_cache(maxsize=256)
def _guess(sample: bytes) -> Codec:
    text = sample.decode("utf-8", "surrogateescape")
    strange = sum("\udc80" <= character <= "\udcff" for character in text)
    if sum(not character.isascii() for character in text) - strange > strange:
        return UTF8  # but for a few broken bytes
    # Half a second to import, and most trees never need it.
    from charset_normalizer import from_bytes

    likely = list(from_bytes(sample, cp_isolation=list(_GUESSES), enable_fallback=False))
    least = min((one.chaos for one in likely), default=0.0)
    good = (one for one in likely if one.chaos <= least + _AS_GOOD)
    names = {_canonical(name) for one in good for name in one.could_be_from_charset}
    # Short samples are good in several encodings: then the one that is in wider use counts.
    return next((Codec(name) for name in map(_canonical, _GUESSES) if name in names), UTF8)


def _canonical(name: str) -> str:
    return codecs.lookup(name).name


@lru_cache(maxsize=64)
def _is_single_byte(name: str) -> bool:
    return all(len(bytes([byte]).decode(name, "replace")) == 1 for byte in range(256)) and name not in (
        *("shift_jis", "cp932", "euc_jp", "gb18030", "gbk", "gb2312", "big5", "cp949", "cp950", "euc_kr", "johab"),
        *("shift_jisx0213", "shift_jis_2004", "euc_jisx0213", "euc_jis_2004", "big5hkscs"),
    )


def _boundaries(raw: bytes, text: str, name: str) -> list[int]:
    """Return where every character begins, found one by one; for encodings that know several bytes for a character."""
    found: list[int] = []
    at = 0
    while len(found) < len(text):
        begin, rest = at, text[len(found) : len(found) + 2]
        part, at = _first_character(raw, at, rest, name)
        found += [begin] * part
    return [*found, len(raw)]


def _first_character(raw: bytes, at: int, text: str, name: str) -> tuple[int, int]:
    """Return (how many characters of `text` the next bytes stand for, where those end)."""
    if not "\udc80" <= text[0] <= "\udcff":  # which is a byte that stands for nothing
        for end in range(at + 1, at + 5):
            part = raw[at:end].decode(name, "ignore")
            if part and text.startswith(part):
                return len(part), end
    return 1, at + 1
