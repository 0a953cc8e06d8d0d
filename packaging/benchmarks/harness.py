"""What all measurements share: rounds in which the ways of doing one work take turns, and ratios within each round.

Seconds depend on the machine and on what else it does; how one way compares with another in the same round, on the
same file system and in the same process, much less so. So only ratios are to be quoted.
"""

from __future__ import annotations

import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # rivals and disks are those of the tests

from core import api
from core.fs import linux
from core.version import VERSION


@dataclass(frozen=True)
class Settings:
    """`files` of `size` bytes each, so many `rounds`, everything below `folder`.

    `quick`: whether works that have sizes of their own take smaller ones. `document`: the page whose code is a rival, if any.
    """

    files: int
    size: int
    rounds: int
    folder: str
    quick: bool = False
    document: str = ""


@dataclass(frozen=True)
class Way:
    """One way of doing a work. `run` gets an empty folder and returns the seconds that count."""

    name: str
    run: Callable[[str, Settings], float]


@dataclass(frozen=True)
class Row:
    """One line of the table: `values` are ratios to `against`, or what `unit` says where there is nothing to compare.

    `goal`: (what it must be at most, what it should be), in the same unit; None where nothing is asked.
    """

    work: str
    against: str
    values: list[float]
    seconds: list[float]
    unit: str = "×"
    goal: tuple[float, float] | None = None

    def markdown(self) -> str:
        middle = f"{statistics.median(self.values):.2f} {self.unit}"
        spread = f"{min(self.values):.2f} – {max(self.values):.2f}" if len(self.values) > 1 else "–"
        seconds = f"{statistics.median(self.seconds):.3f} s" if self.seconds else "–"
        must, aim = (f"{one:g}" for one in self.goal) if self.goal else ("–", "–")
        work, against = (name.replace("|", "\\|") for name in (self.work, self.against))
        return f"| {work} | {against} | {must} | {aim} | {middle} | {spread} | {seconds} | {self._kept} |"

    @property
    def _kept(self) -> str:
        if self.goal is None:
            return ""
        middle = statistics.median(self.values)
        return next(
            (name for goal, name in zip(reversed(self.goal), ("aim", "must"), strict=True) if middle <= goal), "no"
        )


HEAD = "| work | against | must | aim | median | range | median time | kept |\n|---|---|---|---|---|---|---|---|"


def interleave(ways: list[Way], settings: Settings) -> dict[str, list[float]]:
    """Run every way once in each round, in random order; return their seconds, round by round."""
    found: dict[str, list[float]] = {way.name: [] for way in ways}
    for _ in range(settings.rounds):
        for way in random.sample(ways, len(ways)):
            with scratch(settings.folder) as folder:
                found[way.name].append(way.run(folder, settings))
    return found


def compare(found: dict[str, list[float]], name: str, against: str, goal: tuple[float, float] | None = None) -> Row:
    """Make a row of ratios, each within one round."""
    ratios = [ours / theirs for ours, theirs in zip(found[name], found[against], strict=True)]
    return Row(name, against, ratios, found[name], goal=goal)


@contextmanager
def scratch(above: str) -> Iterator[str]:
    """Give an empty folder that goes again, and leave nothing to be written back behind for whoever comes next."""
    folder = os.path.realpath(tempfile.mkdtemp(prefix="holdfast-benchmark-", dir=above))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
        sync(above)


def sync(folder: str) -> None:
    """Make everything on the file system of a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        linux.syncfs(handle)
    finally:
        os.close(handle)


class Clock:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def __call__(self) -> float:
        return time.perf_counter() - self._since


def file_system(folder: str) -> str:
    """Name the type of the file system that is measured."""
    return api.promises(folder).filesystem


def machine(folder: str) -> str:
    """Describe where this was measured, in Markdown."""
    processor = platform.processor() or platform.machine()
    with open("/proc/cpuinfo") as file:
        models = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lines = [
        f"Holdfast {VERSION}, Python {platform.python_version()}, {platform.system()} {platform.release()}",
        f"{os.cpu_count()} processors ({models[0] if models else processor}), {memory:.0f} GiB of memory",
        f"file system: {file_system(folder)}; load when it began: {os.getloadavg()[0]:.1f}",
    ]
    return "\n".join(f"- {line}" for line in lines)
