"""The batch of the document that the pattern comes from, which copies first and syncs nothing, against ours.

Only with `--document`: the code is taken from that page as it stands there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness import Clock, Row, Settings, Way, compare, file_system, interleave

from tests.support.torture import loops
from works import batch, commit

SEED = "AtomicBatch of the document (not durable)"


def seed(folder: str, settings: Settings) -> float:
    """Do the same work with it."""
    batch.make_files(folder, settings)
    theirs = loops.classes(settings.document)["AtomicBatch"]()
    clock = Clock()
    for number in range(settings.files):
        new = batch.content(number, settings, "new")
        theirs.add(Path(batch.path(folder, number)), lambda path, new=new: path.write_bytes(new))
    theirs.execute()
    return clock()


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratio."""
    if settings.document:
        found = interleave([Way(commit.TOLD, commit.told), Way(SEED, seed)], settings)
        goal = (0.65, 0.5) if file_system(settings.folder) == "btrfs" else (0.45, 0.33)
        yield compare(found, commit.TOLD, SEED, goal)
