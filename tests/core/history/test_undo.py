"""Undo brings back what was before a batch, as it was; undo of an undo is redo; what changed since is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core import api, memory
from core.api import Committed, Plan, Refused
from core.errors import CannotUndo, ProblemCode
from core.history import Choice, Choices, Hindrance, State
from core.progress import CancelToken
from tests.support import bench as benches
from tests.support.bench import OPERATIONS
from tests.support.tree import Snapshot
from tests.support.work import Json, Work

EDIT: Json = {"op": "edit", "path": "edited", "find": "old", "replace": "new"}
SKIP, TAKE = Choices(Choice.SKIP), Choices(Choice.TAKE)


def done(outcome: api.Outcome) -> str:
    """Return the id of a batch that must have been applied."""
    assert isinstance(outcome, Committed), outcome
    return outcome.txn


def undo(txn: str, choices: Choices | None = None) -> str:
    plan = memory.undo_plan(txn, choices)
    assert plan.problems == [], plan.problems
    return done(api.apply(plan))


def problems(plan: Plan) -> dict[str, ProblemCode]:
    return {os.path.basename(one.path): one.code for one in plan.problems}


def everything(tree: Path) -> dict[str, object]:
    """Return all that a file has: content or target, mode, owner, times and attributes, by path."""
    found: dict[str, object] = {}
    for path in sorted(tree.rglob("*")):
        info = path.lstat()
        what = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        attributes = {name: os.getxattr(path, name) for name in os.listxattr(path)} if not path.is_symlink() else {}
        times = info.st_mtime_ns if path.is_file() else 0
        found[str(path.relative_to(tree))] = (what, info.st_mode, info.st_uid, info.st_gid, times, attributes)
    return found


@pytest.fixture
def busy(work: Work) -> tuple[Work, Snapshot, str]:
    """A batch of every kind of step that was applied: where, what was before it, and its id."""
    benches.build(work.tree)
    before = work.snapshot()
    return work, before, done(work.apply(*OPERATIONS))


def test_undo_brings_back_every_kind_of_change(busy: tuple[Work, Snapshot, str]) -> None:
    work, before, txn = busy
    undo(txn)
    assert work.snapshot() == before


def test_undo_of_the_undo_is_redo_and_so_on(busy: tuple[Work, Snapshot, str]) -> None:
    work, before, txn = busy
    after = work.snapshot()
    for wanted in (before, after, before, after, before):
        txn = undo(txn)
        assert work.snapshot() == wanted


def test_a_batch_that_was_redone_can_be_undone_by_its_own_id_again(busy: tuple[Work, Snapshot, str]) -> None:
    work, before, txn = busy
    undo(undo(txn))
    assert next(one for one in memory.history() if one.txn == txn).state is State.APPLIED
    undo(txn)
    assert work.snapshot() == before


def test_owner_mode_times_and_attributes_come_back_and_go_again(work: Work) -> None:
    work.write({"edited": "old", "whole/inner": "inner"})
    file = work.tree / "edited"
    for path, mode in ((file, 0o4750), (work.tree / "whole/inner", 0o600)):
        path.chmod(mode)
        os.setxattr(path, "user.note", b"kept")
        os.utime(path, ns=(1_000_000_001, 2_000_000_003))
        if os.geteuid() == 0:
            os.chown(path, 12345, 54321)
            path.chmod(mode)
    before = everything(work.tree)
    txn = done(work.apply(EDIT, {"op": "delete", "path": "whole"}))
    after = everything(work.tree)

    again = undo(txn)
    assert everything(work.tree) == before
    undo(again)
    assert everything(work.tree) == after


def test_hard_links_that_were_kept_are_kept_by_undo(work: Work) -> None:
    work.write({"edited": "old"})
    os.link(work.tree / "edited", work.tree / "other")
    (work.tree / "edited").chmod(0o640)
    before, inode = everything(work.tree), (work.tree / "edited").stat().st_ino
    txn = done(work.apply({**EDIT, "links": "keep"}))
    assert work.texts() == {"edited": "new", "other": "new"}

    again = undo(txn)

    assert everything(work.tree) == before
    assert {path.stat().st_ino for path in work.tree.iterdir()} == {inode}
    undo(again)
    assert work.texts() == {"edited": "new", "other": "new"}


def test_the_preview_of_an_undo_goes_from_now_to_then(work: Work) -> None:
    work.write({"edited": "old\n", "deleted": "gone\n"})
    txn = done(work.apply(EDIT, {"op": "delete", "path": "deleted"}, {"op": "create", "path": "made", "text": "m\n"}))

    plan = memory.undo_plan(txn)

    lines = list(api.preview_lines(plan))
    assert {"-new", "+old", "+gone", "-m"} <= set(lines)
    deeds = {os.path.basename(one.path): one.action.value for one in plan.changes()}
    assert deeds == {"edited": "replace", "deleted": "create", "made": "delete"}
    assert plan.undo
    assert not any(".~hf" in line or "attic" in line for line in lines)


def test_edited_since_is_told_and_choices_leave_it_or_take_it_and_nothing_is_lost(work: Work) -> None:
    for choices, wanted in ((SKIP, "edited by hand"), (TAKE, "old")):
        work.write({"edited": "old", "other": "old"})
        txn = done(work.apply(EDIT, {**EDIT, "path": "other"}))
        (work.tree / "edited").write_text("edited by hand")

        plan = memory.undo_plan(txn)
        assert problems(plan) == {"edited": ProblemCode.EDITED_SINCE}
        assert isinstance(api.apply(plan), Refused)

        again = undo(txn, choices)
        assert work.texts() == {"edited": wanted, "other": "old"}
        undo(again)
        assert work.texts() == {"edited": "edited by hand", "other": "new"}


def test_single_files_can_be_chosen(work: Work) -> None:
    work.write({"one": "old", "two": "old"})
    txn = done(work.apply({**EDIT, "path": "one"}, {**EDIT, "path": "two"}))
    for name in ("one", "two"):
        (work.tree / name).write_text("by hand")

    undo(txn, Choices(by_path={str(work.tree / "one"): Choice.SKIP, str(work.tree / "two"): Choice.TAKE}))

    assert work.texts() == {"one": "by hand", "two": "old"}


def test_what_was_deleted_moved_or_replaced_by_a_folder_since_is_told(work: Work) -> None:
    names = ("gone", "folder", "moved", "taken", "made")
    work.write(dict.fromkeys(names[:4], "old"))
    edits = [{**EDIT, "path": name} for name in names[:2]]
    moves: list[Json] = [{"op": "move", "path": name, "to": f"{name} to"} for name in names[2:4]]
    txn = done(work.apply(*edits, *moves, {"op": "create", "path": "made", "text": "made"}))
    for name in ("gone", "folder", "moved to"):
        (work.tree / name).unlink()
    (work.tree / "folder").mkdir()
    (work.tree / "folder/inner").write_text("inner")
    (work.tree / "taken").write_text("somebody else's")
    (work.tree / "made").write_text("written to")

    plan = memory.undo_plan(txn)

    assert problems(plan) == {
        "gone": ProblemCode.GONE_SINCE,
        "folder": ProblemCode.REPLACED_SINCE,
        "moved to": ProblemCode.GONE_SINCE,
        "taken": ProblemCode.TAKEN_SINCE,
        "made": ProblemCode.EDITED_SINCE,
    }
    before = work.snapshot()
    undo_all = Choices(Choice.TAKE, {str(work.tree / "moved to"): Choice.SKIP})
    again = undo(txn, undo_all)
    assert work.texts() == {"gone": "old", "folder": "old", "taken": "old"}
    undo(again)
    assert work.snapshot() == before


def test_older_batches_can_be_undone_in_any_order_where_they_changed_different_files(work: Work) -> None:
    work.write({"one": "old", "two": "old"})
    first = done(work.apply({**EDIT, "path": "one"}))
    second = done(work.apply({**EDIT, "path": "two"}))

    undo(first)
    assert work.texts() == {"one": "old", "two": "new"}
    undo(second)
    assert work.texts() == {"one": "old", "two": "old"}


def test_a_later_batch_in_the_way_is_named_until_it_is_undone(work: Work) -> None:
    work.write({"edited": "old"})
    first = done(work.apply(EDIT))
    plan = work.plan({**EDIT, "find": "new", "replace": "newer"}, name="the later one")
    second = done(api.apply(plan))

    (problem,) = memory.undo_plan(first).problems
    assert (problem.code, problem.values) == (ProblemCode.LATER_BATCH, {"txn": second, "name": "the later one"})

    undo(second)
    undo(first)
    assert work.texts() == {"edited": "old"}


def test_an_undo_can_be_cancelled_and_leaves_everything_as_it_was(busy: tuple[Work, Snapshot, str]) -> None:
    work, before, txn = busy
    after = work.snapshot()
    token = CancelToken()
    plan = memory.undo_plan(txn)
    token.cancel()

    assert isinstance(api.apply(plan, token=token), api.RolledBack)

    assert work.snapshot() == after
    undo(txn)
    assert work.snapshot() == before


def test_the_rest_of_a_batch_that_was_undone_in_part_can_be_undone_later(busy: tuple[Work, Snapshot, str]) -> None:
    work, before, txn = busy
    left_out = ("code.py", "sub/gone.txt", "other/arrived.txt")
    undo(txn, Choices(by_path={str(work.tree / name): Choice.SKIP for name in left_out}))
    assert work.snapshot() != before
    assert next(one for one in memory.history() if one.txn == txn).can_undo

    undo(txn)

    assert work.snapshot() == before


def test_a_folder_that_the_batch_made_stays_for_what_others_put_into_it(work: Work) -> None:
    txn = done(work.apply({"op": "create", "path": "made/deeper/file", "text": "x"}))
    work.write({"made/mine": "mine"})

    undo(txn)

    assert work.texts() == {"made/mine": "mine"}
    assert sorted(os.listdir(work.tree / "made")) == ["mine"]


def test_what_was_put_back_or_undone_or_kept_nothing_offers_no_undo(work: Work) -> None:
    work.write({"edited": "old"})
    txn = done(work.apply(EDIT))
    undo(txn)
    nothing = done(api.apply(work.plan(EDIT), undo=False))
    reasons = {one.txn: one.hindrance for one in memory.history()}

    assert reasons[txn] is Hindrance.NOT_IN_FORCE
    assert reasons[nothing] is Hindrance.NOT_KEPT
    for one, why in ((txn, "not_in_force"), (nothing, "not_kept"), ("aaaaaaaaaa", "unknown"), ("../etc", "unknown")):
        with pytest.raises(CannotUndo) as error:
            memory.undo_plan(one)
        assert error.value.values["why"] == why


def test_a_previous_version_that_was_damaged_is_not_brought_back(work: Work, state: Path) -> None:
    work.write({"edited": "old", "other": "old"})
    txn = done(work.apply(EDIT, {**EDIT, "path": "other"}))
    held = next(one for one in memory.entry_files(txn) if one.path.endswith("edited")).held
    times = os.stat(held)
    Path(held).write_text("bad")
    os.utime(held, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert memory.check_held(txn) == [str(work.tree / "edited")]
    assert ProblemCode.NOT_HELD in {one.code for one in memory.undo_plan(txn).problems}


def test_while_an_undo_runs_nobody_finds_a_name_free(work: Work) -> None:
    work.write({"one": "old", "two": "old"})
    txn = done(work.apply({**EDIT, "path": "one"}, {**EDIT, "path": "two"}))
    plan, seen = memory.undo_plan(txn), set()

    def look() -> bool:
        seen.update((name, (work.tree / name).read_text()) for name in ("one", "two"))
        return False

    done(api.apply(plan, token=CancelToken(look)))

    assert seen == {(name, text) for name in ("one", "two") for text in ("old", "new")}


def test_a_folder_that_was_deleted_when_a_file_had_left_it_is_undone_and_redone(work: Work) -> None:
    work.write({"folder/file": "x", "folder/other": "y"})
    move, delete = {"op": "move", "path": "folder/file", "to": "file"}, {"op": "delete", "path": "folder"}
    before, txn = work.texts(), done(work.apply(move, delete))
    after = work.texts()

    for wanted in (before, after, before, after):
        txn = undo(txn)
        assert work.texts() == wanted


@pytest.mark.parametrize("moved", ["a", "b"], ids=["a file", "a folder"])
def test_what_moved_into_a_folder_that_took_the_name_of_one_that_goes_is_moved_again(work: Work, moved: str) -> None:
    work.write({"folder/taken": "in the old one", "a": "a", "b/inner": "b"})
    before = work.texts()
    move = {"op": "move", "path": moved, "to": "folder/taken"}
    txn = done(work.apply({"op": "delete", "path": "folder"}, {"op": "create", "path": "folder/x", "text": ""}, move))
    after = work.texts()

    for wanted in (before, after, before, after):
        txn = undo(txn)
        assert work.texts() == wanted


def test_a_redo_into_a_folder_that_was_deleted_since_can_be_undone_too(work: Work) -> None:
    work.write({"c": "moved on", "b/c": "stays"})
    txn = done(
        work.apply(
            {"op": "move", "path": "c", "to": "b/new/a"}, {"op": "create", "path": "c/a", "text": "in its place"}
        )
    )
    undone = undo(txn)
    done(work.apply({"op": "delete", "path": "b"}))
    before = work.snapshot()

    redone = undo(undone, Choices(Choice.TAKE))
    assert work.texts() == {"b/new/a": "moved on", "c/a": "in its place"}

    undo(redone)
    assert work.snapshot() == before
