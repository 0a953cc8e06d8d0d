"""Previous versions expire: the oldest first, what is pinned never, and nothing that a program still wrote is lost."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from core import api, memory
from core.api import Committed
from core.fs.api import Handle
from core.fs.real import RealFileSystem
from core.history import DAY, Expired, Hindrance, Limits, State
from core.journal.home import Home
from tests.support.failing import engine_on
from tests.support.work import Json, Work

EDIT: Json = {"op": "edit", "path": "edited", "find": "old", "replace": "new"}
OLD = Limits(age=1e-9)  # everything is too old


def applied(work: Work, name: str, content: str = "old") -> str:
    work.write({name: content})
    outcome = work.apply({**EDIT, "path": name})
    assert isinstance(outcome, Committed)
    return outcome.txn


def hindrances() -> dict[str, Hindrance]:
    return {one.txn: one.hindrance for one in memory.history()}


def test_nothing_expires_before_its_time_and_dry_runs_drop_nothing(work: Work, state: Path) -> None:
    txn = applied(work, "edited")

    assert memory.expire() == []
    (due,) = memory.expire(OLD, dry=True)

    assert (due.txn, due.bytes, due.too_old) == (txn, 3, True)
    assert hindrances() == {txn: Hindrance.NONE}


@pytest.mark.parametrize(
    ("chosen", "limits"),
    [
        ({}, Limits()),
        ({"keep_days": "7", "keep_gib": "10"}, Limits(7 * DAY, 10 << 30)),
        ({"keep_days": "0"}, Limits(0.0)),
        ({"keep_days": "-1", "keep_gib": 5}, Limits()),
    ],
)
def test_the_limits_are_those_of_the_settings(work: Work, chosen: dict[str, object], limits: Limits) -> None:
    applied(work, "edited")
    api.keep("settings", chosen)

    assert memory.limits_in_force() == limits
    (entry,) = memory.history()
    assert entry.expires == (entry.ended + limits.age if limits.age else 0.0)


def test_what_is_too_old_goes_and_the_entry_stays(work: Work, state: Path) -> None:
    txn = applied(work, "edited")

    (done,) = memory.expire(OLD)

    assert (done.txn, done.failed, done.kept) == (txn, (), ())
    assert hindrances() == {txn: Hindrance.EXPIRED}
    assert os.listdir(state / "attic") == []
    assert memory.expire(OLD) == []


def test_beyond_the_size_the_oldest_go_first_never_the_newest_and_never_what_is_pinned(work: Work) -> None:
    pinned, first, second, newest = (applied(work, name, "old" * 100) for name in ("one", "two", "three", "four"))
    assert memory.pin(pinned)

    done = memory.expire(Limits(size=700))

    assert [one.txn for one in done] == [first]
    assert not done[0].too_old
    assert [one.txn for one in memory.expire(Limits(size=1))] == [second]
    assert hindrances()[newest] is hindrances()[pinned] is Hindrance.NONE


def test_what_a_program_wrote_into_a_previous_version_gets_a_name_in_sight_before_it_expires(work: Work) -> None:
    work.write({"edited": "old", "folder/inner": "inner"})
    with open(work.tree / "edited", "a") as late, open(work.tree / "folder/inner", "a") as inside:
        outcome = work.apply(EDIT, {"op": "delete", "path": "folder"})
        assert isinstance(outcome, Committed) and not outcome.kept
        late.write(" and late")
        inside.write(" and late")

    (done,) = memory.expire(OLD)

    assert sorted(Path(path).read_text() for path in done.kept) == ["inner and late", "old and late"]
    assert {os.path.dirname(path) for path in done.kept} == {str(work.tree)}
    assert work.texts()["edited"] == "new"


def test_an_expiry_that_died_is_ended_by_the_next_one(work: Work, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    txn = applied(work, "edited")
    with api.opened() as home:
        home.mark_expired(txn)

    assert hindrances() == {txn: Hindrance.EXPIRED}
    assert [one.txn for one in memory.expire()] == [txn]
    assert os.listdir(state / "attic") == []


class NoEnd(RealFileSystem):
    """A disk that does not take the last record of a journal."""

    def write(self, handle: Handle, data: bytes | memoryview) -> None:
        if b'"t":"end"' in bytes(data):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().write(handle, data)


def test_a_batch_whose_end_could_not_be_written_down_is_applied_undone_and_expires_like_any_other(work: Work) -> None:
    work.write({"edited": "old"})
    with engine_on(NoEnd()):
        first = applied(work, "edited")
    (entry,) = memory.history()
    assert (entry.state, entry.held, entry.hindrance) == (State.APPLIED, 3, Hindrance.NONE)
    assert entry.ended >= entry.started

    with engine_on(NoEnd()):
        assert isinstance(api.apply(memory.undo_plan(first)), Committed)
    assert work.texts() == {"edited": "old"}
    assert [one.state for one in memory.history()] == [State.APPLIED, State.UNDONE]

    assert {due.txn for due in memory.expire(OLD)} >= {first}


def test_what_an_undo_uses_at_the_moment_is_not_dropped(work: Work) -> None:
    txn = applied(work, "edited")
    outcomes: list[Expired] = []

    def meanwhile(home: Home, txn: str) -> None:
        publish(home, txn)
        other = threading.Thread(target=lambda: outcomes.extend(memory.expire(OLD)))  # locks are a thread's own
        other.start()
        other.join()

    publish = Home.publish
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Home, "publish", meanwhile)
        outcome = api.apply(memory.undo_plan(txn))

    assert isinstance(outcome, Committed)
    assert [one.failed != () for one in outcomes] == [True]
    assert work.texts() == {"edited": "old"}
