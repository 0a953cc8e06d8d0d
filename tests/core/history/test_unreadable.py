"""What a newer version has written, or a disk has spoilt, is said to be so wherever a batch is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import run as command
from core import memory
from core.errors import CannotUndo, JournalDamaged
from core.history import Hindrance, State
from core.journal import codec, records
from tests.support.interrupted import read_records, write_records
from tests.support.work import Work


def journal(state: Path, txn: str) -> Path:
    return state / "history" / f"{txn}.journal"


def make_newer(path: Path) -> None:
    found = read_records(path)
    found[0]["v"] = records.VERSION + 1
    write_records(path, found)


def spoil_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    second = data.index(codec.MARKER, 1)
    data[second + codec.HEAD_SIZE + 2] ^= 1
    path.write_bytes(data)


@pytest.fixture
def applied(work: Work) -> str:
    work.write({"a": "old"})
    return work.applied({"op": "edit", "path": "a", "find": "old", "replace": "new"})


def test_of_a_newer_version_it_is_known_that_it_cannot_be_undone_here(work: Work, state: Path, applied: str) -> None:
    make_newer(journal(state, applied))
    (entry,) = memory.history()
    assert (entry.state, entry.hindrance) == (State.NEEDS_ATTENTION, Hindrance.NEWER)
    with pytest.raises(CannotUndo) as caught:
        memory.undo_plan(applied)
    assert caught.value.values["why"] == Hindrance.NEWER
    assert work.texts() == {"a": "new"}


def test_a_record_that_is_spoilt_is_no_reason_to_guess(work: Work, state: Path, applied: str) -> None:
    spoil_the_middle(journal(state, applied))
    with pytest.raises(CannotUndo) as caught:
        memory.undo_plan(applied)
    assert caught.value.values["why"] == Hindrance.DAMAGED
    with pytest.raises(JournalDamaged):
        memory.verify(applied)
    assert work.texts() == {"a": "new"}


@pytest.mark.parametrize("spoil", [make_newer, spoil_the_middle])
@pytest.mark.parametrize("words", [["history"], ["undo", "--yes"], ["verify"], ["history", "--report", "csv"]])
def test_every_command_says_it_in_words(
    state: Path, applied: str, capsys: pytest.CaptureFixture[str], words: list[str], spoil: object
) -> None:
    assert callable(spoil)
    spoil(journal(state, applied))
    code = command([words[0], applied, *words[1:]])
    said = capsys.readouterr()
    reason = "newer version of Holdfast" if spoil is make_newer else "is damaged"
    assert reason in said.out + said.err
    assert code == (0 if words == ["history"] and spoil is make_newer else 1)


@pytest.mark.parametrize("spoil", [make_newer, spoil_the_middle])
def test_what_it_holds_of_the_files_is_not_dropped(
    state: Path, applied: str, capsys: pytest.CaptureFixture[str], spoil: object
) -> None:
    assert callable(spoil)
    spoil(journal(state, applied))
    held = sorted((state / "attic").rglob("*"))
    command(["history", "--expire", "--days", "1e-9"])
    assert sorted((state / "attic").rglob("*")) == held
    assert "journal_" not in capsys.readouterr().out
