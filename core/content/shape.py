"""How a text is written, for people: its encoding and its line ends."""

from __future__ import annotations

from typing import NamedTuple

from core.content import encoding
from core.content.encoding import Codec


class Shape(NamedTuple):
    """An encoding by Python's name for it, "-sig" behind it where it is UTF-8 with a mark.

    `ends`: "lf", "crlf", "cr", "mixed", or "" where there is no line end.
    """

    encoding: str
    ends: str


def shape(content: bytes, codec: Codec | None = None) -> Shape | None:
    """Return how a content is written, None where it is no text. `codec`: what it is in, where that is known."""
    nature = encoding.inspect([content], codec)
    if not nature.is_text or not content:
        return None
    known = nature.codec
    sig = "-sig" if known.mark and known.name == "utf-8" else ""
    return Shape(f"{known.name}{sig}", _ends(content, known))


def _ends(content: bytes, codec: Codec) -> str:
    if codec.width > 1:
        content = codec.decode(content[: len(content) // codec.width * codec.width]).encode("utf-8", "replace")
    both = content.count(b"\r\n")
    found = {"crlf": both, "lf": content.count(b"\n") - both, "cr": content.count(b"\r") - both}
    names = [name for name, count in found.items() if count]
    return names[0] if len(names) == 1 else "mixed" if names else ""
