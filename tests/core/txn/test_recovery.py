"""Recovery believes a journal only as far as it verifies, and touches nothing that the journal does not prove.

`test_hostile_journals` has journals that verify and are lies.
"""

from __future__ import annotations

import os
import shutil
from itertools import count
from pathlib import Path

import pytest

from core import api
from core.api import Result
from core.fs.api import Handle
from core.fs.real import RealFileSystem
from core.journal.home import Home
from core.journal.reader import State, View
from tests.support.failing import engine_on
from tests.support.interrupted import FILES, Interrupted, Moment, interrupt
from tests.support.tree import difference, snapshot
from tests.support.work import Json, Work


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


def test_another_folder_under_the_same_path_is_not_touched(work: Work, state: Path, tmp_path: Path) -> None:
    killed = interrupt(work, state)
    work.tree.rename(tmp_path / "moved")
    shutil.copytree(tmp_path / "moved", work.tree, symlinks=True)
    before = snapshot(work.tree)

    assert recover_one(killed).code == "elsewhere"
    assert not difference(snapshot(work.tree), before)


class Shy(RealFileSystem):
    """A disk on which another program takes a folder away for the moment in which it is opened for the `at`-th time."""

    def __init__(self, folder: Path, at: int) -> None:
        super().__init__()
        self._folder, self._away, self._at = folder, folder.with_name("away"), at
        self.count = 0

    def open_folder(self, path: str) -> Handle:
        self.count += path == str(self._folder)
        if path != str(self._folder) or self.count != self._at:
            return super().open_folder(path)
        self._folder.rename(self._away)
        try:
            return super().open_folder(path)
        finally:
            self._away.rename(self._folder)


AWAY: list[Json] = [
    {"op": "edit", "path": "sub/three", "find": "old", "replace": "new"},
    {"op": "move", "path": "one", "to": "sub/one"},
    {"op": "create", "path": "sub/new", "text": "new"},
    {"op": "move", "path": "two", "to": "second"},
]


CHANGED = {"sub/three": "new three", "sub/one": "old one", "sub/new": "new", "second": "old two"}


@pytest.mark.parametrize(("moment", "wanted"), [(3, FILES), (4, FILES), (5, FILES), (6, CHANGED)])
def test_a_folder_that_is_away_for_a_moment_is_put_right_by_the_next_recovery(
    work: Work, state: Path, moment: int, wanted: dict[str, str]
) -> None:
    for at in count(1):
        shutil.rmtree(work.tree)
        work.tree.mkdir()
        interrupt(work, state, moment, AWAY)
        fs = Shy(work.tree / "sub", at)
        with engine_on(fs):
            done = api.recover_all()
        again = api.recover_all()
        story = f"away at look {at}: {done}, then {again}"
        assert work.texts() == wanted, story
        assert list((state / "journals").iterdir()) == [], story
        shutil.rmtree(state / "history")
        if fs.count < at:
            break
    assert at > 2


def test_a_journal_of_another_machine_is_left_until_somebody_decides(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    records = killed.records()
    records[0]["host"] = "another machine"
    killed.rewrite(records)
    before = snapshot(work.tree)

    assert recover_one(killed).code == "elsewhere"
    assert not difference(snapshot(work.tree), before)
    assert [one.foreign for one in api.pending()] == [True]


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


@pytest.mark.parametrize("name", ["three", "made/four"])
def test_finishing_leaves_one_name_of_a_move_that_a_power_cut_left_with_both(
    work: Work, state: Path, name: str
) -> None:
    killed = interrupt(work, state, Moment.PLACING)
    if name == "three":  # is moved already
        os.link(work.tree / name, work.tree / "sub/three")
    else:
        (staged,) = (one for one in work.tree.glob(".~hf-*") if one.is_file() and one.read_text() == "new four")
        os.link(staged, work.tree / name)

    assert api.recover(killed.txn, api.How.FINISH).result is Result.FINISHED
    assert work.texts() == {"one": "new one", "three": "old three", "made/four": "new four"}


def test_finishing_finds_the_old_name_in_a_folder_that_has_moved_since(work: Work, state: Path) -> None:
    moves: list[Json] = [
        {"op": "delete", "path": "two"},
        {"op": "move", "path": "sub/three", "to": "three"},
        {"op": "move", "path": "sub", "to": "moved"},
    ]
    killed = interrupt(work, state, 5, moves)
    os.link(work.tree / "three", work.tree / "sub/three")
    (work.tree / "sub").rename(work.tree / "moved")

    assert api.recover(killed.txn, api.How.FINISH).result is Result.FINISHED
    assert work.texts() == {"one": "old one", "three": "old three"}
    assert (work.tree / "moved").is_dir()


def test_it_is_known_whether_the_machine_was_started_again_since(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    assert [one.restarted for one in api.pending()] == [False]
    records = killed.records()
    records[0]["boot"] = "an earlier one"
    killed.rewrite(records)
    assert [one.restarted for one in api.pending()] == [True]


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

    assert [oct(path.stat().st_mode & 0o777) for path in (chosen, *chosen.iterdir())] == ["0o700"] * 6
    kept = {path.parent.name: oct(path.stat().st_mode & 0o777) for path in chosen.glob("*/*")}
    assert kept == {"history": "0o600", "attic": "0o700", "kept": "0o600"}
