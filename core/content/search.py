"""Search and replace in a file of any encoding: matches become splices, and all other bytes pass as they are.

Without `multiline` a pattern sees one line at a time, as grep and sed do, and no match contains a line end; with it, the
whole file. A literal may contain line ends either way. Several rules at once share one pass: at each place the leftmost
match counts, and among those that begin there the first rule, so that a and b can change places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import regex

from core.content import edit, template
from core.content.confined import is_confined
from core.content.edit import BadPattern, Tally
from core.content.encoding import UTF8, Codec
from core.content.lines import blocks, candidates, line_starts
from core.content.literals import required
from core.content.occurs import occurs

_SECONDS = 5.0
_SECONDS_PER_BYTE = 1 / (4 << 20)
_FAR = 300  # bytes from one candidate to the next: to look at a line takes as long as to look at so many at once
_FEW = 8  # needles: each one more is counted in the whole block


@dataclass(frozen=True, slots=True)
class Rule:
    """What to find, and what to put there: with a regex a template, else the text itself."""

    find: str
    replace: str


@dataclass(frozen=True, slots=True)
class How:
    """How the rules of a search are meant. `at_most`: matches per file and pass, 0 for all."""

    regex: bool = False
    ignore_case: bool = False
    word: bool = False
    multiline: bool = False
    dotall: bool = False
    preserve_case: bool = False
    at_most: int = 0


PLAINLY = How()


@dataclass(frozen=True, slots=True)
class Search:
    """One pass over a file. `newline`: what a line end in a replacement becomes; `skip`: matches left out, by number."""

    rules: tuple[Rule, ...]
    how: How = PLAINLY
    codec: Codec = UTF8
    newline: str = "\n"
    skip: frozenset[int] = frozenset()

    @property
    def is_plain(self) -> bool:
        """Whether it is a search for bytes."""
        how = self.how
        fancy = how.regex or how.ignore_case or how.word or how.preserve_case or how.at_most or self.skip
        return not fancy and len(self.rules) == 1 and self.codec.is_bytewise

    @property
    def is_whole(self) -> bool:
        """Whether the file has to be looked at as a whole."""
        return self.how.multiline or (not self.how.regex and any("\n" in rule.find for rule in self.rules))

    def as_bytes(self) -> tuple[bytes, bytes]:
        """Return what a plain search finds and what it puts there. Raises `Unencodable`."""
        rule = self.rules[0]
        return self.codec.encode(rule.find), self.codec.encode(self._put(rule.replace))

    def needles(self) -> tuple[str, ...]:
        """Return texts of which every file with a match contains at least one; () where nothing is known."""
        found: list[str] = []
        for rule in self.rules:
            alternatives = required(rule.find, is_regex=self.how.regex)
            if self.how.ignore_case and not rule.find.isascii():
                # A letter beside one that is not ASCII may be folded together with it (ŉ).
                alternatives = tuple(one[1:-1] for one in alternatives)
            if not all(alternatives) or not alternatives:
                return ()
            found += alternatives
        return tuple(dict.fromkeys(found))

    def of(self, codec: Codec, newline: str) -> Search:
        """Return the same search for files of another kind."""
        return replace(self, codec=codec, newline=newline or "\n")

    def matches(self, chunks: Iterable[bytes]) -> bool:
        """Whether there is anything to replace; reads no further than it must. Raises as `run` does."""
        if not self.is_plain:
            return any(splices for _, splices in self.splices(chunks))
        find, rest = self.codec.encode(self.rules[0].find), b""
        for chunk in chunks:
            if occurs(find, data := rest + chunk):
                self.codec.encode(self.rules[0].replace)
                return True
            rest = data[max(0, len(data) - len(find) + 1) :]
        return False

    def run(self, chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
        """Yield the content with every match replaced.

        Raises:
            TimeoutError: the pattern takes too long.
            LineTooLong: a line, or with `is_whole` the file, exceeds 64 MiB.
            Unencodable: the file's encoding lacks a character of a replacement.
        """
        if self.is_plain:
            yield from edit.literal(*self.as_bytes(), chunks, tally)
            return
        for block, splices in self.splices(chunks):
            tally.matches += len(splices)
            yield spliced(block, splices)

    def splices(self, chunks: Iterable[bytes]) -> Iterator[tuple[bytes, list[Splice]]]:
        """Yield the content in blocks, each with what is to be replaced in it. Raises as `run` does."""
        whole = blocks(chunks, self.codec, whole=self.is_whole)
        matcher = _matcher(self.rules, self.how)
        needles = () if self.codec.width > 1 else self.needles()
        found = 0
        for block in whole:
            if self.how.at_most and found >= self.how.at_most:
                yield block, []
                continue
            splices: list[Splice] = []
            for begin, end in self._units(block, needles):
                raw = block[begin:end]
                for one in self._in_unit(raw, begin, matcher):
                    if self.how.at_most and found >= self.how.at_most:
                        break
                    if found not in self.skip:
                        splices.append(one)
                    found += 1
            yield block, splices

    def _units(self, block: bytes, needles: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        """Yield the parts of a block that the pattern is to see."""
        if self.is_whole or (_is_in_many_lines(block, needles, ignore_case=self.how.ignore_case) and self._is_confined):
            yield 0, len(block)
        elif self.codec.width > 1:
            yield from line_starts(block, self.codec)
        else:
            yield from candidates(block, needles, ignore_case=self.how.ignore_case)

    @property
    def _is_confined(self) -> bool:
        """Whether the pattern finds the same in many lines at once as in each of them, where no carriage return is."""
        if self.codec.name != UTF8.name or self.how.dotall:
            return False
        return not self.how.regex or _are_confined(self.rules)

    def _in_unit(self, raw: bytes, base: int, matcher: Matcher) -> Iterator[Splice]:
        text = self.codec.decode(raw)
        found = list(matcher.find(text))
        if not found:
            return
        marks = [mark for begin, end, _ in found for mark in (begin, end)]
        offsets = self.codec.offsets(raw, text, marks)
        for number, (_, _, put) in enumerate(found):
            begin, end = offsets[2 * number], offsets[2 * number + 1]
            yield Splice(base + begin, base + end, self.codec.encode(self._put(put)))

    def _put(self, text: str) -> str:
        return text if self.newline == "\n" or "\n" not in text else text.replace("\r\n", "\n").replace("\n", "\r\n")


def _is_in_many_lines(block: bytes, needles: tuple[str, ...], *, ignore_case: bool) -> bool:
    """Whether so many lines may have a match that it takes less to look at all at once; never where lines end otherwise."""
    if b"\r" in block or len(needles) > _FEW:
        return False
    data = block.lower() if ignore_case else block
    candidates = sum(data.count((one.lower() if ignore_case else one).encode()) for one in needles)
    return not needles or candidates * _FAR > len(block)


class Splice(NamedTuple):
    """Bytes from `begin` to `end` of a block become `new`."""

    begin: int
    end: int
    new: bytes


def spliced(block: bytes, splices: list[Splice]) -> bytes:
    """Return a block with its splices made."""
    if not splices:
        return block
    parts: list[bytes] = []
    position = 0
    for begin, end, new in splices:
        parts += (block[position:begin], new)
        position = end
    parts.append(block[position:])
    return b"".join(parts)


def check(rules: tuple[Rule, ...], how: How) -> None:
    """Raise `BadPattern` if the rules cannot be used."""
    for rule in rules:
        if not rule.find:
            raise BadPattern("there is nothing to find")
        try:
            (rule.find + rule.replace).encode("utf-8", "surrogateescape")
        except UnicodeEncodeError as error:
            raise BadPattern("it has a character that no file can hold") from error
    _matcher(rules, how)


class Matcher:
    """Finds matches in a text, in order and without overlap: (begin, end, what is put there)."""

    def __init__(self, rules: tuple[Rule, ...], how: How) -> None:
        self._rules = rules
        self._how = how
        if how.regex:
            self._patterns = [_compile(rule.find, how) for rule in rules]
            for rule, pattern in zip(rules, self._patterns, strict=True):
                try:
                    template.check(rule.replace, pattern)
                except template.BadTemplate as error:
                    raise BadPattern(f"replacement: {error}") from error
        else:
            # One pattern for all of them; which rule it was is told by the group.
            self._patterns = [_compile("|".join(f"({regex.escape(rule.find)})" for rule in rules), how)]

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield the matches. Raises TimeoutError."""
        seconds = _SECONDS + len(text) * _SECONDS_PER_BYTE
        if len(self._patterns) == 1:
            for match in self._patterns[0].finditer(text, timeout=seconds, concurrent=True):
                yield match.start(), match.end(), self._put(0, match)
            return
        yield from self._leftmost(text, seconds)

    def _leftmost(self, text: str, seconds: float) -> Iterator[tuple[int, int, str]]:
        ahead = [pattern.search(text, timeout=seconds, concurrent=True) for pattern in self._patterns]
        at, empty_at = 0, -1
        while True:
            for number, match in enumerate(ahead):
                if match is not None and (match.start() < at or match.start() == match.end() == empty_at):
                    begin = max(at, empty_at + 1)
                    ahead[number] = (
                        self._patterns[number].search(text, begin, timeout=seconds, concurrent=True)
                        if begin <= len(text)
                        else None
                    )
            known = [(match.start(), number) for number, match in enumerate(ahead) if match is not None]
            if not known:
                return
            chosen = min(known)[1]
            match = ahead[chosen]
            assert match is not None
            yield match.start(), match.end(), self._put(chosen, match)
            at = match.end()
            empty_at = at if match.start() == at else empty_at
            if match.start() != at:
                ahead[chosen] = self._patterns[chosen].search(text, at, timeout=seconds, concurrent=True)

    def _put(self, number: int, match: regex.Match[str]) -> str:
        if self._how.regex:
            put = template.expand(self._rules[number].replace, match)
        else:
            put = self._rules[match.lastindex - 1].replace
        return template.like(match[0], put) if self._how.preserve_case else put


@lru_cache(maxsize=64)
def _matcher(rules: tuple[Rule, ...], how: How) -> Matcher:
    return Matcher(rules, how)


@lru_cache(maxsize=64)
def _are_confined(rules: tuple[Rule, ...]) -> bool:
    return all(is_confined(rule.find) for rule in rules)


def _compile(find: str, how: How) -> regex.Pattern[str]:
    flags = regex.V0 | (regex.IGNORECASE | regex.FULLCASE if how.ignore_case else 0)
    flags |= (regex.MULTILINE if how.multiline else 0) | (regex.DOTALL if how.dotall else 0)
    try:
        regex.compile(find, flags)  # by itself first: brackets that do not match must not match ours
        return regex.compile(rf"(?<!\w)(?:{find})(?!\w)" if how.word else find, flags)
    except regex.error as error:
        raise BadPattern(str(error)) from error
