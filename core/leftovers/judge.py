"""What is best done with a leftover: a table, first row that fits wins. Pure: facts in, advice and its reason out.

When in doubt it says "keep": what cannot be told may be somebody's only copy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from core.leftovers.catalogue import Kind

FRESH_SECONDS = 600.0
ABANDONED_SECONDS = 86_400.0
_CLOCK_SECONDS = 2.0


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
    NOT_A_PLAIN_FILE = "not_a_plain_file"
    BATCH_INTERRUPTED = "batch_interrupted"
    BATCH_UNKNOWN = "batch_unknown"
    KEPT_FOR_YOU = "kept_for_you"
    LOCK = "lock"
    TOO_NEW = "too_new"
    ONLY_COPY = "only_copy"
    SAME = "same"
    NEWER = "newer"
    OLDER = "older"
    UNCHECKED = "unchecked"
    EMPTY = "empty"
    NO_ORIGINAL = "no_original"


class Batch(StrEnum):
    """What is known of the batch that one of our own remains belongs to."""

    NONE = "none"
    INTERRUPTED = "interrupted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a leftover.

    Times in seconds: `age` since it was last written, `newer_by` how much later than the original. `original`: whether
    there is one by name, `there`: whether it exists. `same`: None where that cannot be told.
    """

    kind: Kind
    is_plain: bool
    size: int
    age: float
    original: bool = False
    there: bool = False
    same: bool | None = None
    newer_by: float = 0.0
    batch: Batch = Batch.NONE


_Row = tuple[Callable[[Facts], bool], Advice, Reason]

_TABLE: tuple[_Row, ...] = (
    (lambda f: f.kind is Kind.PROTECTED, Advice.PROTECTED, Reason.PART_OF_SOMETHING),
    (lambda f: not f.is_plain and f.kind is not Kind.LOCK, Advice.PROTECTED, Reason.NOT_A_PLAIN_FILE),
    (lambda f: f.batch is Batch.INTERRUPTED, Advice.RECOVER, Reason.BATCH_INTERRUPTED),
    (lambda f: f.batch is Batch.UNKNOWN, Advice.KEEP, Reason.BATCH_UNKNOWN),
    (lambda f: f.kind is Kind.OWN, Advice.KEEP, Reason.KEPT_FOR_YOU),
    (lambda f: f.kind is Kind.LOCK, Advice.KEEP, Reason.LOCK),
    (lambda f: f.kind is Kind.TEMPORARY and f.age < FRESH_SECONDS, Advice.WAIT, Reason.TOO_NEW),
    (lambda f: f.original and not f.there, Advice.RESTORE, Reason.ONLY_COPY),
    (lambda f: f.same is True and f.age >= FRESH_SECONDS, Advice.CLEAR, Reason.SAME),
    (lambda f: f.same is True, Advice.KEEP, Reason.SAME),
    (lambda f: f.there and f.same is None, Advice.KEEP, Reason.UNCHECKED),
    (lambda f: f.there and f.newer_by > _CLOCK_SECONDS, Advice.RESTORE, Reason.NEWER),
    (lambda f: f.there, Advice.KEEP, Reason.OLDER),
    (lambda f: f.size == 0 and f.age >= ABANDONED_SECONDS, Advice.CLEAR, Reason.EMPTY),
)


def judge(facts: Facts) -> tuple[Advice, Reason]:
    """Return what is best done, and why."""
    for fits, advice, reason in _TABLE:
        if fits(facts):
            return advice, reason
    return Advice.KEEP, Reason.NO_ORIGINAL
