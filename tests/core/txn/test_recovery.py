"""Recovery believes a journal only as far as it verifies, and touches nothing that the journal does not prove."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core import api
from core.api import Result
from core.fs.real import RealFileSystem
from core.journal.codec import Record
from core.journal.home import Home
from core.journal.reader import State, View
from tests.support.interrupted import Interrupted, Moment, interrupt
from tests.support.tree import difference, snapshot
from tests.support.work import Work


def recover_one(killed: Interrupted) -> api.Recovered:
    (done,) = api.recover_all()
    assert done.txn == killed.txn
    return done


def test_a_journal_that_is_cut_off_anywhere_is_believed_up_to_there(work: Work, state: Path) -> None:
    """Nothing is switched before PREPARED is durable, so every cut before its end finds all targets untouched."""
    killed = interrupt(work, state, Moment.PREPARED)
    before = {name: text for name, text in work.texts().items() if ".~hf-" not in name}
    whole = killed.journal.read_bytes()
    states = set()
    for length in range(len(whole)):
        killed.journal.write_bytes(whole[:length])
        home = Home.open(RealFileSystem())
        try:
            handle = home.peek(killed.txn)
            states.add(View.read(home.fs, handle).state)
            home.fs.close(handle)
        finally:
            home.close()
        if length % 101 == 0:  # every length is read; some are recovered as well
            recovered = api.recover(killed.txn)
            found = {name: text for name, text in work.texts().items() if ".~hf-" not in name}
            assert found == before, f"cut at {length}: {recovered}"
    assert states == {State.BEGINNING, State.PREPARING}


def each(kind: str, change: Callable[[Record], object]) -> Callable[[list[Record]], None]:
    def apply(records: list[Record]) -> None:
        for record in records:
            if record["t"] == kind:
                change(record)

    return apply


def first_row(record: Record, key: str) -> list[object]:
    rows = record[key]
    assert isinstance(rows, list)
    row: list[object] = rows[0]
    return row


HOSTILE: dict[str, Callable[[list[Record]], None]] = {
    "a version of the future": each("begin", lambda r: r.update(v=2)),
    "no begin": lambda records: records.pop(0) and None,
    "two begins": lambda records: records.insert(1, records[0]),
    "a record of no kind": lambda records: records.insert(1, {"t": "explode"}),
    "another batch's id": each("begin", lambda r: r.update(txn="aaaaaaaaaa")),
    "an id with a path in it": each("begin", lambda r: r.update(txn="../../one")),
    "a folder that is no path": each("folders", lambda r: first_row(r, "f").__setitem__(0, "tree")),
    "a folder above": each("folders", lambda r: first_row(r, "f").__setitem__(0, f"{first_row(r, 'f')[0]}/../tree")),
    "a folder of a million": each("steps", lambda r: first_row(r, "s").__setitem__(1, 1_000_000)),
    "a folder below zero": each("steps", lambda r: first_row(r, "s").__setitem__(1, -1)),
    "a name with a path in it": each("steps", lambda r: first_row(r, "s").__setitem__(2, "../one")),
    "a name that is the folder": each("steps", lambda r: first_row(r, "s").__setitem__(2, "..")),
    "a step of no kind": each("steps", lambda r: first_row(r, "s").__setitem__(0, "explode")),
    "a step too short": each("steps", lambda r: first_row(r, "s").pop()),
    "an identity of texts": each("staged", lambda r: r.update(i=[["file", "1", "2", "3", "4", "5"]])),
    "identities for steps that are not": each("staged", lambda r: r.update(i=[])),
    "no steps": each("steps", lambda r: r.update(s=None)),
    "deep nesting": lambda records: records.insert(1, {"t": "steps", "s": _nested(400)}),
}


def _nested(depth: int) -> object:
    value: object = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("what", HOSTILE)
def test_a_crafted_journal_is_refused_and_touches_nothing(work: Work, state: Path, what: str) -> None:
    killed = interrupt(work, state)
    records = killed.records()
    HOSTILE[what](records)
    killed.rewrite(records)
    before = snapshot(work.tree)

    done = recover_one(killed)

    assert (done.result, done.code) == (Result.NEEDS_ATTENTION, "journal_damaged")
    assert not difference(snapshot(work.tree), before)
    assert [one.txn for one in api.pending()] == [killed.txn]


def test_a_damaged_record_before_a_good_one_is_no_torn_end(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    data = bytearray(killed.journal.read_bytes())
    data[60] ^= 1
    killed.journal.write_bytes(data)
    before = snapshot(work.tree)

    assert recover_one(killed).code == "journal_damaged"
    assert not difference(snapshot(work.tree), before)


def test_a_length_that_nobody_writes_is_a_torn_end(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    with killed.journal.open("ab") as journal:
        journal.write(b"\nHFr" + b"\xff" * 12)

    assert recover_one(killed).result is Result.PUT_BACK


def test_a_folder_behind_a_symlink_is_not_entered(work: Work, state: Path, tmp_path: Path) -> None:
    killed = interrupt(work, state)
    work.tree.rename(tmp_path / "moved")
    work.tree.symlink_to(tmp_path / "moved")
    before = snapshot(tmp_path / "moved")

    done = recover_one(killed)

    assert (done.result, done.code) == (Result.NEEDS_ATTENTION, "elsewhere")
    assert not difference(snapshot(tmp_path / "moved"), before)
    work.tree.unlink()
    (tmp_path / "moved").rename(work.tree)
    assert recover_one(killed).result is Result.PUT_BACK


def test_another_folder_under_the_same_path_is_not_touched(work: Work, state: Path, tmp_path: Path) -> None:
    killed = interrupt(work, state)
    work.tree.rename(tmp_path / "moved")
    shutil.copytree(tmp_path / "moved", work.tree, symlinks=True)
    before = snapshot(work.tree)

    assert recover_one(killed).code == "elsewhere"
    assert not difference(snapshot(work.tree), before)


def test_a_journal_of_another_machine_is_left_until_somebody_decides(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    records = killed.records()
    records[0]["host"] = "another machine"
    killed.rewrite(records)
    before = snapshot(work.tree)

    assert recover_one(killed).code == "elsewhere"
    assert not difference(snapshot(work.tree), before)
    assert [one.foreign for one in api.pending()] == [True]


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can give files away")
def test_a_journal_that_somebody_else_has_written_is_not_believed(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    os.chown(killed.journal, 12345, 12345)
    before = snapshot(work.tree)

    assert recover_one(killed).code == "not_ours"
    assert not difference(snapshot(work.tree), before)
    assert [one.state for one in api.pending()] == ["unreadable"]


def test_a_journal_that_cannot_be_opened_does_not_keep_the_others_from_being_put_right(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    (state / "journals/aaaaaaaaaa.journal").symlink_to(killed.journal)
    (state / "journals/bbbbbbbbbb.journal").mkdir()

    done = {one.txn: one.result for one in api.recover_all()}

    assert done == {
        killed.txn: Result.PUT_BACK,
        "aaaaaaaaaa": Result.NEEDS_ATTENTION,
        "bbbbbbbbbb": Result.NEEDS_ATTENTION,
    }


@pytest.mark.parametrize("txn", ["aaaaaaaaaa", "../history/x", "/etc/passwd", "", "a\0b"])
def test_an_id_that_no_batch_has_is_said_to_be_unknown(state: Path, txn: str) -> None:
    assert api.recover(txn).result is Result.UNKNOWN


def test_what_is_neither_old_nor_new_is_the_user_s_and_the_old_version_stays_in_sight(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    assert work.texts()["one"] == "new one"
    (work.tree / "one").write_text("typed since")

    done = recover_one(killed)

    assert done.result is Result.PUT_BACK
    assert work.texts()["one"] == "typed since"
    assert [Path(path).read_text() for path in done.kept] == ["old one"]


def test_a_living_engine_s_batch_is_left_alone(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    home = Home.open(RealFileSystem())
    handle = home.adopt(killed.txn)
    before = snapshot(work.tree)
    try:
        assert recover_one(killed).result is Result.BUSY
        assert [one.alive for one in api.pending()] == [True]
        assert not difference(snapshot(work.tree), before)
    finally:
        home.fs.close(handle)
        home.close()


def test_a_journal_that_was_never_published_is_tidied_away(state: Path) -> None:
    api.recover_all()
    (state / "journals/aaaaaaaaaa.new").write_text("")
    (state / "journals/aaaaaaaaaa.abort").write_text("")

    assert api.recover_all() == []
    assert list((state / "journals").iterdir()) == []


def test_the_lock_of_a_journal_is_worth_nothing_when_its_name_means_another_file_by_then(state: Path) -> None:
    class Tidies(RealFileSystem):
        """Recovery tidies the new journal away just before its maker gets the lock."""

        def lock(self, handle: int, *, exclusive: bool) -> bool:
            for path in (state / "journals").glob("*.new"):
                if not made:
                    path.unlink()
            made.append(handle)
            return super().lock(handle, exclusive=exclusive)

    made: list[int] = []
    home = Home.open(Tidies())
    handle = home.create("aaaaaaaaaa")

    assert home.fs.fstat(handle).ino == (state / "journals/aaaaaaaaaa.new").stat().st_ino
    home.fs.close(handle)
    home.close()


def test_abort_beats_commit(work: Work, state: Path) -> None:
    """When the sync of COMMIT has failed, COMMIT may be on the disk all the same."""
    killed = interrupt(work, state)
    records = killed.records()
    killed.rewrite([*records, {"t": "commit", "at": 0.0}])
    (state / f"journals/{killed.txn}.abort").write_text("")

    assert recover_one(killed).result is Result.PUT_BACK
    assert work.texts() == {"one": "old one", "two": "old two", "sub/three": "old three"}
    assert list((state / "journals").iterdir()) == []


def test_the_state_directory_is_private(work: Work, state: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "new" / "state"
    work.write({"file": "old"})
    plan = work.plan({"op": "edit", "path": "file", "find": "old", "replace": "new"})

    api.apply(plan, state=str(chosen))

    assert [oct(path.stat().st_mode & 0o777) for path in (chosen, *chosen.iterdir())] == ["0o700"] * 4
    kept = {path.parent.name: oct(path.stat().st_mode & 0o777) for path in chosen.glob("*/*")}
    assert kept == {"history": "0o600", "attic": "0o700"}
