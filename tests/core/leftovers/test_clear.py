"""Clearing is a batch: what was shown goes, and nothing else; what goes can be brought back; what is unsure stays."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from core import api, cleaning
from core.api import Committed
from core.cleaning import Cleared, Left, Leftover
from core.leftovers import clear as clearing
from core.leftovers.judge import FRESH, Advice, Reason
from core.leftovers.news import Found
from tests.support.interrupted import interrupt
from tests.support.work import Work

LATER = 30 * 86_400.0


@pytest.fixture(autouse=True)
def a_month_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can set the time at which a file's names or rights changed, so the clock goes on instead."""
    real = time.time
    monkeypatch.setattr("core.leftovers.identify.time.time", lambda: real() + LATER)


def found(work: Work) -> dict[str, Leftover]:
    """Return what a scan finds, by name."""
    news = [one for one in cleaning.scan([str(work.tree)]) if isinstance(one, Found)]
    return {os.path.basename(one.path): one for part in news for one in part.leftovers}


def clear(work: Work, *names: str) -> Cleared:
    """Clear what is shown now."""
    shown = found(work)
    return cleaning.clear([cleaning.shown(shown[name]) for name in names])


def left(cleared: Cleared) -> dict[str, str]:
    return {os.path.basename(one.path): one.left.value for one in cleared.left if one.left}


def held(state: Path) -> list[bytes]:
    """Return what rests in the attics of the state directory."""
    return [path.read_bytes() for path in (state / "attic").rglob("*") if path.is_file()]


def test_what_is_cleared_rests_in_history(work: Work, state: Path) -> None:
    work.write({"a": "same", "a.bak": "same", "b": "new", "b~": "old"})
    cleared = clear(work, "a.bak", "b~")
    assert isinstance(cleared.outcome, Committed)
    assert cleared.left == ()
    assert work.texts() == {"a": "same", "b": "new"}
    assert sorted(held(state)) == [b"old", b"same"]


def test_what_is_deleted_now_is_gone_for_good(work: Work, state: Path) -> None:
    work.write({"a": "same", "a.bak": "same"})
    shown = [cleaning.shown(found(work)["a.bak"])]
    assert isinstance(cleaning.clear(shown, undo=False).outcome, Committed)
    assert work.texts() == {"a": "same"}
    assert held(state) == []


def test_an_emacs_lock_goes_although_it_is_a_symlink_that_leads_nowhere(work: Work) -> None:
    (work.tree / ".#a").symlink_to(f"me@{os.uname().nodename}.4194303:1700000000")
    assert found(work)[".#a"].reason is Reason.LOCK_STALE
    assert isinstance(clear(work, ".#a").outcome, Committed)
    assert os.listdir(work.tree) == []


def test_only_what_is_of_no_use_any_more_is_preselected(work: Work) -> None:
    work.write({"a": "same", "a.bak": "same", "b": "new", "b~": "old", "c.bak": "only copy", "sedA1b2C3": ""})
    chosen, too_much = cleaning.preselected(found(work).values())
    assert sorted(os.path.basename(one.path) for one in chosen) == ["a.bak", "sedA1b2C3"]
    assert too_much == []


def test_of_a_kind_of_which_there_is_too_much_nothing_is_preselected(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "FILES_AT_MOST", 2)
    work.write({f"{n}": "x" for n in range(3)} | {f"{n}.bak": "x" for n in range(3)} | {"0~": "x"})
    chosen, too_much = cleaning.preselected(found(work).values())
    assert [os.path.basename(one.path) for one in chosen] == ["0~"]
    assert too_much == [24]


def test_a_file_that_is_another_since_it_was_shown_stays(work: Work) -> None:
    names = ("written.bak", "rewritten.bak", "touched.bak", "gone.bak", "good.bak")
    work.write(dict.fromkeys(names, "1234") | {name[:-4]: "1234" for name in names})
    shown = [cleaning.shown(found(work)[name]) for name in names]
    (work.tree / "written.bak").write_text("12345")
    before = (work.tree / "rewritten.bak").stat()
    (work.tree / "rewritten.bak").write_text("4321")  # size and time are as they were, the change of it is not
    os.utime(work.tree / "rewritten.bak", ns=(before.st_atime_ns, before.st_mtime_ns))
    os.utime(work.tree / "touched.bak", (1, 1))
    (work.tree / "gone.bak").unlink()
    cleared = cleaning.clear(shown)
    assert left(cleared) == {
        "written.bak": "changed",
        "rewritten.bak": "changed",
        "touched.bak": "changed",
        "gone.bak": "missing",
    }
    assert isinstance(cleared.outcome, Committed)
    assert not (work.tree / "good.bak").exists()
    assert (work.tree / "rewritten.bak").read_text() == "4321"


def test_a_duplicate_stays_when_its_original_has_gone_meanwhile(work: Work) -> None:
    work.write({"a": "same", "a.bak": "same"})
    shown = cleaning.shown(found(work)["a.bak"])
    (work.tree / "a").unlink()
    assert left(cleaning.clear([shown])) == {"a.bak": "changed"}
    assert work.texts() == {"a.bak": "same"}


def test_a_file_that_a_program_has_open_stays(work: Work) -> None:
    work.write({"a": "same", "a.bak": "same"})
    shown = cleaning.shown(found(work)["a.bak"])
    with (work.tree / "a.bak").open():
        assert left(cleaning.clear([shown])) == {"a.bak": "changed"}  # it was shown as one that nobody uses
        assert left(clear(work, "a.bak")) == {"a.bak": "in_use"}
    assert left(clear(work, "a.bak")) == {}


def test_a_folder_that_became_a_symlink_is_not_followed(work: Work, tmp_path: Path) -> None:
    work.write({"sub/a": "same", "sub/a.bak": "same"})
    shown = cleaning.shown(found(work)["a.bak"])
    (work.tree / "sub").rename(tmp_path / "elsewhere")
    (work.tree / "sub").symlink_to(tmp_path / "elsewhere")
    assert left(cleaning.clear([shown])) == {"a.bak": "changed"}
    assert (tmp_path / "elsewhere/a.bak").read_text() == "same"


@pytest.mark.parametrize("name", ["plain.txt", "db-wal", ".~hf-abcdefghij-0", ".git/index.bak", "Cargo.lock", "x.nfs"])
def test_what_is_no_leftover_or_part_of_something_is_never_cleared(work: Work, name: str) -> None:
    work.write({name: "x"})
    info = (work.tree / name).lstat()
    one = cleaning.Shown(str(work.tree / name), info.st_size, info.st_mtime, info.st_ino)
    assert [each.left for each in cleaning.clear([one]).left] == [Left.PROTECTED]
    assert work.texts() == {name: "x"}


def test_what_the_disk_does_not_let_go_stays_and_the_rest_goes(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.fs.real import RealFileSystem

    work.write({"a": "1", "a.bak": "1", "b": "1", "b.bak": "1"})
    monkeypatch.setattr(RealFileSystem, "is_fixed", lambda fs, folder, name: name == "a.bak")
    cleared = clear(work, "a.bak", "b.bak")
    assert left(cleared) == {"a.bak": "refused"}
    assert work.texts() == {"a": "1", "a.bak": "1", "b": "1"}


# What a person has decided


def test_what_is_kept_is_told_again_once_it_has_changed(work: Work) -> None:
    work.write({"a": "new", "a.bak": "old"})
    cleaning.keep([found(work)["a.bak"]])
    assert found(work) == {}
    work.write({"a.bak": "another"})
    assert set(found(work)) == {"a.bak"}


def test_a_kind_that_is_ignored_is_told_of_elsewhere_only_until_that_is_taken_back(work: Work) -> None:
    work.write({"here/a.bak": "x", "here/a~": "x", "there/a.bak": "x"})
    one = found(work)["a.bak"]
    cleaning.ignore(one.number, str(work.tree / "here"))
    assert {os.path.relpath(each.path, work.tree) for each in found(work).values()} == {"here/a~", "there/a.bak"}
    assert cleaning.forget(str(work.tree)) == 1
    assert (
        len([each for part in cleaning.scan([str(work.tree)]) if isinstance(part, Found) for each in part.leftovers])
        == 3
    )


# Our own remains


def ended(work: Work, state: Path, content: bytes) -> str:
    """Leave a side file of a batch that has ended, as a copy of the whole folder from before would."""
    dead = interrupt(work, state)
    sides = (path for path in work.tree.glob(".~hf-*") if path.is_file())
    (side,) = (path for path in sides if path.read_text() == "old one")
    kept = side.read_bytes()
    assert api.recover(dead.txn).result is api.Result.PUT_BACK
    side.write_bytes(content or kept)
    return side.name


def test_a_side_file_of_a_batch_that_is_over_can_go(work: Work, state: Path) -> None:
    name = ended(work, state, b"")
    assert (found(work)[name].advice, found(work)[name].reason) == (Advice.CLEAR, Reason.BATCH_FINISHED)
    assert isinstance(clear(work, name).outcome, Committed)
    assert not (work.tree / name).exists()


def test_a_side_file_that_was_changed_after_its_batch_stays_and_holds_batches_up(work: Work, state: Path) -> None:
    name = ended(work, state, b"somebody's")
    assert (found(work)[name].advice, found(work)[name].reason) == (Advice.KEEP, Reason.CHANGED_AFTER_US)
    work.write({"a": "x", "a.bak": "x"})
    assert isinstance(clear(work, "a.bak").outcome, api.Refused)


def test_side_files_of_a_lost_journal_are_left_alone(work: Work, state: Path) -> None:
    dead = interrupt(work, state)
    dead.journal.unlink()
    sides = {name: one for name, one in found(work).items() if name.startswith(".~hf-")}
    assert sides
    assert {one.reason for one in sides.values()} == {Reason.BATCH_UNKNOWN}
    assert set(left(clear(work, *sides)).values()) == {"protected"}


def test_age_counts_from_the_last_change_of_any_kind(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    work.write({"a": "x", "a.bak": "x"})
    os.utime(work.tree / "a.bak", (1, 1))
    one = found(work)["a.bak"]
    assert (one.advice, one.reason) == (Advice.WAIT, Reason.TOO_NEW)
    assert one.due == pytest.approx(time.time() + FRESH, abs=5)
