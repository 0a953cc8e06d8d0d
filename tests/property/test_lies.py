"""Any value of a journal replaced by any other, with checksums that are right: nothing outside is touched, nothing is lost."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import api
from core.journal.codec import Record
from tests.support.interrupted import FILES, interrupt
from tests.support.spread import spread
from tests.support.tree import difference, snapshot
from tests.support.trials import Trials, trials
from tests.support.tried import Tried
from tests.support.work import Work

Place = tuple[int | str, ...]  # the number of the record, and the keys that lead to a value in it


def places(value: object, above: Place = ()) -> Iterator[Place]:
    """Yield where the values of records are, lists and all that is in them."""
    inner = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, below in inner:
        yield (*above, key)
        yield from places(below, (*above, key))


def lies(outside: Path) -> list[object]:
    strings = ["", "..", "../outside/one", "one", str(outside), str(outside / "one"), "x" * 300, "a\0b", "\udcff"]
    return [None, True, -1, 0, 1, 2**70, 1.5, [], {}, *strings]


def with_a_lie(records: list[Record], place: Place, lie: object) -> list[Record]:
    changed: Any = copy.deepcopy(records)
    value = changed
    for key in place[:-1]:
        value = value[key]
    value[place[-1]] = lie
    result: list[Record] = changed
    return result


def told(work: Work, state: Path, outside: Path, most: int, trial: Trials) -> None:
    """Recover so many journals that have one lie each, each after a batch of its own was killed."""
    number = len(list(places(interrupt(work, state).records())))
    everything = [(index, lie) for index in range(1, number) for lie in lies(outside)]
    untouched = snapshot(outside)
    for index, lie in spread(everything, most):
        clear(work.tree, state)
        killed = interrupt(work, state)
        records = killed.records()
        place = list(places(records))[index]
        before = snapshot(work.tree)
        killed.rewrite(with_a_lie(records, place, lie))
        with trial.one("a lie in a journal", f"{place}: {lie!r:.60}"):
            codes = {one.code for one in api.recover_all()}
            assert not difference(snapshot(outside), untouched)
            assert set(FILES.values()) <= set(work.texts().values()), "an original is lost"
            assert not codes & {"journal_damaged", "elsewhere"} or snapshot(work.tree) == before


def clear(tree: Path, state: Path) -> None:
    for folder in (tree, state):
        shutil.rmtree(folder)
        folder.mkdir()


def test_a_lie_in_a_journal_costs_no_file(work: Work, state: Path, outside: Path, tried: Tried) -> None:
    with trials(tried) as trial:
        told(work, state, outside, 15, trial)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_no_lie_in_the_place_of_any_value_of_a_journal_costs_a_file(
    work: Work, state: Path, outside: Path, tried: Tried
) -> None:
    with trials(tried) as trial:
        told(work, state, outside, 1_000_000, trial)
