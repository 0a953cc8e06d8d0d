"""The table of advice: when in doubt, keep; what may be an only copy is never offered for clearing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.leftovers.catalogue import Class, Family
from core.leftovers.judge import (
    FRESH,
    IN_FLIGHT,
    OLD,
    RESUMABLE,
    SURELY_OVER,
    TABLE,
    Advice,
    Batch,
    Facts,
    Original,
    Reason,
    judge,
)
from core.leftovers.owner import Owner

DAY = 86_400.0
SAFE = {"grade": Class.SAFE}
THERE, MISSING, OTHER = Original.THERE, Original.MISSING, Original.OTHER
BACKUP = Facts(
    Family.BACKUP, is_plain=True, size=3, age=DAY, original=THERE, original_size=4, same=False, newer_by=-60.0
)
STAGE = replace(BACKUP, family=Family.IN_FLIGHT)
NAMELESS = Facts(Family.IN_FLIGHT, is_plain=True, size=3, age=DAY)
UNSAVED = replace(BACKUP, family=Family.UNSAVED)
SWAP = replace(BACKUP, family=Family.SWAP, same=None, owner=Owner.DEAD)
KEPT = replace(BACKUP, family=Family.KEPT)
LOCK = Facts(Family.LOCK, is_plain=True, size=0, age=DAY, owner=Owner.DEAD, grade=Class.SAFE)
SIDE = Facts(Family.SIDE, is_plain=True, size=3, age=DAY)
TRANSFER = replace(BACKUP, family=Family.TRANSFER, same=None)
DUMP = replace(NAMELESS, family=Family.DUMP)
SCRATCH = replace(NAMELESS, family=Family.SCRATCH, grade=Class.SAFE)

CASES: list[tuple[str, Facts, Advice, Reason]] = [
    ("1", replace(BACKUP, family=Family.PROTECTED, same=True), Advice.PROTECTED, Reason.PART_OF_SOMETHING),
    ("2", replace(BACKUP, is_plain=False, same=True), Advice.KEEP, Reason.NOT_PLAIN),
    ("2", replace(LOCK, is_plain=False), Advice.KEEP, Reason.NOT_PLAIN),
    ("3", replace(SIDE, batch=Batch.RUNS), Advice.WAIT, Reason.BATCH_RUNS),
    ("4", replace(SIDE, batch=Batch.INTERRUPTED), Advice.RECOVER, Reason.BATCH_INTERRUPTED),
    ("5", replace(SIDE, batch=Batch.ELSEWHERE), Advice.PROTECTED, Reason.BATCH_ELSEWHERE),
    ("5a", replace(SIDE, batch=Batch.UNKNOWN), Advice.PROTECTED, Reason.BATCH_UNKNOWN),
    ("6", replace(SIDE, batch=Batch.FINISHED), Advice.CLEAR, Reason.BATCH_FINISHED),
    ("7", replace(SIDE, batch=Batch.CHANGED), Advice.KEEP, Reason.CHANGED_AFTER_US),
    ("8", replace(BACKUP, same=True, owner=Owner.ALIVE), Advice.WAIT, Reason.IN_USE),
    ("8", replace(SWAP, owner=Owner.ALIVE, is_dirty=False), Advice.WAIT, Reason.IN_USE),
    ("9", replace(BACKUP, same=True, age=1.0), Advice.WAIT, Reason.TOO_NEW),
    ("9", replace(UNSAVED, age=1.0), Advice.WAIT, Reason.TOO_NEW),
    ("9", replace(STAGE, age=FRESH - 1), Advice.WAIT, Reason.TOO_NEW),
    ("9", replace(LOCK, age=1.0), Advice.WAIT, Reason.TOO_NEW),
    ("9a", replace(BACKUP, same=True, owner=Owner.UNKNOWN), Advice.KEEP, Reason.OWNER_UNKNOWN),
    ("10", LOCK, Advice.CLEAR, Reason.LOCK_STALE),
    ("10a", replace(LOCK, grade=Class.ASK), Advice.KEEP, Reason.LOCK),
    ("11", replace(LOCK, owner=Owner.UNKNOWN), Advice.KEEP, Reason.LOCK),
    ("12", replace(SWAP, is_dirty=False), Advice.CLEAR, Reason.NOTHING_UNSAVED),
    ("13", replace(UNSAVED, same=True), Advice.CLEAR, Reason.SAME),
    ("13", replace(SWAP, same=True), Advice.CLEAR, Reason.SAME),
    ("14", replace(UNSAVED, newer_by=60.0), Advice.RESTORE, Reason.UNSAVED),
    ("14a", replace(SWAP, newer_by=60.0), Advice.KEEP, Reason.EDITOR_FILE),
    ("14a", replace(SWAP, age=1.0, newer_by=0.0), Advice.KEEP, Reason.EDITOR_FILE),
    ("15", SWAP, Advice.KEEP, Reason.OLD_UNSAVED),
    ("15", UNSAVED, Advice.KEEP, Reason.OLD_UNSAVED),
    ("16", replace(UNSAVED, original=MISSING, same=None, age=1.0), Advice.RESTORE, Reason.ONLY_COPY),
    ("16a", replace(SWAP, original=MISSING, is_dirty=False), Advice.KEEP, Reason.ONLY_COPY),
    ("17", replace(BACKUP, original=MISSING, same=None, age=1.0), Advice.RESTORE, Reason.ONLY_COPY),
    ("17a", replace(BACKUP, original=MISSING, same=None, size=0), Advice.KEEP, Reason.ONLY_COPY),
    ("18", replace(BACKUP, same=True), Advice.CLEAR, Reason.SAME),
    ("18", replace(KEPT, same=True), Advice.CLEAR, Reason.SAME),
    ("19", replace(BACKUP, newer_by=60.0), Advice.RESTORE, Reason.NEWER),
    ("19a", replace(BACKUP, original_size=0), Advice.RESTORE, Reason.ORIGINAL_EMPTY),
    ("19b", KEPT, Advice.KEEP, Reason.KEPT_FOR_YOU),
    ("20", BACKUP, Advice.KEEP, Reason.OLDER),
    ("21", replace(BACKUP, same=None), Advice.KEEP, Reason.UNCHECKED),
    ("22", replace(STAGE, same=True), Advice.CLEAR, Reason.SAME),
    ("22a", replace(STAGE, same=None), Advice.KEEP, Reason.UNCHECKED),
    ("23", replace(STAGE, grade=Class.SAFE), Advice.CLEAR, Reason.HALF_WRITTEN),
    ("23a", STAGE, Advice.KEEP, Reason.OLDER),
    ("24", replace(STAGE, newer_by=60.0, grade=Class.SAFE), Advice.RESTORE, Reason.NEVER_ARRIVED),
    ("24a", replace(STAGE, original_size=0, grade=Class.SAFE), Advice.RESTORE, Reason.ORIGINAL_EMPTY),
    ("25", replace(STAGE, original=MISSING, same=None, age=FRESH), Advice.RESTORE, Reason.PERHAPS_PARTIAL),
    ("25a", replace(STAGE, original=MISSING, same=None, size=0), Advice.KEEP, Reason.ONLY_COPY),
    ("26", replace(STAGE, age=FRESH), Advice.WAIT, Reason.IN_FLIGHT),
    ("26", replace(SCRATCH, age=FRESH), Advice.WAIT, Reason.IN_FLIGHT),
    ("27", replace(NAMELESS, size=0), Advice.CLEAR, Reason.EMPTY),
    ("28", replace(NAMELESS, twin=True), Advice.CLEAR, Reason.TWIN),
    ("29", NAMELESS, Advice.KEEP, Reason.NO_ORIGINAL),
    ("30", replace(NAMELESS, age=OLD), Advice.ASK, Reason.OLD_REMAINS),
    ("31", replace(TRANSFER, grade=Class.SAFE), Advice.KEEP, Reason.TRANSFER),
    ("32", replace(TRANSFER, age=RESUMABLE), Advice.ASK, Reason.TRANSFER_OVER),
    ("32a", replace(TRANSFER, age=SURELY_OVER, grade=Class.SAFE), Advice.CLEAR, Reason.TRANSFER_OVER),
    ("31", replace(TRANSFER, age=SURELY_OVER, grade=Class.SAFE, original=MISSING), Advice.KEEP, Reason.TRANSFER),
    ("33", SCRATCH, Advice.CLEAR, Reason.SCRATCH),
    ("34", replace(BACKUP, family=Family.CONFLICT, same=True), Advice.KEEP, Reason.CONFLICT),
    ("34a", replace(BACKUP, family=Family.SETTINGS, same=True), Advice.KEEP, Reason.SETTINGS),
    ("35", replace(DUMP, age=OLD), Advice.ASK, Reason.CRASH_REPORT),
    ("35a", DUMP, Advice.KEEP, Reason.CRASH_REPORT),
    ("36", replace(BACKUP, family=Family.MANAGED, same=True), Advice.KEEP, Reason.MANAGED),
    ("37", replace(BACKUP, original=OTHER, same=None), Advice.KEEP, Reason.NO_ORIGINAL),
    ("38", replace(SCRATCH, grade=Class.ASK, original=MISSING), Advice.KEEP, Reason.UNKNOWN),
]


@pytest.mark.parametrize(("name", "facts", "advice", "reason"), CASES)
def test_the_table(name: str, facts: Facts, advice: Advice, reason: Reason) -> None:
    row = judge(facts)
    assert (row.name, row.advice, row.reason) == (name, advice, reason)


def test_every_row_is_tried_and_has_a_name_of_its_own() -> None:
    named = [row.name for row in TABLE]
    assert len(set(named)) == len(named)
    assert {*named, "38"} == {name for name, *_ in CASES}


# What holds whatever the facts are. Boundaries of age come up often enough to be met.

ages = st.sampled_from([0.0, FRESH, IN_FLIGHT, SURELY_OVER, OLD, RESUMABLE]) | st.floats(0, 40 * DAY)
any_facts = st.builds(
    Facts,
    st.sampled_from(Family),
    is_plain=st.booleans(),
    size=st.integers(0, 3),
    age=ages,
    grade=st.sampled_from(Class),
    owner=st.sampled_from(Owner),
    original=st.sampled_from(Original),
    original_size=st.integers(0, 3),
    same=st.sampled_from([True, False, None]),
    newer_by=st.sampled_from([-DAY, 0.0, 2.0, 60.0]),
    is_dirty=st.booleans(),
    twin=st.booleans(),
    batch=st.sampled_from(Batch),
)
cleared = any_facts.filter(lambda facts: judge(facts).advice is Advice.CLEAR)


@given(cleared)
def test_nothing_is_cleared_whose_owner_is_alive_or_unknown(facts: Facts) -> None:
    if facts.batch is not Batch.FINISHED:  # there the journal is the owner, and it has ended
        assert facts.owner in (Owner.DEAD, Owner.NOBODY)
    assert facts.owner is not Owner.ALIVE


@given(cleared)
def test_nothing_is_cleared_whose_original_is_missing(facts: Facts) -> None:
    holds_no_version = facts.family in (Family.LOCK, Family.SCRATCH, Family.SIDE) or facts.batch is Batch.FINISHED
    assert facts.original is not MISSING or holds_no_version


@given(cleared)
def test_nothing_is_cleared_that_is_newer_than_its_original_and_differs(facts: Facts) -> None:
    is_newer = facts.original is THERE and facts.is_newer and facts.same is not True
    is_clean = facts.family is Family.SWAP and not facts.is_dirty
    assert not is_newer or is_clean or facts.family in (Family.LOCK, Family.SCRATCH) or facts.batch is Batch.FINISHED


@given(cleared)
def test_nothing_is_cleared_that_is_new_or_no_plain_file_or_never_to_be_touched(facts: Facts) -> None:
    assert facts.age >= FRESH
    assert facts.is_plain
    assert facts.family not in (Family.PROTECTED, Family.CONFLICT, Family.SETTINGS, Family.DUMP, Family.MANAGED)


@given(cleared)
def test_what_holds_content_is_cleared_only_where_it_is_of_no_use_or_there_is_another(facts: Facts) -> None:
    is_elsewhere = facts.same is True or facts.twin or facts.size == 0
    is_of_no_use = facts.grade is Class.SAFE or facts.batch is Batch.FINISHED or not facts.is_dirty
    assert is_elsewhere or is_of_no_use


@given(cleared, st.floats(0, 40 * DAY))
def test_getting_older_takes_no_clear_back(facts: Facts, more: float) -> None:
    assert judge(replace(facts, age=facts.age + more)).advice is Advice.CLEAR


@given(any_facts)
def test_what_waits_for_time_to_pass_stops_waiting_when_it_has_passed(facts: Facts) -> None:
    row = judge(facts)
    if row.until:
        assert facts.age < row.until
        assert judge(replace(facts, age=row.until)).until != row.until


@given(any_facts)
def test_what_holds_no_version_of_anything_is_never_restored(facts: Facts) -> None:
    if not facts.family.is_version:
        assert judge(facts).advice is not Advice.RESTORE


@given(any_facts)
def test_the_same_facts_are_judged_the_same(facts: Facts) -> None:
    assert judge(facts) is judge(replace(facts))
