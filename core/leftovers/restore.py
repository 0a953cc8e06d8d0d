"""Restoring is a batch: the original gets the leftover's content; the leftover itself stays where it is."""

from __future__ import annotations

from typing import Any

from core.fs import files


def operations(path: str, original: str) -> list[dict[str, Any]]:
    """Return the operations of a plan file that give `original` the content of the leftover at `path`.

    Raises:
        OSError: the leftover cannot be read.
    """
    if files.kind_behind(original) == "missing":
        return [{"op": "create", "path": original, "source": path}]
    return [{"op": "replace", "path": original, "source": path}]
