"""What is best done with a leftover: a table, and the first row that fits wins. Pure: facts in, advice and reason out.

When in doubt it says "keep", since what cannot be told may be somebody's only copy. "Clear" is said only of what holds
nothing that is not in the original as well. Getting older never takes a "clear" back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from core.leftovers.catalogue import Family

FRESH = 600.0  # seconds: a program may still be about to use it
IN_FLIGHT = 86_400.0  # long copies and transfers take hours
_CLOCK = 2.0  # some file systems count time in steps of two seconds


class Advice(StrEnum):
    """What is best done."""

    RESTORE = "restore"
    CLEAR = "clear"
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
    LOCK = "lock"
    NOT_PLAIN = "not_a_plain_file"
    EDITOR_FILE = "editor_file"
    CONFLICT = "conflict"
    TRANSFER = "transfer"
    SETTINGS = "settings"
    TOO_NEW = "too_new"
    IN_FLIGHT = "in_flight"
    ONLY_COPY = "only_copy"
    SAME = "same"
    EMPTY = "empty"
    NO_ORIGINAL = "no_original"
    UNCHECKED = "unchecked"
    ORIGINAL_EMPTY = "original_empty"
    NEWER = "newer"
    UNSAVED = "unsaved"
    NEVER_ARRIVED = "never_arrived"
    OLDER = "older"
    KEPT_FOR_YOU = "kept_for_you"
    UNKNOWN = "unknown"


class Batch(StrEnum):
    """What is known of the batch behind one of our side files. NONE: it is no side file."""

    NONE = "none"
    RUNS = "runs"
    INTERRUPTED = "interrupted"
    ELSEWHERE = "elsewhere"
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

    `is_plain`: a regular file of this user's with one name. Times in seconds: `age` since anything about it changed,
    `newer_by` how much later than the original it was written. Sizes in bytes. `same`: None where nobody can tell.
    """

    family: Family
    is_plain: bool
    size: int
    age: float
    original: Original = Original.UNTOLD
    original_size: int = 0
    same: bool | None = None
    newer_by: float = 0.0
    batch: Batch = Batch.NONE

    @property
    def is_newer(self) -> bool:
        """Whether it was written later than the original."""
        return self.newer_by > _CLOCK


class Row(NamedTuple):
    """One row of the table. `until`: the age in seconds at which it stops to fit."""

    fits: Callable[[Facts], bool]
    advice: Advice
    reason: Reason
    until: float = 0.0


_AT_WORK = frozenset({Family.IN_FLIGHT, Family.UNSAVED})

TABLE: tuple[Row, ...] = (
    Row(lambda f: f.family is Family.PROTECTED, Advice.PROTECTED, Reason.PART_OF_SOMETHING),
    # Our own side files: the journal knows, the disk does not.
    Row(lambda f: f.batch is Batch.RUNS, Advice.WAIT, Reason.BATCH_RUNS),
    Row(lambda f: f.batch is Batch.INTERRUPTED, Advice.RECOVER, Reason.BATCH_INTERRUPTED),
    Row(lambda f: f.batch is Batch.ELSEWHERE, Advice.PROTECTED, Reason.BATCH_ELSEWHERE),
    Row(lambda f: f.family is Family.SIDE, Advice.PROTECTED, Reason.BATCH_UNKNOWN),
    # What holds no version of anything.
    Row(lambda f: f.family is Family.LOCK, Advice.KEEP, Reason.LOCK),
    Row(lambda f: not f.is_plain, Advice.KEEP, Reason.NOT_PLAIN),
    Row(lambda f: f.family is Family.SWAP, Advice.KEEP, Reason.EDITOR_FILE),
    Row(lambda f: f.family is Family.CONFLICT, Advice.KEEP, Reason.CONFLICT),
    Row(lambda f: f.family is Family.TRANSFER, Advice.KEEP, Reason.TRANSFER),
    Row(lambda f: f.family is Family.SETTINGS, Advice.KEEP, Reason.SETTINGS),
    # Whose maker may be at work.
    Row(lambda f: f.family in _AT_WORK and f.age < FRESH, Advice.WAIT, Reason.TOO_NEW, FRESH),
    Row(lambda f: f.family is Family.IN_FLIGHT and f.age < IN_FLIGHT, Advice.WAIT, Reason.IN_FLIGHT, IN_FLIGHT),
    # Versions.
    Row(lambda f: f.original is Original.MISSING and f.size > 0, Advice.RESTORE, Reason.ONLY_COPY),
    Row(lambda f: f.original is Original.MISSING, Advice.KEEP, Reason.ONLY_COPY),
    Row(lambda f: f.same is True and f.age < FRESH, Advice.WAIT, Reason.TOO_NEW, FRESH),
    Row(lambda f: f.same is True, Advice.CLEAR, Reason.SAME),
    Row(lambda f: f.family is Family.IN_FLIGHT and f.size == 0, Advice.CLEAR, Reason.EMPTY),
    Row(lambda f: f.original is not Original.THERE, Advice.KEEP, Reason.NO_ORIGINAL),
    Row(lambda f: f.same is None, Advice.KEEP, Reason.UNCHECKED),
    Row(lambda f: f.original_size == 0, Advice.RESTORE, Reason.ORIGINAL_EMPTY),
    Row(lambda f: f.family is Family.KEPT, Advice.KEEP, Reason.KEPT_FOR_YOU),
    Row(lambda f: f.family is Family.BACKUP and f.is_newer, Advice.RESTORE, Reason.NEWER),
    Row(lambda f: f.family is Family.UNSAVED and f.is_newer, Advice.RESTORE, Reason.UNSAVED),
    Row(lambda f: f.family is Family.IN_FLIGHT and f.is_newer, Advice.RESTORE, Reason.NEVER_ARRIVED),
    Row(lambda f: not f.is_newer, Advice.KEEP, Reason.OLDER),
)
_OTHERWISE = Row(lambda f: True, Advice.KEEP, Reason.UNKNOWN)


def judge(facts: Facts) -> Row:
    """Return the first row that fits."""
    return next((row for row in TABLE if row.fits(facts)), _OTHERWISE)
