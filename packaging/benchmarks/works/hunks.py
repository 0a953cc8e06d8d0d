"""What the preview shows of an edited file, against a line diff that does not know what was edited."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from harness import Clock, Row, Settings, Way, compare, interleave

from core import api
from core.content.edit import Edit
from core.plan.operations import EditFile

_LINES, _EVERY = 50_000, 50

OURS = f"Holdfast: the unified diff of an edit in {_LINES:,} lines"
THEIRS = "difflib.unified_diff"


def _lines(word: str) -> list[str]:
    return [f"line {number} has a {word if number % _EVERY == 0 else 'word'}\n" for number in range(_LINES)]


def ours(folder: str, settings: Settings) -> float:
    """Show it."""
    path = Path(folder, "file.txt")
    path.write_text("".join(_lines("needle")))
    plan = api.evaluate([EditFile(str(path), Edit("needle", "thread"))])
    clock = Clock()
    changed = sum(line.startswith("+") for line in api.preview_lines(plan))
    seconds = clock()
    assert changed == _LINES // _EVERY + 1, changed
    return seconds


def theirs(folder: str, settings: Settings) -> float:
    """Compare both contents."""
    before, after = _lines("needle"), _lines("thread")
    clock = Clock()
    for _ in difflib.unified_diff(before, after):
        pass
    return clock()


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratio."""
    yield compare(interleave([Way(OURS, ours), Way(THEIRS, theirs)], settings), OURS, THEIRS, (0.05, 0.01))
