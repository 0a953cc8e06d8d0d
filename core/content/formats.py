"""Typed readers: what a file of a known format holds, as a Python value.

What the standard library can read, and YAML; a format without a reader is text, and what is not text is bytes.
"""

from __future__ import annotations

import ast
import configparser
import csv
import json
import os
import symtable
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

Reader = Callable[[bytes], Any]


class FormatError(ValueError):
    """The content is not what its ending says; `line` counts from 1 and is 0 where nobody knows it."""

    def __init__(self, path: str, reason: str, line: int = 0) -> None:
        place = f"{path}, line {line}" if line else path
        super().__init__(f"{place}: {reason}")
        self.path = path
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Format:
    """A reader and how to find the line in the error it raises. `check`: what only finds errors, where that is faster."""

    read: Reader
    errors: tuple[type[Exception], ...]
    line: Callable[[Any], int]
    check: Reader | None = None


def _json(data: bytes) -> Any:
    return json.loads(data.decode("utf-8-sig"))


def _json_lines(data: bytes) -> Any:
    rows = []
    for number, line in enumerate(data.decode("utf-8-sig").splitlines(), 1):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise json.JSONDecodeError(error.msg, "\n" * (number - 1), number - 1) from error
    return rows


def _toml(data: bytes) -> Any:
    return tomllib.loads(data.decode("utf-8-sig"))


def _ini(data: bytes) -> Any:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(data.decode("utf-8-sig"))
    return {section: dict(parser[section]) for section in parser.sections()}


def _xml(data: bytes) -> Any:
    return ET.fromstring(data)  # noqa: S314 - expat stops the known attacks since 2.4.1, and nothing is fetched


def _python(data: bytes) -> Any:
    return ast.parse(data)


def _python_names(data: bytes) -> Any:
    # The same parser, and what it does not mind (a `nonlocal` of nothing) as well, without an object for every node.
    source: Any = data  # bytes, which `compile` takes as well; the stubs know of text alone
    return symtable.symtable(source, "<content>", "exec")


def _table(delimiter: str) -> Reader:
    def read(data: bytes) -> Any:
        lines = data.decode("utf-8-sig").splitlines(keepends=True)
        return list(csv.reader(lines, delimiter=delimiter, strict=True))

    return read


class _YamlError(ValueError):
    """What PyYAML has to say; it is imported only where there is YAML."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def _yaml(data: bytes) -> Any:
    import yaml

    try:
        # Events alone: no tag makes an object, and no alias grows.
        return list(yaml.parse(data, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        raise _YamlError(str(reason), mark.line + 1 if mark is not None else 0) from error


def _text(data: bytes) -> Any:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data


_FORMATS: dict[str, Format] = {
    ".json": Format(_json, (json.JSONDecodeError,), lambda error: int(error.lineno)),
    ".jsonl": Format(_json_lines, (json.JSONDecodeError,), lambda error: int(error.lineno)),
    ".toml": Format(_toml, (tomllib.TOMLDecodeError,), lambda error: 0),
    ".ini": Format(_ini, (configparser.Error,), lambda error: int(getattr(error, "lineno", 0))),
    ".xml": Format(_xml, (ET.ParseError,), lambda error: int(error.position[0])),
    ".csv": Format(_table(","), (csv.Error,), lambda error: 0),
    ".tsv": Format(_table("\t"), (csv.Error,), lambda error: 0),
    ".yaml": Format(_yaml, (_YamlError,), lambda error: int(error.line)),
    ".py": Format(_python, (SyntaxError,), lambda error: int(error.lineno or 0), _python_names),
}
_ALIASES = {".yml": ".yaml", ".cfg": ".ini", ".svg": ".xml", ".pyi": ".py", ".ndjson": ".jsonl"}


def extensions() -> tuple[str, ...]:
    """Return the endings that have a reader, lower case and with their dot."""
    return tuple(sorted({*_FORMATS, *_ALIASES}))


def is_known(path: str) -> bool:
    """Whether the ending of a path has a reader."""
    ending = os.path.splitext(path)[1].lower()  # a path object would cost a plan of many files a thirtieth of its time
    return ending in _FORMATS or ending in _ALIASES


def parse(path: str, data: bytes) -> Any:
    """Return what the content of a file means, going by the ending of its path.

    JSON: its value; JSON lines: a list; TOML: a dict; INI: a dict of dicts; XML: an element; CSV and TSV: a list of
    rows; YAML: its events; Python: its syntax tree; anything else: its text, or its bytes where it is not UTF-8.

    Raises:
        FormatError: it does not parse.
    """
    known = _format(path)
    return _text(data) if known is None else _read(known, known.read, path, data)


def check(path: str, data: bytes) -> None:
    """Raise `FormatError` if the content of a file is not what the ending of its path says."""
    known = _format(path)
    if known is not None:
        _read(known, known.check or known.read, path, data)


def _format(path: str) -> Format | None:
    ending = PurePath(path).suffix.lower()
    return _FORMATS.get(_ALIASES.get(ending, ending))


def _read(known: Format, reader: Reader, path: str, data: bytes) -> Any:
    try:
        return reader(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(path, f"not valid {error.encoding}: {error.reason}", line) from error
    except known.errors as error:
        raise FormatError(path, str(error), known.line(error)) from error
