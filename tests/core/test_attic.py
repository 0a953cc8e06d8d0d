"""Where pre-images go: into the state directory, or as high on their own disk as may be; always by a rename."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import api, cleaning, names
from core import memory as past
from core.api import Committed, RolledBack
from core.errors import ProblemCode
from core.fs import places
from core.history import Limits
from core.progress import CancelToken
from tests.support.work import Json, Work

EDIT: Json = {"op": "edit", "path": "edited", "find": "old", "replace": "new"}
DELETE: Json = {"op": "delete", "path": "whole"}
ATTIC = names.attic(places.user())


@pytest.fixture
def elsewhere(work: Work) -> Iterator[Work]:
    """A folder to work in on another disk than the state directory's."""
    if not os.access("/dev/shm", os.W_OK) or os.stat("/dev/shm").st_dev == work.tree.stat().st_dev:
        pytest.skip("there is only one disk here")
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="holdfast-") as folder:
        yield Work(Path(folder))


def held(root: Path, outcome: api.Outcome) -> dict[str, str]:
    """Return the pre-images of a batch in an attic, by side name; of a folder, its names."""
    assert isinstance(outcome, Committed)
    found = (root / names.holding(outcome.txn)).iterdir()
    return {one.name: one.read_text() if one.is_file() else " ".join(sorted(os.listdir(one))) for one in found}


def test_what_was_replaced_or_deleted_rests_in_the_state_directory_folders_as_a_whole(work: Work, state: Path) -> None:
    work.write({"edited": "old", "whole/of/it": "x", "whole/y": "y"})
    inode = (work.tree / "edited").stat().st_ino

    outcome = work.apply(EDIT, DELETE)

    kept = held(state / "attic", outcome)
    assert sorted(kept.values()) == ["of y", "old"]
    assert inode in {one.stat().st_ino for one in (state / "attic").glob("*/*")}
    assert work.texts() == {"edited": "new"}


def test_on_another_disk_it_rests_as_high_above_the_files_as_may_be(elsewhere: Work, state: Path) -> None:
    elsewhere.write({"edited": "old"})

    outcome = elsewhere.apply(EDIT)

    root = Path("/dev/shm") / ATTIC
    assert list(held(root, outcome).values()) == ["old"]
    assert root.stat().st_mode & 0o777 == 0o700
    assert os.listdir(state / "attic") == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_a_bind_mount_of_the_same_disk_has_an_attic_of_its_own(work: Work, state: Path) -> None:
    work.write({"outside/edited": "old"})
    mount = work.tree / "mounted"
    mount.mkdir()
    subprocess.run(["mount", "--bind", str(work.tree / "outside"), str(mount)], check=True)
    try:
        outcome = work.apply({**EDIT, "path": "mounted/edited"})
        assert list(held(mount / ATTIC, outcome).values()) == ["old"]
    finally:
        subprocess.run(["umount", str(mount)], check=True)


def test_a_name_that_somebody_else_has_taken_is_gone_around(elsewhere: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere.write({"sub/edited": "old"})
    monkeypatch.setattr(names, "attic", lambda user: ".holdfast-attic-12345")
    for above in (Path("/dev/shm"), elsewhere.tree):
        (above / ".holdfast-attic-12345").write_text("in the way")
    try:
        outcome = elsewhere.apply({**EDIT, "path": "sub/edited"})
        assert list(held(elsewhere.tree / "sub/.holdfast-attic-12345", outcome).values()) == ["old"]
    finally:
        Path("/dev/shm/.holdfast-attic-12345").unlink()


def test_a_folder_that_holds_the_state_directory_is_not_deleted_with_it(work: Work) -> None:
    """Planning refuses that; a plan that was made without knowing of it finds the folder changed, and is put back."""
    work.write({"folder/sub/edited": "old"})
    state = work.tree / "folder/state"

    plan = work.plan({"op": "delete", "path": "folder"})
    outcome = api.apply(plan, state=str(state))

    assert isinstance(outcome, api.RolledBack), outcome
    assert (work.tree / "folder/sub/edited").read_text() == "old"
    assert os.listdir(state / "journals") == []


def test_a_folder_that_holds_an_attic_can_be_deleted_and_rests_above_itself(
    elsewhere: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.write({"folder/edited": "old", "folder/gone": "x"})
    monkeypatch.setattr(names, "attic", lambda user: ".holdfast-attic-12347")
    for above in (Path("/dev/shm"), elsewhere.tree):
        (above / ".holdfast-attic-12347").write_text("in the way")
    try:
        assert isinstance(elsewhere.apply({**EDIT, "path": "folder/edited"}), Committed)
        assert (elsewhere.tree / "folder/.holdfast-attic-12347").is_dir()
        (elsewhere.tree / ".holdfast-attic-12347").unlink()
        outcome = elsewhere.apply({"op": "delete", "path": "folder"})
        assert isinstance(outcome, Committed), outcome
        assert not (elsewhere.tree / "folder").exists()
    finally:
        Path("/dev/shm/.holdfast-attic-12347").unlink()


def test_where_previous_versions_find_no_place_is_known_before_anything_is_applied(
    elsewhere: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.write({"sub/edited": "old", "sub/gone": "x"})
    monkeypatch.setattr(names, "attic", lambda user: ".holdfast-attic-12346")
    batch: list[Json] = [{**EDIT, "path": "sub/edited"}, {"op": "delete", "path": "sub/gone"}]
    assert past.unkept(elsewhere.plan(*batch)) == []
    for above in (Path("/dev/shm"), elsewhere.tree, elsewhere.tree / "sub"):
        (above / ".holdfast-attic-12346").write_text("in the way")
    try:
        assert past.unkept(elsewhere.plan(*batch)) == [str(elsewhere.tree / "sub")]
        assert past.unkept(elsewhere.plan({"op": "create", "path": "sub/new", "text": ""})) == []
        outcome = elsewhere.apply(*batch)
    finally:
        Path("/dev/shm/.holdfast-attic-12346").unlink()

    assert isinstance(outcome, Committed)
    assert {problem.code for problem in past.undo_plan(outcome.txn).problems} == {ProblemCode.NOT_HELD}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_an_attic_in_a_work_tree_is_nothing_to_git(elsewhere: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere.write({"edited": "old"})
    monkeypatch.setattr(names, "attic", lambda user: ".holdfast-attic-12347")
    Path("/dev/shm/.holdfast-attic-12347").write_text("so that the attic has to be here")
    git = ["git", "-C", str(elsewhere.tree), "-c", "user.name=x", "-c", "user.email=x"]
    try:
        for command in (["init", "-q"], ["add", "edited"], ["commit", "-q", "-m", "x"]):
            subprocess.run([*git, *command], check=True)
        outcome = elsewhere.apply(EDIT)
    finally:
        Path("/dev/shm/.holdfast-attic-12347").unlink()

    assert list(held(elsewhere.tree / ".holdfast-attic-12347", outcome).values()) == ["old"]
    status = [*git, "status", "--porcelain", "--ignored=no", "-uall"]
    assert subprocess.run(status, check=True, capture_output=True, text=True).stdout == " M edited\n"

    past.expire(Limits(age=1e-9))
    assert sorted(os.listdir(elsewhere.tree)) == [".git", "edited"]


def test_without_undo_nothing_is_kept(work: Work, state: Path) -> None:
    work.write({"edited": "old", "whole/x": "x"})

    assert isinstance(api.apply(work.plan(EDIT, DELETE), undo=False), Committed)

    assert os.listdir(state / "attic") == []
    assert sorted(os.listdir(work.tree)) == ["edited"]


def test_a_batch_that_is_put_back_leaves_no_attic_behind(elsewhere: Work) -> None:
    elsewhere.write({"edited": "old"})
    plan = elsewhere.plan(EDIT)
    token = CancelToken()
    token.cancel()
    before = sorted(os.listdir("/dev/shm"))

    assert isinstance(api.apply(plan, token=token), RolledBack)

    assert sorted(os.listdir("/dev/shm")) == before


def test_what_another_program_writes_into_the_old_file_after_the_switch_stays_in_sight(work: Work, state: Path) -> None:
    work.write({"edited": "old"})
    with open(work.tree / "edited", "a") as late:

        def write(outcome: Committed) -> None:
            late.write(" and late")
            late.flush()

        outcome = api.apply(work.plan(EDIT), told=write)

    assert isinstance(outcome, Committed)
    (kept,) = outcome.kept
    assert Path(kept).read_text() == "old and late"
    assert os.listdir(state / "attic") == []


def test_no_search_and_no_scan_looks_into_an_attic(work: Work, state: Path) -> None:
    work.write({"edited": "old", "deleted/x.bak": "old"})
    outcome = work.apply(EDIT, {"op": "delete", "path": "deleted"})
    assert held(state / "attic", outcome)

    roots = [str(state), str(work.tree)]
    search: Json = {"op": "find_replace", "roots": roots, "find": "old", "replace": "x", "hidden": True, "binary": True}
    plan = work.plan(search)

    assert [change.path for change in plan.changes() if "/attic/" in change.path] == []
    assert [path for path in api.files_below(str(state)) if "/attic/" in path] == []
    found = [one for news in cleaning.scan(roots) for one in getattr(news, "leftovers", ())]
    assert [one.path for one in found if "/attic/" in one.path] == []
