"""Whatever the disk refuses, at whichever call: the tree is as it was, or as it is to be; or recovery makes it so."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from core import api
from core.api import Committed, NeedsRecovery, Outcome, RolledBack
from core.errors import ProblemCode
from core.fs.real import RealFileSystem
from tests.support.failing import GROWING, SYNCS, FailingFileSystem, engine_on
from tests.support.interrupted import FILES as BEFORE_INTERRUPTED
from tests.support.interrupted import interrupt
from tests.support.stopping import MUTATING
from tests.support.tree import Snapshot, difference
from tests.support.tried import Tried
from tests.support.work import Json, Work

FILES: dict[str, str | bytes] = {
    "edited": "old",
    "replaced": "old",
    "deleted": "old",
    "wanders": "old",
    "whole/x": "old",
}
OPERATIONS: list[Json] = [
    {"op": "edit", "path": "edited", "find": "old", "replace": "new"},
    {"op": "replace", "path": "replaced", "text": "new"},
    {"op": "delete", "path": "deleted"},
    {"op": "move", "path": "wanders", "to": "made/arrived"},
    {"op": "create", "path": "made/created", "text": "new"},
    {"op": "delete", "path": "whole"},
]
AFTER = {"edited": "new", "replaced": "new", "made/arrived": "old", "made/created": "new"}


def attempt(work: Work, fs: FailingFileSystem) -> tuple[Snapshot, Outcome]:
    """Build the tree, apply the batch on `fs`, and return the tree before and the outcome."""
    for path in sorted(work.tree.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    work.write(FILES)
    plan = work.plan(*OPERATIONS)
    before = work.snapshot()
    with engine_on(fs):
        return before, api.apply(plan)


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "from there on"])
@pytest.mark.parametrize(
    ("number", "verbs"),
    [(errno.EIO, SYNCS), (errno.EIO, MUTATING), (errno.ENOSPC, GROWING), (errno.EROFS, MUTATING)],
    ids=["EIO at a sync", "EIO at a change", "ENOSPC at what grows", "EROFS at a change"],
)
def test_an_error_at_any_call_ends_before_or_after_and_what_recovery_needs_is_said(
    work: Work, state: Path, tried: Tried, number: int, verbs: frozenset[str], *, for_good: bool
) -> None:
    for point in count(1):
        fs = FailingFileSystem(point, number, verbs, for_good=for_good)
        before, outcome = attempt(work, fs)
        if not fs.failed:
            break
        story = f"{fs.failed[0]} failed at call {point}: {outcome}"
        assert not fs.synced_again, story
        if isinstance(outcome, RolledBack):
            assert not difference(work.snapshot(), before), story
            assert outcome.errno == number, story
        done = api.recover_all()
        assert not [one for one in done if one.result is api.Result.NEEDS_ATTENTION], f"{story}\n{done}"
        assert list((state / "journals").iterdir()) == [], story
        # What could neither be committed nor be marked as given up is finished: the record on the disk says so.
        finished = isinstance(outcome, Committed) or [one.result for one in done] == [api.Result.FINISHED]
        if finished:
            assert isinstance(outcome, Committed | NeedsRecovery), story
            assert work.texts() == AFTER, story
        else:
            assert not difference(work.snapshot(), before), story
        tried(f"{errno.errorcode[number]} at a call of apply")


def test_a_failed_sync_of_commit_puts_everything_back(work: Work, state: Path) -> None:
    """The last sync of a file that is not followed by another change is COMMIT's; its journal is no history."""
    fs = FailingFileSystem(0, errno.EIO, frozenset({"sync_file"}))
    attempt(work, fs)
    outcomes = []
    for point in range(1, fs.count + 1):
        before, outcome = attempt(work, FailingFileSystem(point, errno.EIO, frozenset({"sync_file"})))
        outcomes.append(type(outcome))
        if not isinstance(outcome, Committed):
            assert not difference(work.snapshot(), before)
    assert outcomes == [RolledBack] * (fs.count - 1) + [Committed]  # only END may be missing
    assert list((state / "journals").iterdir()) == []


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "from there on"])
def test_an_error_at_any_call_of_a_recovery_leaves_it_to_the_next_one(
    work: Work, state: Path, tried: Tried, for_good: bool
) -> None:
    for point in count(1):
        killed = interrupt(work, state)
        fs = FailingFileSystem(point, errno.EIO, for_good=for_good)
        with engine_on(fs):
            done = api.recover_all()
        story = f"{fs.failed[:1]} failed at call {point}: {done}"
        again = api.recover_all()
        assert not [one for one in again if one.result is not api.Result.PUT_BACK], f"{story}, then {again}"
        assert work.texts() == BEFORE_INTERRUPTED, story
        assert {one.name for one in work.tree.iterdir()} == {"one", "two", "sub"}, story
        assert list((state / "journals").iterdir()) == [], story
        (state / f"history/{killed.txn}.journal").unlink(missing_ok=True)
        if not fs.failed:
            break
        tried("EIO at a call of recover")


ROTATION: list[Json] = [
    {"op": "edit", "path": "two", "find": "old", "replace": "new"},
    {"op": "move", "path": "one", "to": "meanwhile"},
    {"op": "move", "path": "sub/three", "to": "one"},
    {"op": "move", "path": "two", "to": "sub/three"},
    {"op": "move", "path": "meanwhile", "to": "two"},
]


@pytest.mark.parametrize("moment", [7, 8])
def test_what_cannot_be_put_back_at_once_keeps_its_name_from_others_that_go_round_with_it(
    work: Work, state: Path, tried: Tried, moment: int
) -> None:
    for point in count(1):
        killed = interrupt(work, state, moment, ROTATION)
        fs = FailingFileSystem(point, errno.ENOMEM, MUTATING | {"stat"})
        with engine_on(fs):
            done = api.recover_all()
        story = f"{fs.failed} failed at call {point}: {done}"
        again = api.recover_all()
        assert work.texts() == BEFORE_INTERRUPTED, f"{story}, then {again}"
        assert list((state / "journals").iterdir()) == [], story
        (state / f"history/{killed.txn}.journal").unlink(missing_ok=True)
        if not fs.failed:
            break
        tried("ENOMEM at a call of the recovery of files that change places")


class Unsearchable(RealFileSystem):
    """Refuses to open one folder, and to tell how much space there is, as soon as `path` is set."""

    path = ""

    def open_folder(self, path: str) -> int:
        if path == self.path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return super().open_folder(path)

    def free_space(self, folder: int) -> int:
        if self.path:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().free_space(folder)


def test_a_source_that_cannot_be_reached_any_more_puts_everything_back(work: Work, tmp_path: Path) -> None:
    work.write(FILES)
    source = tmp_path / "elsewhere" / "source"
    source.parent.mkdir()
    source.write_text("new")
    fs = Unsearchable()
    with engine_on(fs):
        plan = work.plan(*OPERATIONS, {"op": "create", "path": "copy", "source": str(source)})
        before = work.snapshot()
        fs.path = str(source.parent)
        outcome = api.apply(plan)

    assert isinstance(outcome, RolledBack)
    assert outcome.errno == errno.EACCES
    assert not difference(work.snapshot(), before)


def test_a_folder_whose_space_cannot_be_told_is_a_problem_for_each_file_in_it(work: Work) -> None:
    work.write(FILES)
    fs = Unsearchable()
    fs.path = "/nowhere"
    with engine_on(fs):
        found = work.problems(*OPERATIONS[:2])

    assert found == [(0, ProblemCode.UNREADABLE), (1, ProblemCode.UNREADABLE)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of two MiB, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("only a superuser may mount: " + mounted.stderr.decode(errors="replace").strip())
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize("free", [0, 4, 8, 16, 40, 64, 100, 128])
def test_a_disk_that_fills_up_meanwhile_leaves_everything_as_it_was(small_disk: Path, free: int) -> None:
    work = Work(small_disk / "tree")
    work.tree.mkdir()
    work.write({f"file{number}": f"old {number}\n" * 2000 for number in range(4)})
    operations: list[Json] = [
        {"op": "edit", "path": f"file{number}", "find": "old", "replace": "new"} for number in range(4)
    ]
    before = work.snapshot()
    plan = work.plan(*operations)
    space = api.file_system()
    handle = space.open_folder(str(small_disk))
    (small_disk / "filler").write_bytes(bytes(max(0, space.free_space(handle) - free * 1024)))
    space.close(handle)

    outcome = api.apply(plan, state=str(small_disk.parent / "state"))

    if isinstance(outcome, Committed):
        assert free >= 64 and all(text.startswith("new") for text in work.texts().values())
    else:
        assert isinstance(outcome, RolledBack) and outcome.errno == errno.ENOSPC
        assert not difference(work.snapshot(), before)


@pytest.mark.parametrize("free", [0, 4, 8, 12])
def test_a_full_disk_under_the_state_directory_leaves_everything_as_it_was(
    small_disk: Path, work: Work, free: int
) -> None:
    work.write(FILES)
    plan = work.plan(*OPERATIONS)
    before = work.snapshot()
    (small_disk / "state/journals").mkdir(parents=True)
    (small_disk / "state/history").mkdir()
    space = api.file_system()
    handle = space.open_folder(str(small_disk))
    (small_disk / "filler").write_bytes(bytes(max(0, space.free_space(handle) - free * 1024)))
    space.close(handle)

    outcome = api.apply(plan, state=str(small_disk / "state"))

    if isinstance(outcome, Committed):
        assert work.texts() == AFTER
    else:
        assert isinstance(outcome, RolledBack) and outcome.errno == errno.ENOSPC
        assert not difference(work.snapshot(), before)


def test_what_was_made_in_a_folder_that_moved_is_durably_gone_once_all_is_put_back(work: Work) -> None:
    """The checker of the order looks on: the folder is back under its old path when it is to be synced."""
    operations: list[Json] = [
        {"op": "move", "path": "moves", "to": "to/moved"},
        {"op": "create", "path": "to/moved/made/new", "text": "new"},
        {"op": "create", "path": "to/moved/other/new", "text": "new"},
    ]
    for at in count(1):
        shutil.rmtree(work.tree)
        work.write({"moves/file": "f", "to/file": "f"})
        before, plan = work.snapshot(), work.plan(*operations)
        fs = FailingFileSystem(at, errno.EACCES, MUTATING)
        with engine_on(fs):
            outcome = api.apply(plan)
        api.recover_all()
        assert isinstance(outcome, Committed) or work.snapshot() == before
        if not fs.failed:
            break
