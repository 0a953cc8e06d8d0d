"""The table of advice: when in doubt, keep; what may be an only copy is never offered for clearing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.leftovers.catalogue import Family
from core.leftovers.judge import FRESH, IN_FLIGHT, Advice, Batch, Facts, Original, Reason, judge

DAY = 86_400.0
BACKUP = Facts(
    Family.BACKUP, is_plain=True, size=3, age=DAY, original=Original.THERE, original_size=4, same=False, newer_by=-60.0
)
TEMPORARY = replace(BACKUP, family=Family.IN_FLIGHT)
SIDE = Facts(Family.SIDE, is_plain=True, size=3, age=DAY)


@pytest.mark.parametrize(
    ("facts", "advice", "reason"),
    [
        (BACKUP, Advice.KEEP, Reason.OLDER),
        (replace(BACKUP, newer_by=60.0), Advice.RESTORE, Reason.NEWER),
        (replace(BACKUP, same=True), Advice.CLEAR, Reason.SAME),
        (replace(BACKUP, same=True, age=1.0), Advice.WAIT, Reason.TOO_NEW),
        (replace(BACKUP, same=None), Advice.KEEP, Reason.UNCHECKED),
        (replace(BACKUP, original_size=0), Advice.RESTORE, Reason.ORIGINAL_EMPTY),
        (replace(BACKUP, original=Original.MISSING, same=None), Advice.RESTORE, Reason.ONLY_COPY),
        (replace(BACKUP, original=Original.MISSING, same=None, size=0), Advice.KEEP, Reason.ONLY_COPY),
        (replace(BACKUP, original=Original.OTHER, same=None), Advice.KEEP, Reason.NO_ORIGINAL),
        (replace(BACKUP, is_plain=False, same=True), Advice.KEEP, Reason.NOT_PLAIN),
        (replace(BACKUP, family=Family.LOCK), Advice.KEEP, Reason.LOCK),
        (replace(BACKUP, family=Family.SWAP), Advice.KEEP, Reason.EDITOR_FILE),
        (replace(BACKUP, family=Family.CONFLICT), Advice.KEEP, Reason.CONFLICT),
        (replace(BACKUP, family=Family.TRANSFER), Advice.KEEP, Reason.TRANSFER),
        (replace(BACKUP, family=Family.SETTINGS, same=True), Advice.KEEP, Reason.SETTINGS),
        (replace(BACKUP, family=Family.KEPT), Advice.KEEP, Reason.KEPT_FOR_YOU),
        (replace(BACKUP, family=Family.KEPT, same=True), Advice.CLEAR, Reason.SAME),
        (replace(BACKUP, family=Family.UNSAVED, newer_by=60.0), Advice.RESTORE, Reason.UNSAVED),
        (replace(BACKUP, family=Family.UNSAVED, age=1.0), Advice.WAIT, Reason.TOO_NEW),
        (replace(BACKUP, family=Family.PROTECTED, same=True), Advice.PROTECTED, Reason.PART_OF_SOMETHING),
        (replace(TEMPORARY, age=FRESH - 1), Advice.WAIT, Reason.TOO_NEW),
        (replace(TEMPORARY, age=FRESH), Advice.WAIT, Reason.IN_FLIGHT),
        (replace(TEMPORARY, age=IN_FLIGHT, newer_by=60.0), Advice.RESTORE, Reason.NEVER_ARRIVED),
        (replace(TEMPORARY, age=IN_FLIGHT), Advice.KEEP, Reason.OLDER),
        (replace(TEMPORARY, original=Original.UNTOLD, same=None, size=0), Advice.CLEAR, Reason.EMPTY),
        (replace(TEMPORARY, original=Original.UNTOLD, same=None), Advice.KEEP, Reason.NO_ORIGINAL),
        (replace(SIDE, batch=Batch.RUNS), Advice.WAIT, Reason.BATCH_RUNS),
        (replace(SIDE, batch=Batch.INTERRUPTED), Advice.RECOVER, Reason.BATCH_INTERRUPTED),
        (replace(SIDE, batch=Batch.ELSEWHERE), Advice.PROTECTED, Reason.BATCH_ELSEWHERE),
        (replace(SIDE, batch=Batch.UNKNOWN), Advice.PROTECTED, Reason.BATCH_UNKNOWN),
    ],
)
def test_the_table(facts: Facts, advice: Advice, reason: Reason) -> None:
    row = judge(facts)
    assert (row.advice, row.reason) == (advice, reason)


any_facts = st.builds(
    Facts,
    st.sampled_from(Family),
    is_plain=st.booleans(),
    size=st.integers(0, 10),
    age=st.floats(0, 40 * DAY),
    original=st.sampled_from(Original),
    original_size=st.integers(0, 10),
    same=st.sampled_from([True, False, None]),
    newer_by=st.floats(-DAY, DAY),
    batch=st.just(Batch.NONE),
)


@given(any_facts)
def test_only_what_loses_nothing_may_be_cleared(facts: Facts) -> None:
    if judge(facts).advice is Advice.CLEAR:
        assert facts.family.is_version
        assert facts.is_plain
        assert facts.age >= FRESH
        assert facts.original is not Original.MISSING
        assert facts.same is True or facts.size == 0


@given(any_facts, st.floats(0, 40 * DAY))
def test_getting_older_takes_no_clear_back(facts: Facts, more: float) -> None:
    if judge(facts).advice is Advice.CLEAR:
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
        assert judge(facts).advice not in (Advice.RESTORE, Advice.CLEAR)
