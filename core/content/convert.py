"""Conversions of whole texts: encoding, line ends, the end of the file, and blanks at the ends of lines."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.content.edit import Tally
from core.content.encoding import UTF8, Codec
from core.content.lines import blocks

_NEWLINES = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
_ANY_END = re.compile(r"\r\n|\r|\n")
_BLANKS = re.compile(r"[ \t]+(?=\r?\n|\r|\Z)")
_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


class Undecodable(ValueError):
    """The file has bytes that are no text in its encoding, so they cannot be written in another one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What texts are to be like afterwards; what is "" or None stays as it is.

    `newline`: "lf", "crlf" or "cr"; `final_newline`: whether the last line is to have an end; `trailing_space`: False to
    take blanks from the ends of lines; `bom`: whether there is to be a byte order mark.
    """

    encoding: str = ""
    newline: str = ""
    final_newline: bool | None = None
    trailing_space: bool | None = None
    bom: bool | None = None


@dataclass(frozen=True, slots=True)
class Conversion:
    """`wanted` for files that are in `codec`, and will be in `target`."""

    wanted: Wanted
    codec: Codec = UTF8
    target: Codec = UTF8
    newline: str = "\n"

    def run(self, chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
        """Yield the content converted. Counts as one match where anything changes.

        Raises:
            Unencodable: the new encoding lacks a character.
            Undecodable: there are bytes that the old one lacks.
            LineTooLong: a line exceeds 64 MiB.
        """
        mark = self._mark()
        changed = mark != self.codec.mark
        if mark:
            yield mark
        last = ""
        for block in blocks(chunks, self.codec, whole=False):
            if block == self.codec.mark and self.codec.mark:
                continue
            old = self.codec.decode(block)
            new = self._text(old)
            if new:
                last = new
            out = block if new == old and self.target.name == self.codec.name else self._encode(new)
            changed = changed or out != block
            yield out
        if self.wanted.final_newline and last and not last.endswith(("\n", "\r")):
            changed = True
            yield self._encode(_NEWLINES.get(self.wanted.newline, self.newline))
        tally.matches += changed

    def _mark(self) -> bytes:
        if self.wanted.bom is None:
            keeps = self.codec.mark and not self.wanted.encoding
            return self.codec.mark if keeps else self.target.mark
        return _MARKS.get(self.target.name, b"") if self.wanted.bom else b""

    def _text(self, text: str) -> str:
        if self.wanted.trailing_space is False:
            text = _BLANKS.sub("", text)
        if self.wanted.newline:
            text = _ANY_END.sub(_NEWLINES[self.wanted.newline], text)
        return text

    def _encode(self, text: str) -> bytes:
        if self.target.name != self.codec.name and any("\ud800" <= one <= "\udfff" for one in text):
            raise Undecodable(self.codec.name)
        return self.target.encode(text)
