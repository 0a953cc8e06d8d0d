"""The table of advice: when in doubt, keep; what may be an only copy is never offered for clearing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.leftovers.catalogue import Kind
from core.leftovers.judge import FRESH_SECONDS, Advice, Batch, Facts, Reason, judge

DAY = 86_400.0
BACKUP = Facts(Kind.BACKUP, is_plain=True, size=3, age=DAY, original=True, there=True, same=False)


@pytest.mark.parametrize(
    ("facts", "advice", "reason"),
    [
        (replace(BACKUP, same=True), Advice.CLEAR, Reason.SAME),
        (replace(BACKUP, same=True, age=1.0), Advice.KEEP, Reason.SAME),
        (replace(BACKUP, newer_by=60.0), Advice.RESTORE, Reason.NEWER),
        (replace(BACKUP, newer_by=-60.0), Advice.KEEP, Reason.OLDER),
        (replace(BACKUP, same=None), Advice.KEEP, Reason.UNCHECKED),
        (replace(BACKUP, there=False, same=None), Advice.RESTORE, Reason.ONLY_COPY),
        (replace(BACKUP, kind=Kind.TEMPORARY, age=1.0), Advice.WAIT, Reason.TOO_NEW),
        (replace(BACKUP, kind=Kind.LOCK), Advice.KEEP, Reason.LOCK),
        (replace(BACKUP, kind=Kind.PROTECTED), Advice.PROTECTED, Reason.PART_OF_SOMETHING),
        (replace(BACKUP, is_plain=False), Advice.PROTECTED, Reason.NOT_A_PLAIN_FILE),
        (replace(BACKUP, kind=Kind.OWN, batch=Batch.INTERRUPTED), Advice.RECOVER, Reason.BATCH_INTERRUPTED),
        (replace(BACKUP, kind=Kind.OWN, batch=Batch.UNKNOWN), Advice.KEEP, Reason.BATCH_UNKNOWN),
        (Facts(Kind.TEMPORARY, is_plain=True, size=0, age=DAY), Advice.CLEAR, Reason.EMPTY),
        (Facts(Kind.TEMPORARY, is_plain=True, size=9, age=DAY), Advice.KEEP, Reason.NO_ORIGINAL),
    ],
)
def test_the_table(facts: Facts, advice: Advice, reason: Reason) -> None:
    assert judge(facts) == (advice, reason)


any_facts = st.builds(
    Facts,
    st.sampled_from(Kind),
    is_plain=st.booleans(),
    size=st.integers(0, 10),
    age=st.floats(0, 10 * DAY),
    original=st.booleans(),
    there=st.booleans(),
    same=st.sampled_from([True, False, None]),
    newer_by=st.floats(-DAY, DAY),
    batch=st.sampled_from(Batch),
)


@given(any_facts)
def test_only_what_loses_nothing_may_be_cleared(facts: Facts) -> None:
    if judge(facts)[0] is Advice.CLEAR:
        assert facts.kind in (Kind.BACKUP, Kind.TEMPORARY)
        assert facts.is_plain
        assert facts.age >= FRESH_SECONDS
        assert facts.same is True or facts.size == 0
        assert facts.there or not facts.original
