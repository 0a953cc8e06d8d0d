"""Reads plan files: JSON, version 1, operation by operation, so that a plan may be larger than memory.

Unknown keys and wrong types are errors with their line: a misspelt option must not be a silent default.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.content.edit import Edit
from core.errors import BadPlan
from core.fs import files
from core.plan.operations import (
    Create,
    Delete,
    EditFile,
    Links,
    Material,
    Move,
    Operation,
    Options,
    Replace,
    Times,
    Write,
)

VERSION = 1
_BLOCK = 1 << 16
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan file that was found readable: its name, its root ("" for none), and its operations while it is open."""

    name: str
    root: str
    count: int
    _file: BinaryIO
    _base: str

    def operations(self) -> Iterator[Operation]:
        """Read the operations again, in order."""
        self._file.seek(0)
        for _, key, value in _Scanner(self._file).items():
            if key is None and isinstance(value, dict):
                yield parse(value, self._base)

    def __enter__(self) -> PlanFile:
        """Keep the file open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._file.close()


def read(path: str) -> PlanFile:
    """Read a plan file, or standard input for "-".

    Raises:
        BadPlan: not JSON, not a plan, or with a key or value that no plan has; `values` has `line` and `reason`.
        OSError: the file cannot be read.
    """
    file = files.open_input(path)
    base = os.getcwd() if path == "-" else os.path.dirname(os.path.abspath(path))
    try:
        return _read(file, base)
    except BaseException:
        file.close()
        raise


def _read(file: BinaryIO, base: str) -> PlanFile:
    header: dict[str, object] = {}
    count = 0
    for line, key, value in _Scanner(file).items():
        if key is None:
            if not isinstance(value, dict):
                raise BadPlan(line=line, reason="an operation is an object")
            with _at(line, count):
                parse(value, base)
            count += 1
        elif key in header:
            raise BadPlan(line=line, reason=f"“{key}” is there twice")
        else:
            header[key] = value
            _check_header(key, value, line)
    for key in ("holdfast", "operations"):
        if key not in header:
            raise BadPlan(line=1, reason=f"“{key}” is missing")
    root = str(header.get("root", ""))
    return PlanFile(
        str(header.get("name", "")),
        os.path.normpath(os.path.join(base, root)) if root else "",
        count,
        file,
        base,
    )


class _at:  # noqa: N801 - reads as a preposition where it is used
    """Adds the position to a `BadPlan`."""

    def __init__(self, line: int, operation: int) -> None:
        self._line, self._operation = line, operation

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BadPlan):
            error.values.setdefault("line", self._line)
            error.values.setdefault("operation", self._operation)


def _check_header(key: str, value: object, line: int) -> None:
    wanted = {"holdfast": int, "name": str, "root": str, "operations": object}.get(key)
    if wanted is None:
        raise BadPlan(line=line, reason=f"“{key}” is not a key of a plan")
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise BadPlan(line=line, reason=f"“{key}” has a value of the wrong type")
    if key == "holdfast" and value != VERSION:
        raise BadPlan(line=line, reason=f"this is a plan of version {value}; this program reads {VERSION}")


class _Scanner:
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
                    raise BadPlan(line=self._line, reason=f"not JSON: {error}") from error
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


_SHARED = {"links", "times", "expect"}
_MATERIAL = {"text", "base64", "source"}
_KEYS: dict[str, set[str]] = {
    "write": {"path", *_MATERIAL, *_SHARED},
    "create": {"path", *_MATERIAL},
    "replace": {"path", *_MATERIAL, *_SHARED},
    "edit": {"path", "find", "replace", "regex", "ignore_case", *_SHARED},
    "delete": {"path", "expect"},
    "move": {"path", "to", "expect"},
}


def parse(value: dict[str, object], base: str) -> Operation:
    """Make an operation of one element of "operations"; relative paths resolve against `base` and stay below it.

    Raises:
        BadPlan: see `read`.
    """
    name = value.get("op")
    keys = _KEYS.get(name) if isinstance(name, str) else None
    if keys is None:
        raise BadPlan(reason=f"“{name}” is not an operation" if name else "“op” is missing")
    for key in value:
        if key != "op" and key not in keys:
            raise BadPlan(reason=f"“{key}” is not a key of “{name}”")
    path = _path(value, "path", base)
    options = _options(value)
    match name:
        case "write":
            return Write(path, _material(value, base), options)
        case "create":
            return Create(path, _material(value, base), options)
        case "replace":
            return Replace(path, _material(value, base), options)
        case "edit":
            return EditFile(path, _edit(value), options)
        case "delete":
            return Delete(path, options)
        case _:
            return Move(path, _path(value, "to", base), options)


def _edit(value: dict[str, object]) -> Edit:
    return Edit(
        _text(value, "find"),
        _text(value, "replace"),
        _flag(value, "regex"),
        _flag(value, "ignore_case"),
    )


def _options(value: dict[str, object]) -> Options:
    if not _SHARED & value.keys():
        return Options()
    try:
        links, times = Links(str(value.get("links", "refuse"))), Times(str(value.get("times", "new")))
    except ValueError as error:
        raise BadPlan(reason=str(error)) from error
    expect = value.get("expect", "")
    if not isinstance(expect, str) or (expect and not expect.startswith("sha256:")):
        raise BadPlan(reason="“expect” is “sha256:” and 64 digits")
    return Options(links, times, expect.removeprefix("sha256:"))


def _material(value: dict[str, object], base: str) -> Material:
    given = _MATERIAL & value.keys()
    if len(given) != 1:
        raise BadPlan(reason="exactly one of “text”, “base64” and “source” is needed")
    if "source" in given:
        return Material(source=_path(value, "source", base))
    text = _text(value, given.pop())
    if "text" in value:
        try:
            return Material(data=text.encode("utf-8", "surrogateescape"))
        except UnicodeEncodeError as error:
            raise BadPlan(reason="“text” has a character that no file can hold") from error
    try:
        return Material(data=base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError) as error:
        raise BadPlan(reason="“base64” is not base64") from error


def _text(value: dict[str, object], key: str) -> str:
    text = value.get(key)
    if not isinstance(text, str):
        raise BadPlan(reason=f"“{key}” must be a text" if key in value else f"“{key}” is missing")
    return text


def _flag(value: dict[str, object], key: str) -> bool:
    flag = value.get(key, False)
    if not isinstance(flag, bool):
        raise BadPlan(reason=f"“{key}” must be true or false")
    return flag


def _path(value: dict[str, object], key: str, base: str) -> str:
    path = _text(value, key)
    if not path or "\0" in path:
        raise BadPlan(reason=f"“{key}” is not a path")
    try:
        os.fsencode(path)
    except UnicodeEncodeError as error:
        raise BadPlan(reason=f"“{key}” has a character that no file name can hold") from error
    if not os.path.isabs(path) and ".." in path.split("/"):
        raise BadPlan(reason=f"“{key}” leaves the plan's folder; use an absolute path for that")
    return os.path.normpath(os.path.join(base, path))
