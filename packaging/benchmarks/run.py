"""Measure Holdfast against the floor: python packaging/benchmarks/run.py [--quick] [--folder DIR] [--disks] [WORK...]

Prints a Markdown table. Everything lies below a folder of its own in DIR, so DIR decides which file system is measured,
and goes at the end. With --disks what is about disks is measured on new ones of ext4, xfs and btrfs, and the page
packaging/BENCHMARKS.md is written. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import harness
from disks import KINDS, disk
from harness import ROOT, Settings
from works import ABOUT_DISKS, ALL

_PAGE = ROOT / "packaging/BENCHMARKS.md"
_INTRODUCTION = """# How fast

Holdfast against the least that makes new content durable at all, and against what people use instead. Each figure is a
**ratio within one round**: both sides run one after the other, in random order, on the same file system and in the same
process, and the median of the rounds counts. Seconds say only how large a work is. “must” and “aim” are what was asked for
before the first line was written; the last column says which of them is kept.

Made by `python packaging/benchmarks/run.py --disks`{options} on {day}.

{machine}
"""


def main() -> None:
    """Measure, and print the table as it grows."""
    options = _options()
    files = options.files or (1_000 if options.quick else 10_000)
    rounds = options.rounds or (3 if options.quick else 5)
    with harness.scratch(options.folder) as folder:
        settings = Settings(files, options.size, rounds, folder, quick=options.quick, document=options.document)
        if options.disks:
            _write_page(settings, options.works)
            return
        print(f"{settings.files:,} files of {settings.size:,} bytes, {settings.rounds} rounds\n")
        print(f"{harness.machine(folder)}\n", flush=True)
        for _ in _table(options.works or ALL, settings):
            pass


def _options() -> argparse.Namespace:
    known = {_name(work): work for work in ALL}
    parser = argparse.ArgumentParser(description="Measure Holdfast against the floor.")
    parser.add_argument("--quick", action="store_true", help="fewer files and rounds: under a minute")
    parser.add_argument("--files", type=int, metavar="N", help="how many files a batch has (10,000; quick: 1,000)")
    parser.add_argument("--size", type=int, default=4096, metavar="BYTES", help="how large each is (4096)")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often each way takes its turn (5; quick: 3)")
    parser.add_argument("--folder", default=tempfile.gettempdir(), metavar="DIR", help="where to measure")
    parser.add_argument(
        "--document", default="", metavar="FILE", help="the document of EXEC-004, whose code is a rival"
    )
    parser.add_argument("--disks", action="store_true", help="on disks of ext4, xfs and btrfs; writes the page")
    parser.add_argument("works", nargs="*", metavar="WORK", type=known.get, help=f"only these: {', '.join(known)}")
    options = parser.parse_args()
    if None in options.works:
        parser.error(f"a work is one of {', '.join(known)}")
    return options


def _name(work: ModuleType) -> str:
    return work.__name__.rpartition(".")[2]


def _table(works: Iterable[ModuleType], settings: Settings) -> Iterator[str]:
    """Yield the lines of a table, and print each as soon as it is known."""
    for line in harness.HEAD.splitlines():
        print(line, flush=True)
        yield line
    for work in works:
        for row in work.measure(settings):
            print(row.markdown(), flush=True)
            yield row.markdown()


def _write_page(settings: Settings, chosen: list[ModuleType]) -> None:
    """Measure on disks of all kinds, and the rest once; write the page where nothing is left out."""
    works = chosen or list(ALL)
    options = "".join((" --quick" * settings.quick, " --document FILE" * bool(settings.document)))
    day = f"{datetime.now(UTC):%-d %B %Y}"
    parts = [_INTRODUCTION.format(options=options, day=day, machine=harness.machine(settings.folder))]
    for kind in KINDS:
        with disk(kind, settings.folder) as root:
            about = [work for work in works if work in ABOUT_DISKS]
            parts.append(_part(f"On {kind}", about, replace(settings, folder=root)))
            if kind == KINDS[0]:
                others = [work for work in works if work not in ABOUT_DISKS]
                rest = _part("Wherever the files lie", others, replace(settings, folder=root))
    parts += [rest, Path(__file__).with_name("where.md").read_text()]
    if chosen or settings.quick:
        sys.stdout.write("\n".join(parts))
    else:
        _PAGE.write_text("\n".join(parts))


def _part(title: str, works: list[ModuleType], settings: Settings) -> str:
    print(f"\n{title}\n", flush=True)
    return "\n".join([f"## {title}\n", *_table(works, settings), ""])


if __name__ == "__main__":
    main()
