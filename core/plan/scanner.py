"""Reads the JSON of a plan file piece by piece: a plan may be larger than memory, and an error has its line."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO

from core.errors import BadPlan

_BLOCK = 1 << 16
_SPACE = " \t\r\n"


class Scanner:
    """Yields the members of the top-level object, and the elements of "operations" one by one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder()
        self._text = ""
        self._position = 0
        self._line = 1
        self._ended = False

    def items(self) -> Iterator[tuple[int, str | None, object]]:
        """Yield (line, key, value) for members, (line, None, value) for operations."""
        self._expect("{", "a plan is an object")
        while self._peek() != "}":
            line = self._line
            key = self._value()
            if not isinstance(key, str):
                raise BadPlan(line=line, reason="a key is a text")
            self._expect(":", "a colon is missing")
            if key == "operations":
                yield line, key, None
                yield from self._elements()
            else:
                yield line, key, self._value()
            if not self._goes_on("}"):
                break
        self._expect("}", "a comma or the closing brace is missing")
        if self._peek():
            raise BadPlan(line=self._line, reason="something follows the end of the plan")

    def _elements(self) -> Iterator[tuple[int, str | None, object]]:
        self._expect("[", "“operations” is a list")
        while self._peek() != "]":
            line = self._line
            yield line, None, self._value()
            if not self._goes_on("]"):
                break
        self._expect("]", "a comma or the closing bracket is missing")

    def _goes_on(self, closing: str) -> bool:
        """Whether a comma and another element follow."""
        if self._peek() != ",":
            return False
        self._advance(self._position + 1)
        if self._peek() == closing:
            raise BadPlan(line=self._line, reason="not JSON: a comma with nothing after it")
        return True

    def _value(self) -> object:
        self._peek()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._position)
            except (ValueError, RecursionError) as error:
                if not self._more():
                    raise BadPlan(line=self._line, reason=f"not JSON: {getattr(error, 'msg', error)}") from error
                continue
            # A number at the end of the buffer may go on in the next block.
            if end == len(self._text) and self._more():
                continue
            self._advance(end)
            return value

    def _expect(self, character: str, reason: str) -> None:
        if self._peek() != character:
            raise BadPlan(line=self._line, reason=reason)
        self._advance(self._position + 1)

    def _peek(self) -> str:
        while True:
            while self._position < len(self._text) and self._text[self._position] in _SPACE:
                self._advance(self._position + 1)
            if self._position < len(self._text):
                return self._text[self._position]
            if not self._more():
                return ""

    def _advance(self, end: int) -> None:
        self._line += self._text.count("\n", self._position, end)
        self._position = end

    def _more(self) -> bool:
        if self._ended:
            return False
        block = self._file.read(max(_BLOCK, len(self._text) - self._position))
        self._ended = not block
        try:
            text = self._decoder.decode(block, final=self._ended)
        except UnicodeDecodeError as error:
            raise BadPlan(line=self._line, reason="not UTF-8") from error
        self._text = self._text[self._position :] + text
        self._position = 0
        return True
