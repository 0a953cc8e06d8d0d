"""Reading what a request holds: every value is checked, since anything may come through a pipe."""

from __future__ import annotations

import os
from typing import Any

from core.worker.messages import Json


class Failed(Exception):
    """A request cannot be answered; becomes a `failed`."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def items(request: Json, key: str, default: Any = None) -> list[Any]:
    """Return a list."""
    value = request.get(key, default)
    if not isinstance(value, (list, tuple)):
        raise Failed("bad_request", reason=f"“{key}” is a list")
    return list(value)


def mapping(request: Json, key: str) -> Json:
    """Return an object."""
    value = request.get(key)
    if not isinstance(value, dict):
        raise Failed("bad_request", reason=f"“{key}” is an object")
    return value


def text(request: Json, key: str, default: Any = None) -> str:
    """Return a text."""
    value = request.get(key, default)
    if not isinstance(value, str):
        raise Failed("bad_request", reason=f"“{key}” is a text")
    return value


def number(request: Json, key: str, default: Any = None) -> int:
    """Return a whole number."""
    value = request.get(key, default)
    if not isinstance(value, int):
        raise Failed("bad_request", reason=f"“{key}” is a number")
    return value


def seconds(request: Json, key: str) -> float:
    """Return a time."""
    value = request.get(key)
    if not isinstance(value, (int, float)):
        raise Failed("bad_request", reason=f"“{key}” is a time in seconds")
    return float(value)


def path(value: object) -> str:
    """Return an absolute path."""
    if not isinstance(value, str) or not os.path.isabs(value):
        raise Failed("bad_request", reason="a path is absolute")
    return value
