"""What people write in Python: a batch applied by a loop. Run as a program: loops.py HOW CHANGES.json [DOCUMENT]

It imports nothing of this project, so that any interpreter can run it. DOCUMENT is a Markdown page whose block of Python
defines `AtomicBatch` and `atomic_transaction`; both must be used as the page says.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Change = dict[str, str]


def write(path: Path, text: str) -> None:
    path.write_text(text)


def write_atomically(path: Path, text: str) -> None:
    """With the package of that name, which is the best-known way."""
    from atomicwrites import atomic_write  # type: ignore[import-not-found]  # of the interpreter that runs this

    with atomic_write(path, overwrite=True) as file:
        file.write(text)


def do(change: Change, writing: Callable[[Path, str], None] = write) -> None:
    path = Path(change["path"])
    if change["how"] == "move":
        path.rename(change["to"])
    elif change["how"] == "delete":
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        writing(path, change["text"])


def classes(document: str) -> dict[str, Any]:
    """Return the names that the document's code defines."""
    blocks = re.findall(r"^```python\n(.*?)^```", Path(document).read_text(), re.MULTILINE | re.DOTALL)
    code = next(block for block in blocks if "class AtomicBatch" in block)
    names: dict[str, Any] = {"__name__": "document"}
    exec(compile(code, document, "exec"), names)
    return names


def by_batch(changes: list[Change], document: str) -> None:
    batch = classes(document)["AtomicBatch"]()
    for change in changes:
        batch.add(Path(change["path"]), lambda path, change=change: do(change))
    batch.execute()


def by_transaction(changes: list[Change], document: str) -> None:
    with classes(document)["atomic_transaction"](*(change["path"] for change in changes)):
        for change in changes:
            do(change)


def main(how: str, listed: str, document: str = "") -> None:
    changes = json.loads(Path(listed).read_text())
    if how == "AtomicBatch":
        by_batch(changes, document)
    elif how == "atomic_transaction":
        by_transaction(changes, document)
    else:
        for change in changes:
            do(change, write_atomically if how == "atomicwrites" else write)


if __name__ == "__main__":
    os.umask(0o022)
    main(*sys.argv[1:])
