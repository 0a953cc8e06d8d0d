"""What became of every batch: entries, what each holds of the files before it, and undo, which is a batch again.

The journal of a batch that has ended *is* its entry; nothing is written down twice. What its files were before it, the
*pre-images*, rests in attics (`core.attic`) until it is undone or expires.

An entry that undoes another names it. So whether a batch is in force is told by the chain: undone by a batch that is
itself undone, it is in force again. Undo of an undo is redo, and needs no code of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

DAY = 86_400.0


class State(StrEnum):
    """What became of a batch."""

    APPLIED = "applied"  # in force, as far as batches go: `verify` says what was done to its files since
    UNDONE = "undone"
    CANCELLED = "cancelled"  # and put back
    FAILED = "failed"  # an error, or another program's change: put back
    RECOVERED = "recovered"  # interrupted, and put back at a later start
    RUNNING = "running"
    NEEDS_ATTENTION = "needs_attention"  # interrupted, and not put right yet; or its record cannot be read


class Hindrance(StrEnum):
    """Why a batch cannot be undone."""

    NONE = ""
    NOT_IN_FORCE = "not_in_force"  # undone already, or put back when it ended
    NOT_KEPT = "not_kept"  # applied with `--no-undo`, or by a program of its own that kept nothing
    EXPIRED = "expired"
    NOT_ENDED = "not_ended"  # it runs, or needs attention
    OUT_OF_REACH = "out_of_reach"  # the disk that holds the previous versions is not here
    NEWER = "newer"  # a newer version has written its record, and alone knows what it says
    DAMAGED = "damaged"  # its record cannot be read


@dataclass(frozen=True, slots=True)
class Entry:
    """One batch. Times in seconds since 1970 (`ended` 0.0 where it has not), sizes in bytes.

    `undoes` and `undone_by`: ids of other entries, "" for none; `undone_by` is the one that is in force now. `is_partial`:
    it undoes only some files of the other, which stays applied. `held`: bytes of previous versions that rest in attics,
    of whole folders too. `expires`: when they may be dropped, 0.0 for never.
    """

    txn: str
    name: str
    started: float
    ended: float
    state: State
    files: int
    bytes: int
    undoes: str = ""
    undone_by: str = ""
    is_partial: bool = False
    is_pinned: bool = False
    held: int = 0
    expires: float = 0.0
    hindrance: Hindrance = Hindrance.NONE
    kept: tuple[str, ...] = ()

    @property
    def can_undo(self) -> bool:
        """Whether undo has anything to offer. What was done to the files since is found out by `undo_plan`."""
        return self.hindrance is Hindrance.NONE


class Deed(StrEnum):
    """What a batch did to a file."""

    CREATE = "create"
    EDIT = "edit"  # gave it new content, in place of the old
    DELETE = "delete"
    MOVE = "move"
    FOLDER = "folder"  # made it


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a batch. `to`: its new path where it was moved, else "".

    Sizes in bytes, None where there was nothing; digests are SHA-256 in hex, "" where none was taken. `held`: where its
    previous version rests, "" where none does (any more), or none is needed.
    """

    deed: Deed
    kind: str
    path: str
    to: str
    size_before: int | None
    size_after: int | None
    digest_before: str
    digest_after: str
    held: str = ""


class Choice(StrEnum):
    """What undo does with a file that is not as the batch left it."""

    ASK = "ask"  # it is a problem of the plan
    SKIP = "skip"  # it stays as it is
    TAKE = "take"  # it becomes what it was before the batch; what is there now is kept, as the undo's own pre-image


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices by path (that of the file now, as the problem names it), and one for all others."""

    rest: Choice = Choice.ASK
    by_path: Mapping[str, Choice] = field(default_factory=dict)

    def of(self, path: str) -> Choice:
        """Return the choice for a file."""
        return self.by_path.get(path, self.rest)


class Drift(StrEnum):
    """How a file differs from what the batch left."""

    EDITED = "edited"
    GONE = "gone"  # deleted or moved
    REPLACED = "replaced"  # by something of another kind, such as a folder
    TAKEN = "taken"  # its old name, which it has to return to, is somebody else's now
    LATER = "later"  # a later batch, which is in force, has changed it: `by`


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not as the batch left it. `by`: id of the later batch, "" where none is known."""

    path: str
    drift: Drift
    by: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a batch is in force: it is applied, and its files are as it left them. `checked`: files looked at."""

    txn: str
    in_force: bool
    state: State
    checked: int
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How long previous versions are kept: so many seconds, and so many bytes in all (0: no limit).

    The newest batch is never dropped for its size, a pinned one never at all.
    """

    age: float = 30 * DAY
    size: int = 0


@dataclass(frozen=True, slots=True)
class Expired:
    """An entry whose previous versions were dropped, or are to be: how much that is, and why.

    `too_old`: by age, else for the size of all. `kept`: files with what another program wrote into a previous version
    after it was put away; each got a name in sight first. `failed`: (path, error); then the rest is tried again later.
    """

    txn: str
    name: str
    started: float
    bytes: int
    too_old: bool
    kept: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures over all entries. `put_back`: how many by reason (`cancelled`, `conflict`, `error`, `recovered`).

    `recoveries`: batches that were interrupted and put right later, be it back or to the end. `rollback_rate`: share
    of ended batches that were put back, from 0 to 1. `files` and `bytes`: of what was applied. `held`: bytes in attics.
    """

    batches: int = 0
    applied: int = 0
    undone: int = 0
    undos: int = 0
    put_back: Mapping[str, int] = field(default_factory=dict)
    recoveries: int = 0
    needs_attention: int = 0
    files: int = 0
    bytes: int = 0
    held: int = 0
    first: float = 0.0
    last: float = 0.0

    @property
    def rollback_rate(self) -> float:
        """Return the share of batches that were put back."""
        return sum(self.put_back.values()) / self.batches if self.batches else 0.0


class Format(StrEnum):
    """What a report is written in. A patch goes from the files before the batch to those after it, as far as held."""

    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    PATCH = "patch"
