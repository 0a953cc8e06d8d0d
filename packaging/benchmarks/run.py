"""Measure Holdfast against the floor: python packaging/benchmarks/run.py [--quick] [--folder DIR] [--document FILE] [WORK...]

Prints a Markdown table. Everything lies below a folder of its own in DIR, so DIR decides which file system is measured,
and goes at the end. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import tempfile

import harness
from harness import Settings
from works import ALL


def main() -> None:
    """Measure all works and print the table as it grows."""
    parser = argparse.ArgumentParser(description="Measure Holdfast against the floor.")
    parser.add_argument("--quick", action="store_true", help="fewer files and rounds: under a minute")
    parser.add_argument("--files", type=int, metavar="N", help="how many files a batch has (10,000; quick: 1,000)")
    parser.add_argument("--size", type=int, default=4096, metavar="BYTES", help="how large each is (4096)")
    parser.add_argument("--folder", default=tempfile.gettempdir(), metavar="DIR", help="where to measure")
    parser.add_argument(
        "--document", default="", metavar="FILE", help="the document of EXEC-004, whose code is a rival"
    )
    names = [work.__name__.rpartition(".")[2] for work in ALL]
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"only these: {', '.join(names)}")
    options = parser.parse_args()
    chosen = [work for name, work in zip(names, ALL, strict=True) if not options.works or name in options.works]
    files = options.files or (1_000 if options.quick else 10_000)
    with harness.scratch(options.folder) as folder:
        rounds = 3 if options.quick else 5
        settings = Settings(files, options.size, rounds, folder, quick=options.quick, document=options.document)
        print(f"{settings.files:,} files of {settings.size:,} bytes, {settings.rounds} rounds\n")
        print(f"{harness.machine(folder)}\n\n{harness.HEAD}", flush=True)
        for work in chosen:
            for row in work.measure(settings):
                print(row.markdown(), flush=True)


if __name__ == "__main__":
    main()
