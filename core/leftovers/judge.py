"""What is best done with a leftover: a table, and the first row that fits wins. Pure: facts in, advice and reason out.

When in doubt it says "keep", since what cannot be told may be somebody's only copy. "Clear" is said only of what holds
nothing that is wanted any more, and that alone is chosen without a person; "ask" of what nobody uses, as far as anybody
can tell. Getting older never takes a "clear" back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from core.leftovers.catalogue import Class, Family
from core.leftovers.owner import Owner

FRESH = 600.0  # seconds: a program may still be about to use it
IN_FLIGHT = 86_400.0  # long copies and transfers take hours
SURELY_OVER = 172_800.0  # twice the day for which Syncthing and rclone keep what they have half received
OLD = 604_800.0
RESUMABLE = 2_592_000.0
_CLOCK = 2.0  # some file systems count time in steps of two seconds


class Advice(StrEnum):
    """What is best done."""

    RESTORE = "restore"
    CLEAR = "clear"
    ASK = "ask"
    KEEP = "keep"
    WAIT = "wait"
    RECOVER = "recover"
    PROTECTED = "protected"


class Reason(StrEnum):
    """Why."""

    PART_OF_SOMETHING = "part_of_something"
    BATCH_RUNS = "batch_runs"
    BATCH_INTERRUPTED = "batch_interrupted"
    BATCH_ELSEWHERE = "batch_elsewhere"
    BATCH_UNKNOWN = "batch_unknown"
    BATCH_FINISHED = "batch_finished"
    CHANGED_AFTER_US = "changed_after_us"
    IN_USE = "in_use"
    OWNER_UNKNOWN = "owner_unknown"
    LOCK = "lock"
    LOCK_STALE = "lock_stale"
    NOT_PLAIN = "not_a_plain_file"
    EDITOR_FILE = "editor_file"
    NOTHING_UNSAVED = "nothing_unsaved"
    OLD_UNSAVED = "old_unsaved"
    CONFLICT = "conflict"
    TRANSFER = "transfer"
    TRANSFER_OVER = "transfer_over"
    SETTINGS = "settings"
    MANAGED = "managed"
    TOO_NEW = "too_new"
    IN_FLIGHT = "in_flight"
    ONLY_COPY = "only_copy"
    PERHAPS_PARTIAL = "perhaps_partial"
    SAME = "same"
    TWIN = "twin"
    EMPTY = "empty"
    HALF_WRITTEN = "half_written"
    SCRATCH = "scratch"
    CRASH_REPORT = "crash_report"
    NO_ORIGINAL = "no_original"
    OLD_REMAINS = "old_remains"
    UNCHECKED = "unchecked"
    ORIGINAL_EMPTY = "original_empty"
    NEWER = "newer"
    UNSAVED = "unsaved"
    NEVER_ARRIVED = "never_arrived"
    OLDER = "older"
    KEPT_FOR_YOU = "kept_for_you"
    UNKNOWN = "unknown"


class Batch(StrEnum):
    """What is known of the batch behind one of our side files. NONE: it is no side file.

    FINISHED: its journal has ended, and what lies there is what it says; CHANGED: and it is not.
    """

    NONE = "none"
    RUNS = "runs"
    INTERRUPTED = "interrupted"
    ELSEWHERE = "elsewhere"
    FINISHED = "finished"
    CHANGED = "changed"
    UNKNOWN = "unknown"


class Original(StrEnum):
    """What is known of the original. UNTOLD: the name does not say which it is; OTHER: no regular file."""

    UNTOLD = "untold"
    MISSING = "missing"
    THERE = "there"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a leftover.

    `is_plain`: a regular file (a lock may be a symlink) of this user's with one name. Times in seconds: `age`
    since anything about it changed, `newer_by` how much later than the original it was written. Sizes in bytes. `same`:
    None where nobody can tell. `is_dirty`: a swap file that says that something was not saved, or does not say. `twin`:
    whether a file beside it has the same content.
    """

    family: Family
    is_plain: bool
    size: int
    age: float
    grade: Class = Class.ASK
    owner: Owner = Owner.NOBODY
    original: Original = Original.UNTOLD
    original_size: int = 0
    same: bool | None = None
    newer_by: float = 0.0
    is_dirty: bool = True
    twin: bool = False
    batch: Batch = Batch.NONE

    @property
    def is_newer(self) -> bool:
        """Whether it was written later than the original."""
        return self.newer_by > _CLOCK

    @property
    def is_there(self) -> bool:
        """Whether there is an original to compare with."""
        return self.original is Original.THERE

    @property
    def is_missing(self) -> bool:
        """Whether there was an original, and is none."""
        return self.original is Original.MISSING

    @property
    def is_safe(self) -> bool:
        """Whether its kind may be cleared without being the same as its original."""
        return self.grade is Class.SAFE


class Row(NamedTuple):
    """One row of the table. `until`: the age in seconds at which it stops to fit."""

    name: str
    fits: Callable[[Facts], bool]
    advice: Advice
    reason: Reason
    until: float = 0.0


_RECOVERY = frozenset({Family.UNSAVED, Family.SWAP})
_VERSIONS = frozenset({Family.BACKUP, Family.KEPT})
_ON_THE_WAY = frozenset({Family.IN_FLIGHT, Family.SCRATCH})

TABLE: tuple[Row, ...] = (
    Row("1", lambda f: f.family is Family.PROTECTED, Advice.PROTECTED, Reason.PART_OF_SOMETHING),
    # Our own side files: the journal knows, the disk does not.
    Row("3", lambda f: f.batch is Batch.RUNS, Advice.WAIT, Reason.BATCH_RUNS),
    Row("4", lambda f: f.batch is Batch.INTERRUPTED, Advice.RECOVER, Reason.BATCH_INTERRUPTED),
    Row("5", lambda f: f.batch is Batch.ELSEWHERE, Advice.PROTECTED, Reason.BATCH_ELSEWHERE),
    Row("5a", lambda f: f.family is Family.SIDE and f.batch in (Batch.NONE, Batch.UNKNOWN), Advice.PROTECTED, Reason.BATCH_UNKNOWN),
    Row("2", lambda f: not f.is_plain, Advice.KEEP, Reason.NOT_PLAIN),
    Row("7", lambda f: f.batch is Batch.CHANGED, Advice.KEEP, Reason.CHANGED_AFTER_US),
    # What is kept for somebody to merge, or by a program for itself: however old, and whoever made it.
    Row("34", lambda f: f.family is Family.CONFLICT, Advice.KEEP, Reason.CONFLICT),
    Row("34a", lambda f: f.family is Family.SETTINGS, Advice.KEEP, Reason.SETTINGS),
    Row("36", lambda f: f.family is Family.MANAGED, Advice.KEEP, Reason.MANAGED),
    # Whose maker may be at work.
    Row("8", lambda f: f.owner is Owner.ALIVE, Advice.WAIT, Reason.IN_USE),
    Row("6", lambda f: f.family is Family.SIDE and f.batch is Batch.FINISHED and f.age >= FRESH, Advice.CLEAR, Reason.BATCH_FINISHED),
    Row("11", lambda f: f.family is Family.LOCK and f.owner is Owner.UNKNOWN, Advice.KEEP, Reason.LOCK),
    Row("16", lambda f: f.family in _RECOVERY and f.is_missing and _is_told(f), Advice.RESTORE, Reason.ONLY_COPY),
    Row("16a", lambda f: f.family in _RECOVERY and f.is_missing, Advice.KEEP, Reason.ONLY_COPY),
    Row("9", lambda f: f.age < FRESH and not _is_judged_at_once(f), Advice.WAIT, Reason.TOO_NEW, FRESH),
    Row("9a", lambda f: f.owner is Owner.UNKNOWN, Advice.KEEP, Reason.OWNER_UNKNOWN),
    # Locks.
    Row("10", lambda f: f.family is Family.LOCK and f.owner is Owner.DEAD and f.is_safe, Advice.CLEAR, Reason.LOCK_STALE),
    Row("10a", lambda f: f.family is Family.LOCK, Advice.KEEP, Reason.LOCK),
    # What was not saved.
    Row("12", lambda f: f.family is Family.SWAP and f.is_there and not f.is_dirty and f.owner is Owner.DEAD, Advice.CLEAR, Reason.NOTHING_UNSAVED),
    Row("13", lambda f: f.family in _RECOVERY and f.is_there and f.same is True, Advice.CLEAR, Reason.SAME),
    Row("14", lambda f: f.family is Family.UNSAVED and f.is_there and f.is_newer, Advice.RESTORE, Reason.UNSAVED),
    Row("14a", lambda f: f.family is Family.SWAP and (not f.is_there or f.newer_by >= -_CLOCK), Advice.KEEP, Reason.EDITOR_FILE),
    Row("15", lambda f: f.family in _RECOVERY and f.is_there, Advice.KEEP, Reason.OLD_UNSAVED),
    # Earlier versions.
    Row("17", lambda f: f.family in _VERSIONS and f.is_missing and f.size > 0, Advice.RESTORE, Reason.ONLY_COPY),
    Row("17a", lambda f: f.family in _VERSIONS and f.is_missing, Advice.KEEP, Reason.ONLY_COPY),
    Row("18", lambda f: f.family in _VERSIONS and f.is_there and f.same is True, Advice.CLEAR, Reason.SAME),
    Row("21", lambda f: f.family in _VERSIONS and f.is_there and f.same is None, Advice.KEEP, Reason.UNCHECKED),
    Row("19a", lambda f: f.family in _VERSIONS and f.is_there and f.original_size == 0, Advice.RESTORE, Reason.ORIGINAL_EMPTY),
    Row("19b", lambda f: f.family is Family.KEPT and f.is_there, Advice.KEEP, Reason.KEPT_FOR_YOU),
    Row("19", lambda f: f.family is Family.BACKUP and f.is_there and f.is_newer, Advice.RESTORE, Reason.NEWER),
    Row("20", lambda f: f.family is Family.BACKUP and f.is_there, Advice.KEEP, Reason.OLDER),
    # On the way to another name.
    Row("25", lambda f: f.family is Family.IN_FLIGHT and f.is_missing and f.size > 0, Advice.RESTORE, Reason.PERHAPS_PARTIAL),
    Row("26", lambda f: f.family in _ON_THE_WAY and f.age < IN_FLIGHT, Advice.WAIT, Reason.IN_FLIGHT, IN_FLIGHT),
    Row("33", lambda f: f.family is Family.SCRATCH and f.is_safe, Advice.CLEAR, Reason.SCRATCH),
    Row("25a", lambda f: f.family is Family.IN_FLIGHT and f.is_missing, Advice.KEEP, Reason.ONLY_COPY),
    Row("22", lambda f: f.family is Family.IN_FLIGHT and f.is_there and f.same is True, Advice.CLEAR, Reason.SAME),
    Row("22a", lambda f: f.family is Family.IN_FLIGHT and f.is_there and f.same is None, Advice.KEEP, Reason.UNCHECKED),
    Row("24a", lambda f: f.family is Family.IN_FLIGHT and f.is_there and f.original_size == 0, Advice.RESTORE, Reason.ORIGINAL_EMPTY),
    Row("24", lambda f: f.family is Family.IN_FLIGHT and f.is_there and f.is_newer, Advice.RESTORE, Reason.NEVER_ARRIVED),
    Row("23", lambda f: f.family is Family.IN_FLIGHT and f.is_there and f.is_safe, Advice.CLEAR, Reason.HALF_WRITTEN),
    Row("23a", lambda f: f.family is Family.IN_FLIGHT and f.is_there, Advice.KEEP, Reason.OLDER),
    Row("27", lambda f: f.family is Family.IN_FLIGHT and f.size == 0, Advice.CLEAR, Reason.EMPTY),
    Row("28", lambda f: f.family is Family.IN_FLIGHT and f.twin, Advice.CLEAR, Reason.TWIN),
    Row("29", lambda f: f.family is Family.IN_FLIGHT and f.age < OLD, Advice.KEEP, Reason.NO_ORIGINAL, OLD),
    Row("30", lambda f: f.family is Family.IN_FLIGHT, Advice.ASK, Reason.OLD_REMAINS),
    # What can go on, and what tells of a crash.
    Row("32a", lambda f: f.family is Family.TRANSFER and f.is_safe and f.is_there and not f.is_newer and f.age >= SURELY_OVER, Advice.CLEAR, Reason.TRANSFER_OVER),
    Row("31", lambda f: f.family is Family.TRANSFER and f.age < RESUMABLE, Advice.KEEP, Reason.TRANSFER, RESUMABLE),
    Row("32", lambda f: f.family is Family.TRANSFER, Advice.ASK, Reason.TRANSFER_OVER),
    Row("35a", lambda f: f.family is Family.DUMP and f.age < OLD, Advice.KEEP, Reason.CRASH_REPORT, OLD),
    Row("35", lambda f: f.family is Family.DUMP, Advice.ASK, Reason.CRASH_REPORT),
    Row("37", lambda f: f.original in (Original.UNTOLD, Original.OTHER), Advice.KEEP, Reason.NO_ORIGINAL),
)  # fmt: skip
_OTHERWISE = Row("38", lambda f: True, Advice.KEEP, Reason.UNKNOWN)


def _is_told(facts: Facts) -> bool:
    """Whether an only copy can be put in the original's place: a swap file only its editor can read."""
    return facts.family is Family.UNSAVED and facts.size > 0


def _is_judged_at_once(facts: Facts) -> bool:
    """Whether no time has to pass: an earlier version that would not be cleared anyway, or only a crash could leave."""
    return facts.same is not True and (facts.family in _VERSIONS or (facts.family is Family.SWAP and facts.is_dirty))


def judge(facts: Facts) -> Row:
    """Return the first row that fits."""
    return next((row for row in TABLE if row.fits(facts)), _OTHERWISE)
