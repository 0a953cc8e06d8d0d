"""What the records say. BEGIN holds every step and every side name before the first side file exists.

A *step* is one change of names that the swap makes, and that roll back takes back:

* `EXCHANGE` — the staged new content, or an evicted thing, and the original change names; afterwards the side name holds
  the original;
* `EVICT` — an original leaves its name for a side name;
* `PLACE` — a staged or evicted thing takes a free name;
* `CARRY` — an original goes straight from its name to a free one (evict and place in one rename);
* `INPLACE` — content is written into the original's inode; its pre-image lies under the side name;
* `DRAFT` — new content for an in-place step, to be copied from the side name, where it stays until the end.

The side files of these two are in `to_folder`, which is another one than the file's where that may not be written.

Folders are numbered, so that a step is a handful of integers and a name. A folder may be listed twice: by the path it
has before the folder moves of the batch and by the one it has after them.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple, get_type_hints

from core.errors import JournalDamaged
from core.fs.api import Kind, Stat
from core.journal.codec import Record

VERSION = 1
CHUNK = 256  # steps in a record: big enough to cost little, small enough to keep memory flat


class Type(StrEnum):
    """The kinds of record, in the order in which they can appear."""

    BEGIN = "begin"
    FOLDERS = "folders"
    STEPS = "steps"
    ATTICS = "attics"
    BEGUN = "begun"
    STAGED = "staged"
    HELD = "held"
    PREPARED = "prepared"
    DONE = "done"
    FORWARD = "forward"
    COMMIT = "commit"
    ABORT = "abort"
    END = "end"


class StepKind(StrEnum):
    """What a step does; see above."""

    EXCHANGE = "x"
    EVICT = "e"
    PLACE = "p"
    CARRY = "c"
    INPLACE = "i"
    DRAFT = "d"


_KINDS = {str(kind): kind for kind in StepKind}
MOVES = frozenset({StepKind.EVICT, StepKind.PLACE, StepKind.CARRY})


class Identity(NamedTuple):
    """Which file it is, across crashes and remounts; folders and symlinks are known by inode alone.

    The digest of a folder that is deleted is about all in it, see `inside`. `ino` is 0 where inode numbers do not last.
    `read_ns` is when `digest` was taken (0: never): a modification time too close to it proves nothing, see `is_racy`.
    """

    kind: str
    ino: int
    size: int
    mtime_ns: int
    digest: str
    read_ns: int


def known(row: list[Any]) -> Identity:
    """Make an identity of its fields; a call less than `Identity(*row)`, which counts where there are thousands."""
    return tuple.__new__(Identity, row)


# Kernel timestamps advance in ticks of up to 10 ms; two writes within one tick look the same.
_TICK_NS = 50_000_000


def identity(stat: Stat, digest: str = "", read_ns: int = 0) -> Identity:
    """Make an identity of a stat."""
    return Identity(stat.kind.value, stat.lasting_ino, stat.size, stat.mtime_ns, digest, read_ns)


def is_same(stat: Stat | None, known: Identity) -> bool:
    """Whether `stat` is the thing that `known` describes, unchanged as far as a stat can tell."""
    if stat is None or stat.kind != known.kind or (known.ino and stat.ino != known.ino):
        return False
    if stat.kind is not Kind.FILE:
        return True
    return stat.size == known.size and stat.mtime_ns == known.mtime_ns


def is_same_inode(stat: Stat | None, known: Identity) -> bool:
    """Whether `stat` is the thing that `known` describes, whatever was written into it since."""
    if not known.ino:
        return is_same(stat, known)
    return stat is not None and stat.kind == known.kind and stat.ino == known.ino


def is_racy(known: Identity) -> bool:
    """Whether a stat alone does not prove that it is the file, with the content that the digest was taken of."""
    return bool(known.digest) and (not known.ino or known.mtime_ns > known.read_ns - _TICK_NS)


def is_fresh(stat: Stat, now_ns: int) -> bool:
    """Whether a file was written so lately that another write would leave no trace in its stat: take its digest."""
    return stat.kind is Kind.FILE and stat.mtime_ns > now_ns - _TICK_NS


class FolderRef(NamedTuple):
    """A folder of the batch.

    `ino` 0: the batch itself makes it, or inode numbers do not last there. `stage`: it is there before the swap.
    `after`: the number under which the same folder is listed with the path that it has after the batch; its own number
    where the path stays.
    """

    path: str
    volume: str
    ino: int
    stage: bool
    after: int


class Step(NamedTuple):
    """One change of names. Folders are indices; a name of "" means the side name number `side`.

    `staged`: new content is prepared under the side name, in folder `stage_folder`. `original`: what is at `name`
    before (or, for PLACE of an evicted thing, what is moved); None where there is nothing.
    """

    kind: StepKind
    folder: int
    name: str
    to_folder: int
    to_name: str
    side: int
    staged: bool
    stage_folder: int
    original: Identity | None


class Header(NamedTuple):
    """Who began the transaction, and when.

    `undo`: whether pre-images are kept. `undoes`: the transaction that it takes back, "" for none; `partial`: not all of it.
    """

    txn: str
    name: str
    started: float
    host: str
    boot: str
    pid: int
    uid: int
    undo: bool
    files: int
    bytes: int
    undoes: str = ""
    partial: bool = False


def begin(header: Header) -> Record:
    """Make the BEGIN record."""
    return {"t": Type.BEGIN, "v": VERSION, **header._asdict()}


def read_begin(record: Record) -> Header:
    """Read a BEGIN record, checking every type: a journal is hostile input."""
    values: list[Any] = []
    for field, kind in get_type_hints(Header).items():
        value = record.get(field, Header._field_defaults.get(field))
        wanted: tuple[type, ...] = (int, float) if kind is float else (kind,)
        if not isinstance(value, wanted):
            raise JournalDamaged(field=field)
        values.append(value)
    return Header(*values)


def folders(refs: Iterable[FolderRef]) -> Record:
    """Make a FOLDERS record."""
    return {"t": Type.FOLDERS, "f": [list(ref) for ref in refs]}


def read_folders(record: Record) -> list[FolderRef]:
    """Read a FOLDERS record."""
    rows = _rows(record, "f", len(FolderRef._fields))
    return [_folder(*row) for row in rows]


def _folder(path: object, volume: object, ino: object, stage: object, after: object) -> FolderRef:
    if not (isinstance(path, str) and path.startswith("/") and isinstance(volume, str) and isinstance(stage, bool)):
        raise JournalDamaged(field="folders")
    if not (isinstance(ino, int) and isinstance(after, int) and after >= 0):
        raise JournalDamaged(field="folders")
    if any(part in (".", "..") or "\0" in part for part in path.split("/")):
        raise JournalDamaged(field="folders")
    return FolderRef(path, volume, ino, stage, after)


def steps(rows: Iterable[Step]) -> Record:
    """Make a STEPS record."""
    return {"t": Type.STEPS, "s": list(rows)}


def read_steps(record: Record, folder_count: int) -> list[Step]:
    """Read a STEPS record."""
    rows = record.get("s")
    if not isinstance(rows, list):
        raise JournalDamaged(field="steps")
    return [_step(row, folder_count) for row in rows]


def _step(row: object, folder_count: int) -> Step:
    # Every step is read in every pass of a transaction, so this is written out: loops cost more than the checks.
    if not isinstance(row, list) or len(row) != len(Step._fields):
        raise JournalDamaged(field="steps")
    kind, folder, name, to_folder, to_name, side, staged, stage_folder, original = row
    if not (
        type(folder) is type(to_folder) is type(stage_folder) is type(side) is int
        and 0 <= folder < folder_count
        and 0 <= to_folder < folder_count
        and 0 <= stage_folder < folder_count
        and side >= 0
        and type(staged) is bool
        and type(kind) is str
        and kind in _KINDS
        and _is_name(name)
        and _is_name(to_name)
    ):
        raise JournalDamaged(field="steps")
    row[0], row[-1] = _KINDS[kind], _identity(original)
    return tuple.__new__(Step, row)


def staged(chunk: int, identities: Iterable[Identity | None]) -> Record:
    """Make a STAGED record for the chunk with that number: an identity for each step, None where nothing is staged."""
    return {"t": Type.STAGED, "c": chunk, "i": list(identities)}


def staged_chunk(record: Record) -> int:
    """Read of a STAGED record only which chunk it is about."""
    chunk = record.get("c")
    if not isinstance(chunk, int):
        raise JournalDamaged(field="staged")
    return chunk


def read_staged(record: Record) -> list[Identity | None]:
    """Read what a STAGED record says of the steps of its chunk."""
    rows = record.get("i")
    if not isinstance(rows, list):
        raise JournalDamaged(field="staged")
    return [_identity(row) for row in rows]


def done(step: int, now: Identity | None) -> Record:
    """Make a DONE record: the in-place step with that number ended with this content (None: no file)."""
    return {"t": Type.DONE, "n": step, "i": now}


def read_done(record: Record) -> tuple[int, Identity | None]:
    """Read a DONE record."""
    number = record.get("n")
    if not isinstance(number, int):
        raise JournalDamaged(field="done")
    return number, _identity(record.get("i"))


def _is_name(name: object) -> bool:
    return isinstance(name, str) and "/" not in name and "\0" not in name and name not in (".", "..")


def _rows(record: Record, key: str, width: int) -> list[list[Any]]:
    rows = record.get(key)
    if not isinstance(rows, list) or not all(isinstance(r, list) and len(r) == width for r in rows):
        raise JournalDamaged(field=key)
    return rows


def _identity(row: object) -> Identity | None:
    if row is None:
        return None
    if isinstance(row, list) and len(row) == len(Identity._fields):
        kind, ino, size, mtime_ns, digest, read_ns = row
        if type(kind) is type(digest) is str and type(ino) is type(size) is type(mtime_ns) is type(read_ns) is int:
            return known(row)
    raise JournalDamaged(field="identity")
