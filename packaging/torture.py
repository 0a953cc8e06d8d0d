"""Tortures Holdfast and its rivals: python packaging/torture.py [--quick] [--document FILE] [--output FILE] [--jobs N]

Writes packaging/TORTURE.md; with --quick tries a sample and prints it instead. The rivals' packages go into an
environment of their own, which goes at the end. Without root there are no power cuts and no full disk.
"""

from __future__ import annotations

import argparse
import compileall
import errno
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import venv
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from core.version import VERSION
from tests.support.torture import cells, page, parts, ptrace, subjects
from tests.support.torture.cells import Cell
from tests.support.torture.parts import Sample
from tests.support.torture.subjects import Tools

_PACKAGES = ("repren", "atomicwrites")
_SAMPLE = 6


def main() -> None:
    """Measure every part on every subject, and write the page."""
    options = _options()
    if reason := ptrace.hindrance():
        sys.exit(f"Nothing was measured: {reason}.")
    for package in ("app", "core"):
        compileall.compile_dir(ROOT / package, quiet=1)  # none of the many runs may write what it has compiled
    with tempfile.TemporaryDirectory(prefix="holdfast-rivals-") as folder:
        tools = Tools(_environment(Path(folder)), str(options.document.resolve()) if options.document else "")
        measured = _measure(tools, options.only, _SAMPLE if options.quick else None, options.jobs)
        facts = page.Facts(_today(), _machine(), _programs(tools), _errors())
    text = page.render(measured, facts)
    output = options.output or (None if options.quick else ROOT / "packaging/TORTURE.md")
    if output:
        output.write_text(text)
    else:
        print(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Torture Holdfast and its rivals.")
    parser.add_argument("--quick", action="store_true", help="a sample of each part, printed")
    parser.add_argument("--document", type=Path, metavar="FILE", help="the document of EXEC-004, whose code is tried")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write the page")
    parser.add_argument("--only", default="", metavar="NAME", help="only subjects with NAME in their name")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="how many cells at once")
    return parser.parse_args()


def _environment(folder: Path) -> str:
    """Install the rivals' packages; return the Python that has them, or "" where that is not possible."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin/python")
    command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *_PACKAGES]
    return python if subprocess.run(command, check=False).returncode == 0 else ""


def _measure(tools: Tools, only: str, at_most: int | None, jobs: int) -> list[Cell]:
    wanted = [index for index, subject in enumerate(subjects.table(tools)) if only in subject.name]
    grid = [(subject, part) for subject in wanted for part in range(len(parts.ALL))]
    started = time.monotonic()
    done: dict[tuple[int, int], Cell] = {}
    with ProcessPoolExecutor(jobs, get_context("fork")) as pool:
        futures = {pool.submit(_cell, tools, *where, at_most): where for where in grid}
        for future in as_completed(futures):
            cell = done[futures[future]] = _result(tools, futures[future], future)
            what = cell.missing or f"{cell.violations} / {cell.tried}"
            print(
                f"{time.monotonic() - started:6.0f} s  {cell.subject}, {cell.batch}: {cell.part}: {what}",
                file=sys.stderr,
            )
    return [done[where] for where in grid]


def _result(tools: Tools, where: tuple[int, int], future: Future[Cell]) -> Cell:
    """Take a cell; where the bench itself failed the page says so, and has the others."""
    error = future.exception()
    if error is None:
        return future.result()
    subject, part = subjects.table(tools)[where[0]], parts.ALL[where[1]]
    why = f"the bench failed at “{part.title}”: {error!r}"
    return Cell(part.title, subject.name, subject.batch.name, subject.is_fallback, missing=why)


def _cell(tools: Tools, subject: int, part: int, at_most: int | None) -> Cell:
    """Measure in a process of its own. It is told numbers, since a subject's commands are functions and do not travel."""
    return cells.measure(parts.ALL[part], subjects.table(tools)[subject], Sample(at_most))


def _today() -> str:
    return time.strftime("%d %B %Y").lstrip("0")


def _machine() -> str:
    kernel = ".".join(platform.release().split(".")[:2])
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    size = f"{os.cpu_count()} cores, {platform.machine()}, {memory:.0f} GiB of memory"
    return f"{size}, {platform.system()} {kernel}.\nTrees in memory; on loop devices for power cuts and full disks"


def _programs(tools: Tools) -> str:
    asked = {program: [program, "--version"] for program in ("sed", "perl", "git")}
    for package in _PACKAGES if tools.python else ():
        asked[package] = [tools.python, "-c", f"import importlib.metadata as m; print(m.version({package!r}))"]
    versions = [f"{name} {_version(command)}" for name, command in asked.items()]
    return ", ".join([f"Holdfast {VERSION}", f"Python {platform.python_version()}", *versions])


def _version(command: list[str]) -> str:
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return "(missing)"
    number = re.search(r"\d+(\.\d+)+", said)
    return number[0] if number else "(unknown)"


def _errors() -> str:
    return ", ".join(errno.errorcode[number] for number in parts.ERRORS)


if __name__ == "__main__":
    main()
