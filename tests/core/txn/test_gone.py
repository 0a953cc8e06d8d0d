"""A folder of a batch that somebody deletes meanwhile: nothing waits for it that need not, and nothing waits for ever."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core import api
from core.api import Committed, How, Result, RolledBack
from core.txn.transaction import Transaction
from tests.support.interrupted import Moment, interrupt
from tests.support.work import Json, Work


@pytest.mark.parametrize("step", ["begin", "stage"])
@pytest.mark.parametrize("files", [3, 40])
def test_one_that_went_before_anything_was_made_in_it_is_no_reason_to_wait(
    work: Work, state: Path, monkeypatch: pytest.MonkeyPatch, step: str, files: int
) -> None:
    work.write({f"{folder}/{number}": "old" for folder in ("build", "src") for number in range(files)})
    operations: list[Json] = [
        {"op": "edit", "path": f"{folder}/{number}", "find": "old", "replace": "new"}
        for folder in ("src", "build")
        for number in range(files)
    ]
    plan = work.plan(*operations)
    method = getattr(Transaction, step)

    def after_make_clean(transaction: Transaction) -> None:
        shutil.rmtree(work.tree / "build")
        method(transaction)

    monkeypatch.setattr(Transaction, step, after_make_clean)
    outcome = api.apply(plan)

    assert isinstance(outcome, RolledBack)
    assert list((state / "journals").iterdir()) == []
    assert work.texts() == {f"src/{number}": "old" for number in range(files)}


def test_one_that_went_after_a_crash_is_waited_for_until_a_person_says_that_it_is_gone_for_good(
    work: Work, state: Path
) -> None:
    left = interrupt(work, state, Moment.PLACING)
    shutil.rmtree(work.tree / "sub")

    waiting = api.recover(left.txn)
    assert (waiting.result, waiting.code) == (Result.NEEDS_ATTENTION, "elsewhere")
    assert left.journal.exists()

    done = api.recover(left.txn, How.PUT_BACK_HERE)
    assert done.result is Result.PUT_BACK
    assert list((state / "journals").iterdir()) == []
    rest = work.texts()
    assert {name: rest[name] for name in ("one", "two")} == {"one": "old one", "two": "old two"}
    assert not [path for path in work.tree.rglob("*") if path.name.startswith(".~hf")]
    edit: Json = {"op": "edit", "path": "one", "find": "old", "replace": "new"}
    assert isinstance(work.apply(edit), Committed)


def test_another_one_under_its_path_is_left_alone(work: Work, state: Path) -> None:
    left = interrupt(work, state, Moment.PLACING)
    (work.tree / "sub").rename(work.tree.parent / "its number is not given to another one")
    work.write({"sub/three": "somebody else's", "sub/.~hf-aaaaaaaaaa-1": "too"})

    assert api.recover(left.txn, How.PUT_BACK_HERE).result is Result.PUT_BACK

    rest = work.texts()
    assert (rest["sub/three"], rest["sub/.~hf-aaaaaaaaaa-1"]) == ("somebody else's", "too")
    assert (rest["one"], rest["two"]) == ("old one", "old two")
