"""The same batch from the command line, from the start of the program to its exit; and how long any command takes to start."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from harness import ROOT, Clock, Row, Settings, Way, compare, interleave

from works import batch, commit

_FILES, _SIZE, _QUICK = 100_000, 1 << 10, 20

APPLY = "holdfast apply PLAN --yes, from its start to its exit"
START = "holdfast --version"
PYTHON = "python -c pass"


def apply(folder: str, settings: Settings) -> float:
    """Write a plan file that names every file and holds its new content; run the command."""
    batch.make_files(folder, settings)
    plan = Path(folder, "plan.json")
    operations = (
        {"op": "replace", "path": batch.path(folder, number), "text": batch.content(number, settings, "new").decode()}
        for number in range(settings.files)
    )
    with plan.open("w") as file:
        file.write('{"holdfast": 1, "operations": [\n' + json.dumps(next(operations)))
        file.writelines(f",\n{json.dumps(one)}" for one in operations)
        file.write("\n]}\n")
    return _run("apply", str(plan), "--yes", "--state-dir", batch.state(folder))


def start(folder: str, settings: Settings) -> float:
    """Start the command for nothing."""
    return _run("--version")


def python(folder: str, settings: Settings) -> float:
    """Start the interpreter for nothing."""
    clock = Clock()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return clock()


def _run(*arguments: str) -> float:
    clock = Clock()
    subprocess.run([sys.executable, "-m", "app", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return clock()


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratios to the floor, and to what the interpreter takes to start."""
    files = _FILES // _QUICK if settings.quick else _FILES
    many = replace(settings, files=files, size=_SIZE, rounds=min(settings.rounds, 3))
    found = interleave([Way(commit.FLOOR, commit.floor), Way(APPLY, apply)], many)
    row = compare(found, APPLY, commit.FLOOR, (2.5, 1.6))
    yield replace(row, work=f"{APPLY}; {files:,} × 1 KiB")
    yield compare(interleave([Way(START, start), Way(PYTHON, python)], settings), START, PYTHON)
