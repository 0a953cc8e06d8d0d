"""A cell of the page: one part tried on one subject, with a place of its own, and a disk where it needs one."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import disks
from tests.support.disks import Disk
from tests.support.torture.bench import Bench, CannotDo
from tests.support.torture.judge import Verdict
from tests.support.torture.parts import Part, Sample
from tests.support.torture.subjects import Subject


@dataclass
class Cell:
    """How much was tried, what was found, and the first point of each kind. `missing` says why nothing was tried.

    `is_sample` tells that there are more points.
    """

    part: str
    subject: str
    batch: str
    is_fallback: bool
    tried: int = 0
    found: Counter[Verdict] = field(default_factory=Counter)
    examples: dict[Verdict, str] = field(default_factory=dict)
    calls: int = 0
    is_sample: bool = False
    missing: str = ""

    @property
    def violations(self) -> int:
        return sum(number for verdict, number in self.found.items() if verdict is not Verdict.FINE)


def measure(part: Part, subject: Subject, sample: Sample) -> Cell:
    """Try a part on a subject."""
    cell = Cell(part.title, subject.name, subject.batch.name, subject.is_fallback)
    cell.missing = subject.missing or (disks.hindrance(part.disk) if part.disk else "")
    if cell.missing:
        return cell
    above = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    # Not "holdfast-": repren looks for what it replaces in whole paths when it undoes, and "old" is in that name.
    with tempfile.TemporaryDirectory(dir=above, prefix="torture-") as folder:
        disk = Disk.make(part.disk, Path(folder), "disk") if part.disk else None
        try:
            place = (disk.path if disk else Path(folder)) / "place"
            _try_all(cell, part, Bench(subject, place, Path(folder) / "forms"), sample, disk)
        except CannotDo as why:
            cell.missing = f"does not do this batch ({why})"
        finally:
            if disk:
                disk.remove()
    return cell


def _try_all(cell: Cell, part: Part, bench: Bench, sample: Sample, disk: Disk | None) -> None:
    cell.calls = len(bench.calls)
    for trial in part.trials(bench, sample, disk):
        cell.tried += 1
        cell.found[trial.verdict] += 1
        cell.examples.setdefault(trial.verdict, trial.point)
    cell.is_sample = sample.left_out
