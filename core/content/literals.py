r"""What every match of a pattern must contain, so that files without it need not be searched.

Reads the pattern with care rather than with ambition: whatever is not plainly understood gives up, and then every file
is searched. `required` never names a text that some match lacks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import regex

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_CLASSES = frozenset("dDwWsSbBAZ")
_GROUPS = regex.compile(r"\((?:\?:|\?P?<[^\W\d]\w*>|(?!\?|\*))")
_LOOKS = regex.compile(r"\(\?<?[=!]")
_REPEAT = regex.compile(r"\{(\d*)(,\d*)?\}")
_MAX_ALTERNATIVES = 32


class _Unknown(Exception):
    """There is something in the pattern that is not understood."""


@dataclass(slots=True)
class _Sequence:
    """What one branch of a pattern demands: `best`, the alternatives of its most telling part."""

    best: tuple[str, ...] = ()
    run: str = ""
    items: list[tuple[str, ...]] = field(default_factory=list)

    def cut(self) -> None:
        """End the run of characters that follow each other."""
        self.offer((self.run,))
        self.run = ""

    def offer(self, alternatives: tuple[str, ...]) -> None:
        """Take alternatives if the shortest of them is longer than what is known."""
        if alternatives and min(map(_worth, alternatives)) > (min(map(_worth, self.best)) if self.best else 0):
            self.best = tuple(map(_ascii_run, alternatives))


# Where something outside ASCII may be folded to a part of an ASCII text: to a letter (İ, ſ, K) or to several (ß, ﬁ, ﬆ).
_FOLDED = regex.compile("[fiks]+[lt]?|^[lt]", regex.IGNORECASE)
_TELLING = 3  # shorter texts are in nearly every file


def unfolded(text: str) -> list[tuple[str, bool]]:
    """Return an ASCII text in parts: (part, whether it is one that nothing outside ASCII can be folded to)."""
    found: list[tuple[str, bool]] = []
    at = 0
    for one in _FOLDED.finditer(text):
        found += ((text[at : one.start()], True), (one[0], False))
        at = one.end()
    return [part for part in (*found, (text[at:], True)) if part[0]]


@lru_cache(maxsize=64)
def telling(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return a part of each ASCII text that nothing outside ASCII is folded to, () where one has none worth looking for."""
    longest = tuple(max((part for part, alone in unfolded(one) if alone), key=len, default="") for one in texts)
    # What stands first in a part is never the end of something longer.
    return longest if all(len(one) >= _TELLING and one[0] not in "ltLT" for one in longest) else ()


@lru_cache(maxsize=4096)
def required(find: str, *, is_regex: bool) -> tuple[str, ...]:
    """Return texts of which every match contains at least one, () where nothing is known.

    They are of ASCII characters without line ends: those have the same bytes in nearly every encoding.
    """
    if not is_regex:
        run = _ascii_run(find)
        return (run,) if run else ()
    try:
        best, end = _alternatives(find, 0)
    except (_Unknown, IndexError):
        return ()
    return best if end == len(find) and len(best) <= _MAX_ALTERNATIVES else ()


def _ascii_run(text: str) -> str:
    """Return the longest part that has the same bytes everywhere."""
    parts: list[str] = regex.split(
        r"[^\x20-\x5b\x5d-\x7d\t]+", text
    )  # a backslash and a tilde are other characters in Shift-JIS
    return max(parts, key=len)


def _worth(text: str) -> int:
    return len(_ascii_run(text))


def _alternatives(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Read branches up to a closing bracket; return what they demand together and where they end."""
    found: list[str] = []
    known = True
    while True:
        best, at = _branch(text, at)
        known = known and bool(best)
        found += best
        if at >= len(text) or text[at] == ")":
            return (tuple(dict.fromkeys(found)) if known else ()), at
        at += 1


def _branch(text: str, at: int) -> tuple[tuple[str, ...], int]:
    sequence = _Sequence()
    while at < len(text) and text[at] not in "|)":
        item, end = _item(text, at)
        least, at = _repeated(text, end)
        if isinstance(item, str):
            _take_character(sequence, item, least, repeats=at != end)
            continue
        sequence.cut()
        if least:
            sequence.offer(item)
    sequence.cut()
    return sequence.best, at


def _take_character(sequence: _Sequence, character: str, least: int, *, repeats: bool) -> None:
    """Add a character to the run; one that may be missing, or come again, ends it."""
    if least:
        sequence.run += character
    if repeats or not least:
        sequence.cut()


def _item(text: str, at: int) -> tuple[str | tuple[str, ...], int]:
    """Read one item: a character, or what a group demands, () for whatever demands nothing."""
    character = text[at]
    if character == "\\":
        return _escape(text, at)
    if character == "[":
        return (), _end_of_class(text, at)
    if character == "(":
        return _group(text, at)
    if character in ".^$":
        return (), at + 1
    if character in "*+?{":
        raise _Unknown
    return character, at + 1


def _escape(text: str, at: int) -> tuple[str | tuple[str, ...], int]:
    character = text[at + 1]
    if character in _CLASSES:
        return (), at + 2
    if character in _ESCAPES:
        return _ESCAPES[character], at + 2
    if character.isascii() and not character.isalnum():
        return character, at + 2
    raise _Unknown


def _end_of_class(text: str, at: int) -> int:
    at += 2 if text[at + 1] == "^" else 1
    if text[at] == "]":  # a closing bracket is a character when it comes first
        at += 1
    while text[at] != "]":
        if text[at] == "[":
            raise _Unknown  # [:alpha:], or a set in a set
        at += 2 if text[at] == "\\" else 1
    return at + 1


def _group(text: str, at: int) -> tuple[tuple[str, ...], int]:
    look = _LOOKS.match(text, at)
    group = look or _GROUPS.match(text, at)
    if group is None:
        raise _Unknown
    best, end = _alternatives(text, group.end())
    if text[end] != ")":
        raise _Unknown
    return (() if look else best), end + 1


def _repeated(text: str, at: int) -> tuple[int, int]:
    """Return (how often at least, where the repetition ends) of what comes before."""
    if at >= len(text):
        return 1, at
    least = 1
    if text[at] in "*?":
        least, at = 0, at + 1
    elif text[at] == "+":
        at += 1
    elif text[at] == "{":
        found = _REPEAT.match(text, at)
        if found is None or not found[0].strip("{,}"):
            raise _Unknown  # the fuzzy matching of `regex`
        least, at = (1 if int(found[1] or 0) else 0), found.end()
    else:
        return 1, at
    if at < len(text) and text[at] in "?+":  # lazy, possessive
        at += 1
    if at < len(text) and text[at] in "*+?{":
        raise _Unknown
    return least, at
