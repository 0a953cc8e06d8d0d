"""Reads plan files: JSON, version 1, operation by operation, so that a plan may be larger than memory.

Unknown keys and wrong types are errors with their line: a misspelt option must not be a silent default.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from core.content.edit import Edit
from core.errors import BadPlan
from core.fs import files
from core.plan import fields, tree_fields
from core.plan.operations import Convert, Create, Delete, EditFile, FindReplace, Move, Operation, Rename, Replace, Write
from core.plan.scanner import Scanner

VERSION = 1
_PATHS = frozenset({"path", "to", "source", "file", "base"})
_PATH_LISTS = frozenset({"roots", "without"})


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan file that was found readable: its name, its root ("" for none), and its operations while it is open."""

    name: str
    root: str
    count: int
    _file: BinaryIO
    _base: str
    _path: str

    def operations(self) -> Iterator[Operation]:
        """Read the operations again, in order."""
        self._file.seek(0)
        for _, key, value in Scanner(self._file).items():
            if key is None and isinstance(value, dict):
                yield _spared(parse(value, self._base), self._path)

    def elements(self) -> Iterator[dict[str, object]]:
        """Read the operations as they are written, but with absolute paths."""
        self._file.seek(0)
        for _, key, value in Scanner(self._file).items():
            if key is None and isinstance(value, dict):
                yield {name: _absolute(name, one, self._base) for name, one in value.items()}

    def __enter__(self) -> PlanFile:
        """Keep the file open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._file.close()


def _absolute(name: str, value: object, base: str) -> object:
    if name in _PATH_LISTS and isinstance(value, list):
        return [fields.below(str(one), name, base) for one in value]
    return fields.below(value, name, base) if name in _PATHS and isinstance(value, str) else value


def _spared(operation: Operation, path: str) -> Operation:
    """Return an operation that leaves the plan file itself alone: it holds what is looked for, and lies in its tree."""
    if not path or not isinstance(operation, FindReplace | Convert | Rename):
        return operation
    scope = replace(operation.scope, without=operation.scope.without | {path})
    return replace(operation, scope=scope)


def read(path: str) -> PlanFile:
    """Read a plan file, or standard input for "-".

    Raises:
        BadPlan: not JSON, not a plan, or with a key or value that no plan has; `values` has `line` and `reason`.
        OSError: the file cannot be read.
    """
    file = files.open_input(path)
    base = os.getcwd() if path == "-" else os.path.dirname(os.path.abspath(path))
    try:
        return _read(file, base, "" if path == "-" else os.path.abspath(path))
    except BaseException:
        file.close()
        raise


def _read(file: BinaryIO, base: str, path: str) -> PlanFile:
    header: dict[str, object] = {}
    count = 0
    for line, key, value in Scanner(file).items():
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
        path,
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


_KEYS: dict[str, set[str]] = {
    "write": {"path", "executable", *fields.MATERIAL, *fields.SHARED},
    "create": {"path", "executable", *fields.MATERIAL},
    "replace": {"path", *fields.MATERIAL, *fields.SHARED},
    "edit": {"path", "find", "replace", "regex", "ignore_case", *fields.SHARED},
    "delete": {"path", "expect"},
    "move": {"path", "to", "expect"},
    **tree_fields.KEYS,
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
    options = fields.options(value)
    if name in tree_fields.KEYS:
        return tree_fields.parse(value, base, options)
    path = fields.path(value, "path", base)
    match name:
        case "write":
            return Write(path, fields.material(value, base), options)
        case "create":
            return Create(path, fields.material(value, base), options)
        case "replace":
            return Replace(path, fields.material(value, base), options)
        case "edit":
            return EditFile(path, _edit(value), options)
        case "delete":
            return Delete(path, options)
        case _:
            return Move(path, fields.path(value, "to", base), options)


def _edit(value: dict[str, object]) -> Edit:
    return Edit(
        fields.text(value, "find"),
        fields.text(value, "replace"),
        fields.flag(value, "regex"),
        fields.flag(value, "ignore_case"),
    )
