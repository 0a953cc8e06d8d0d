"""What a journal says about attics: where the pre-images of a batch may go, and where they do go.

ATTICS is a part of BEGIN and names every place that may be tried (I1). HELD follows before PREPARED: the place that a
rename has proven, for each of them (I8).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from core import names
from core.errors import JournalDamaged
from core.journal.codec import Record
from core.journal.records import FolderRef, Type

NOWHERE = -1


class AtticRef(NamedTuple):
    """The attics that the folders of one mount may use.

    `volume` and `mount` (its path, "" where the system does not tell) say which folders these are; `folder` is the number
    of one of them, for the proof. `roots` are absolute paths, tried in this order.
    """

    volume: str
    mount: str
    folder: int
    roots: tuple[str, ...]

    def is_for(self, ref: FolderRef) -> bool:
        """Whether a folder may be one of those; the longest mount decides where several are."""
        return ref.volume == self.volume and (
            ref.path == self.mount or ref.path.startswith(self.mount.rstrip("/") + "/")
        )


def attics(refs: Iterable[AtticRef]) -> Record:
    """Make an ATTICS record."""
    return {"t": Type.ATTICS, "a": [[*ref[:-1], list(ref.roots)] for ref in refs]}


def read_attics(record: Record, folder_count: int) -> list[AtticRef]:
    """Read an ATTICS record."""
    rows = record.get("a")
    if not isinstance(rows, list):
        raise JournalDamaged(field="attics")
    return [_attic(row, folder_count) for row in rows]


def _attic(row: object, folder_count: int) -> AtticRef:
    if not isinstance(row, list) or len(row) != len(AtticRef._fields):
        raise JournalDamaged(field="attics")
    volume, mount, folder, roots = row
    if not (isinstance(volume, str) and isinstance(mount, str) and isinstance(folder, int) and isinstance(roots, list)):
        raise JournalDamaged(field="attics")
    if not (0 <= folder < folder_count and all(isinstance(root, str) and _is_attic(root) for root in roots)):
        raise JournalDamaged(field="attics")
    return AtticRef(volume, mount, folder, tuple(roots))


def _is_attic(path: str) -> bool:
    """Whether a path may be an attic's: one by any other name would be made wherever a crafted journal says."""
    parts = path.split("/")
    is_plain = path.startswith("/") and not any(part in (".", "..") or "\0" in part for part in parts)
    return is_plain and names.is_attic(parts[-1])


def held(chosen: Iterable[int]) -> Record:
    """Make a HELD record: for each AtticRef the index of the root that was proven, or NOWHERE."""
    return {"t": Type.HELD, "r": list(chosen)}


def read_held(record: Record, refs: list[AtticRef]) -> list[int]:
    """Read a HELD record."""
    rows = record.get("r")
    if not isinstance(rows, list) or len(rows) != len(refs) or not all(isinstance(row, int) for row in rows):
        raise JournalDamaged(field="held")
    if not all(NOWHERE <= row < len(ref.roots) for row, ref in zip(rows, refs, strict=True)):
        raise JournalDamaged(field="held")
    return rows
