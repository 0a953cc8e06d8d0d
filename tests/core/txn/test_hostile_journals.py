"""Journals made by hand, with checksums that are right: whatever they say, no file is touched that is not the batch's own.

Paths that lead outside, symlinks where there were folders and files, another owner, another version, and lengths that
nobody writes. `tests.property.test_lies` puts any value in the place of any other.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from core import api
from core.api import Result
from core.journal import codec
from core.journal.codec import Record
from tests.support.interrupted import FILES, Interrupted, interrupt
from tests.support.tree import difference, snapshot
from tests.support.work import Work


def recover_one(killed: Interrupted) -> api.Recovered:
    (done,) = api.recover_all()
    assert done.txn == killed.txn
    return done


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
    "a version of the past": each("begin", lambda r: r.update(v=0)),
    "a version in words": each("begin", lambda r: r.update(v="1")),
    "no version": each("begin", lambda r: r.pop("v")),
    "no begin": lambda records: records.pop(0) and None,
    "two begins": lambda records: records.insert(1, records[0]),
    "a record of no kind": lambda records: records.insert(1, {"t": "explode"}),
    "another batch's id": each("begin", lambda r: r.update(txn="aaaaaaaaaa")),
    "an id with a path in it": each("begin", lambda r: r.update(txn="../../one")),
    "a folder that is no path": each("folders", lambda r: first_row(r, "f").__setitem__(0, "tree")),
    "a folder above": each("folders", lambda r: first_row(r, "f").__setitem__(0, f"{first_row(r, 'f')[0]}/../tree")),
    "a folder of a million": each("steps", lambda r: first_row(r, "s").__setitem__(1, 1_000_000)),
    "a new folder of a million": each("steps", lambda r: first_row(r, "s").__setitem__(3, 1_000_000)),
    "a folder for new content of a million": each("steps", lambda r: first_row(r, "s").__setitem__(7, 1_000_000)),
    "a folder below zero": each("steps", lambda r: first_row(r, "s").__setitem__(1, -1)),
    "a name with a path in it": each("steps", lambda r: first_row(r, "s").__setitem__(2, "../one")),
    "a new name with a path in it": each("steps", lambda r: first_row(r, "s").__setitem__(4, "/etc/passwd")),
    "a name that goes on after its end": each("steps", lambda r: first_row(r, "s").__setitem__(2, "one\0two")),
    "a side name below zero": each("steps", lambda r: first_row(r, "s").__setitem__(5, -1)),
    "a name that is the folder": each("steps", lambda r: first_row(r, "s").__setitem__(2, "..")),
    "a step of no kind": each("steps", lambda r: first_row(r, "s").__setitem__(0, "explode")),
    "a step too short": each("steps", lambda r: first_row(r, "s").pop()),
    "an identity of texts": each("staged", lambda r: r.update(i=[["file", "1", "2", "3", "4", "5"]])),
    "identities for steps that are not": each("staged", lambda r: r.update(i=[])),
    "an attic that is no path": each("attics", lambda r: first_row(r, "a").__setitem__(3, ["attic"])),
    "an attic by the name of any folder": each("attics", lambda r: first_row(r, "a").__setitem__(3, ["/tree"])),
    "an attic above": each("attics", lambda r: first_row(r, "a").__setitem__(3, ["/tree/../.holdfast-attic-0"])),
    "an attic for a folder of a million": each("attics", lambda r: first_row(r, "a").__setitem__(2, 1_000_000)),
    "an attic of no kind": each("attics", lambda r: r.update(a=None)),
    "a held attic that is not there": each("held", lambda r: r.update(r=[1_000_000])),
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


@pytest.mark.parametrize("how", [api.How.PUT_BACK, api.How.FINISH])
def test_a_journal_that_names_an_attic_elsewhere_touches_nothing_that_is_there(
    work: Work, state: Path, outside: Path, how: api.How
) -> None:
    killed = interrupt(work, state)
    records = killed.records()
    each("attics", lambda r: first_row(r, "a").__setitem__(3, [str(outside / ".holdfast-attic-0")]))(records)
    killed.rewrite(records)
    before = snapshot(outside)

    api.recover(killed.txn, how)

    found = snapshot(outside)
    assert {path: found.get(path) for path in before} == before


@pytest.mark.parametrize("ino", ["its own", "any"])
def test_a_journal_that_names_another_folder_moves_nothing_there(
    work: Work, state: Path, outside: Path, ino: str
) -> None:
    killed = interrupt(work, state)
    records = killed.records()
    each("folders", lambda r: first_row(r, "f").__setitem__(0, str(outside)))(records)
    number = outside.stat().st_ino if ino == "its own" else 0  # 0: where inodes do not last, none is asked for
    each("folders", lambda r: first_row(r, "f").__setitem__(2, number))(records)
    killed.rewrite(records)
    before = snapshot(outside)

    recover_one(killed)

    assert not difference(snapshot(outside), before)


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can give files away")
def test_a_journal_that_somebody_else_has_written_is_not_believed(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    os.chown(killed.journal, 12345, 12345)
    before = snapshot(work.tree)

    assert recover_one(killed).code == "not_ours"
    assert not difference(snapshot(work.tree), before)
    assert [one.state for one in api.pending()] == ["unreadable"]


def test_a_journal_that_lost_its_last_record_after_something_was_switched_is_damaged(work: Work, state: Path) -> None:
    """Without PREPARED the originals would be taken for what was staged, and removed."""
    killed = interrupt(work, state)
    whole = killed.journal.read_bytes()
    last = whole.rindex(codec.MARKER)
    assert b"prepared" in whole[last:]
    before = snapshot(work.tree)
    flipped = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(last, len(whole))]
    for data in [*flipped, whole[:last]]:
        killed.journal.write_bytes(data)
        assert recover_one(killed).code == "journal_damaged"
        assert not difference(snapshot(work.tree), before)


@pytest.mark.parametrize("twice", ["a folder that is listed twice", "one folder"])
def test_a_step_that_goes_nowhere_does_not_cost_the_file(work: Work, state: Path, twice: str) -> None:
    killed = interrupt(work, state)
    records = killed.records()
    folders, steps = (next(one for one in records if one["t"] == kind) for kind in ("folders", "steps"))
    if twice == "one folder":
        steps["s"][2][3] = steps["s"][2][1]  # type: ignore[index]
    else:
        folders["f"][0][:3] = folders["f"][1][:3]  # type: ignore[index]
    steps["s"][2][4] = steps["s"][2][2]  # type: ignore[index]
    killed.rewrite(records)

    recover_one(killed)

    assert (work.tree / "sub/three").read_text() == "old three"


# Symlinks where there were none. What they lead to belongs to somebody else.


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


def test_a_folder_in_the_tree_that_is_a_symlink_now_is_not_entered(work: Work, state: Path, outside: Path) -> None:
    killed = interrupt(work, state)
    (work.tree / "sub").rename(work.tree / "moved")
    (work.tree / "sub").symlink_to(outside / "sub")
    before, tree = snapshot(outside), snapshot(work.tree)

    assert recover_one(killed).code == "elsewhere"
    assert not difference(snapshot(outside), before)
    assert not difference(snapshot(work.tree), tree)


def test_a_symlink_in_the_place_of_a_changed_file_is_not_followed(work: Work, state: Path, outside: Path) -> None:
    killed = interrupt(work, state)
    (work.tree / "one").unlink()
    (work.tree / "one").symlink_to(outside / "one")
    before = snapshot(outside)

    recover_one(killed)

    assert not difference(snapshot(outside), before)
    assert (work.tree / "one").readlink() == outside / "one"
    assert "old one" in work.texts().values()


def test_a_symlink_in_the_place_of_a_side_file_is_not_followed(work: Work, state: Path, outside: Path) -> None:
    killed = interrupt(work, state)
    sides = [path for path in work.tree.iterdir() if path.name.startswith(".~hf-") and path.is_file()]
    assert "old one" in [path.read_text() for path in sides]
    for path in sides:
        path.unlink()
        path.symlink_to(outside / "one")
    before = snapshot(outside)

    recover_one(killed)

    assert not difference(snapshot(outside), before)


# Lengths that nobody writes.


def head(length: int) -> bytes:
    return codec.MARKER + struct.pack("<III", length, 6, 0)


@pytest.mark.parametrize("length", [codec.MAX_PAYLOAD, codec.MAX_PAYLOAD + 1, 2**31, 2**32 - 1])
def test_a_length_that_nobody_writes_is_a_torn_end(work: Work, state: Path, length: int) -> None:
    killed = interrupt(work, state)
    with killed.journal.open("ab") as journal:
        journal.write(head(length))

    assert recover_one(killed).result is Result.PUT_BACK
    assert work.texts() == FILES


@pytest.mark.parametrize("length", [codec.MAX_PAYLOAD, codec.MAX_PAYLOAD + 1, 2**31, 2**32 - 1])
def test_a_length_that_nobody_writes_before_a_good_record_is_damage(work: Work, state: Path, length: int) -> None:
    killed = interrupt(work, state)
    data = killed.journal.read_bytes()
    killed.journal.write_bytes(head(length) + data[len(head(0)) :])
    before = snapshot(work.tree)

    assert recover_one(killed).code == "journal_damaged"
    assert not difference(snapshot(work.tree), before)


def test_a_journal_that_ends_in_a_hole_of_a_tebibyte_is_put_back(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    try:
        os.truncate(killed.journal, 1 << 40)
    except OSError as error:
        pytest.skip(f"no file may be that long here: {error}")

    assert recover_one(killed).result is Result.PUT_BACK
    assert work.texts() == FILES


def test_a_damaged_record_before_a_good_one_is_no_torn_end(work: Work, state: Path) -> None:
    killed = interrupt(work, state)
    data = bytearray(killed.journal.read_bytes())
    data[60] ^= 1
    killed.journal.write_bytes(data)
    before = snapshot(work.tree)

    assert recover_one(killed).code == "journal_damaged"
    assert not difference(snapshot(work.tree), before)
