"""The same commit for very many small files and for few large ones, and how the time for one file grows with their number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness import Row, Settings, Way, file_system, interleave

from works import commit

_SMALL, _LARGE = (100_000, 1 << 10), (100, 10 << 20)  # (files, bytes in each)
_GROWTH = (1_000, 10_000, 100_000)
_GOALS = {_SMALL: (1.5, 1.1), _LARGE: (1.3, 0.9)}
_QUICK = 20  # times fewer

PER_FILE = "Holdfast: plan and apply, for each of {files:,} files"


def _shape(settings: Settings, files: int, size: int) -> Settings:
    files = max(1, files // _QUICK) if settings.quick else files
    return replace(settings, files=files, size=size, rounds=min(settings.rounds, 3))


def _to_the_floor(settings: Settings, files: int, size: int) -> Iterator[Row]:
    shape = _shape(settings, files, size)
    found = interleave([Way(commit.FLOOR, commit.floor), Way(commit.TOLD, commit.told)], shape)
    ratios = [ours / floor for ours, floor in zip(found[commit.TOLD], found[commit.FLOOR], strict=True)]
    name = f"{commit.TOLD}; {shape.files:,} × {_size(size)}"
    # Nothing was asked of so many small files on btrfs, where an exchange takes four times as long.
    goal = None if (files, size) == _SMALL and file_system(settings.folder) == "btrfs" else _GOALS[files, size]
    yield Row(name, commit.FLOOR, ratios, found[commit.TOLD], goal=goal)


def _size(size: int) -> str:
    return f"{size >> 20} MiB" if size >> 20 else f"{size >> 10} KiB"


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratios to the floor, and microseconds for a file."""
    for files, size in (_SMALL, _LARGE):
        yield from _to_the_floor(settings, files, size)
    for files in _GROWTH[: 2 if settings.quick or file_system(settings.folder) == "tmpfs" else 3]:
        shape = replace(settings, files=files, size=1 << 10, rounds=min(settings.rounds, 3))
        seconds = interleave([Way(commit.WHOLE, commit.whole)], shape)[commit.WHOLE]
        yield Row(PER_FILE.format(files=files), "–", [1e6 * one / files for one in seconds], seconds, "µs")
