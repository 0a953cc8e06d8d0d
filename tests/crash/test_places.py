"""Places that are special: mounts, flags of files, and state directories that cannot be written."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core import api
from core.api import Committed, Refused
from tests.support.disks import Disk, hindrance, why_no_namespace
from tests.support.picture import picture
from tests.support.tried import Tried
from tests.support.work import Json, Work

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can mount and set flags")
EDIT: Json = {"op": "edit", "path": "file", "find": "old", "replace": "new"}
DELETE: Json = {"op": "delete", "path": "file"}
MOVE: Json = {"op": "move", "path": "file", "to": "moved"}


@pytest.fixture
def disk(memory: Path) -> Iterator[Work]:
    """A folder on a real ext4, which has every flag."""
    if reason := hindrance("ext4"):
        pytest.skip(f"no disk with ext4: {reason}")
    disk = Disk.make("ext4", memory, "disk")
    work = Work(disk.path / "tree")
    work.tree.mkdir()
    yield work
    subprocess.run(["chattr", "-R", "-i", "-a", str(work.tree)], capture_output=True)
    disk.remove()


def demand_untouched_or(work: Work, operation: Json, wished: dict[str, str]) -> None:
    """Demand that nothing has changed, unless the batch could be applied and is exactly as wished."""
    before = picture(work.tree)
    outcome = work.apply(operation)
    if isinstance(outcome, Committed):
        assert work.texts() == wished
    else:
        assert picture(work.tree) == before, outcome


@root_only
@pytest.mark.parametrize("flag", ["i", "a"])
@pytest.mark.parametrize("operation", [EDIT, DELETE, MOVE], ids=["edited", "deleted", "moved"])
@pytest.mark.parametrize("where", ["file", "."], ids=["of the file", "of the folder"])
def test_a_flag_that_forbids_it_leaves_everything_as_it_was(
    disk: Work, tried: Tried, operation: Json, flag: str, where: str
) -> None:
    disk.write({"file": "old", "other": "old other"})
    plan = disk.plan(operation, {"op": "edit", "path": "other", "find": "old", "replace": "new"})
    subprocess.run(["chattr", f"+{flag}", str(disk.tree / where)], check=True)
    before = picture(disk.tree)

    outcome = api.apply(plan)

    assert not isinstance(outcome, Committed), outcome
    for one in (disk.tree, disk.tree / "file"):
        subprocess.run(["chattr", f"-{flag}", str(one)], check=True)
    assert not [one for one in api.recover_all() if one.result is api.Result.NEEDS_ATTENTION]
    assert picture(disk.tree) == before
    tried("an edge case")


@root_only
@pytest.mark.parametrize("operation", [EDIT, DELETE, MOVE], ids=["edited", "deleted", "moved"])
def test_a_file_that_is_a_mount_by_itself_is_refused_or_as_wished(work: Work, tmp_path: Path, operation: Json) -> None:
    if reason := why_no_namespace():
        pytest.skip(reason)
    work.write({"file": "hidden"})
    (tmp_path / "bound").write_text("old")
    with ExitStack() as stack:
        subprocess.run(["mount", "--bind", str(tmp_path / "bound"), str(work.tree / "file")], check=True)
        stack.callback(subprocess.run, ["umount", str(work.tree / "file")], check=True)
        demand_untouched_or(work, operation, {"file": "new"})
        assert not [name for name in os.listdir(work.tree) if name.startswith(".~hf-")]


@root_only
@pytest.mark.parametrize("operation", [DELETE, MOVE], ids=["deleted", "moved"])
def test_a_folder_with_a_mount_in_it_is_refused_or_moved_whole(work: Work, tmp_path: Path, operation: Json) -> None:
    if reason := why_no_namespace():
        pytest.skip(reason)
    (tmp_path / "bound").mkdir()
    (tmp_path / "bound/inner").write_text("theirs")
    (work.tree / "file/point").mkdir(parents=True)
    with ExitStack() as stack:
        subprocess.run(["mount", "-t", "tmpfs", "none", str(work.tree / "file/point")], check=True)
        stack.callback(subprocess.run, ["umount", "-R", str(work.tree / "moved/point")], capture_output=True)
        stack.callback(subprocess.run, ["umount", "-R", str(work.tree / "file/point")], capture_output=True)
        (work.tree / "file/point/inner").write_text("theirs")
        outcome = work.apply(operation)
        there = "moved" if isinstance(outcome, Committed) else "file"
        assert (work.tree / there / "point/inner").read_text() == "theirs", outcome


def test_an_acl_is_kept(work: Work) -> None:
    work.write({"file": "old"})
    entries = [(1, 6, -1), (2, 6, 12345), (4, 4, -1), (16, 6, -1), (32, 0, -1)]
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
    try:
        os.setxattr(work.tree / "file", "system.posix_acl_access", acl)
    except OSError as error:
        pytest.skip(f"no ACLs here: {error.strerror}")

    assert isinstance(work.apply(EDIT), Committed)
    assert os.getxattr(work.tree / "file", "system.posix_acl_access") == acl


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_a_new_file_follows_the_umask_and_an_old_one_does_not(work: Work, mask: int) -> None:
    work.write({"file": "old"})
    (work.tree / "file").chmod(0o644)
    plan = work.plan(EDIT, {"op": "create", "path": "made/fresh", "text": "x"})
    before = os.umask(mask)
    try:
        outcome = api.apply(plan)
    finally:
        os.umask(before)
    if mask == 0o777 and os.geteuid() != 0:
        assert not isinstance(outcome, Committed)  # nobody could write into such a folder
        return
    assert isinstance(outcome, Committed)
    assert (work.tree / "file").stat().st_mode & 0o777 == 0o644
    assert (work.tree / "made").stat().st_mode & 0o777 == 0o777 & ~mask
    assert (work.tree / "made/fresh").stat().st_mode & 0o777 == 0o666 & ~mask


@root_only
def test_a_state_directory_that_cannot_be_written_changes_nothing(disk: Work, tmp_path: Path) -> None:
    place = tmp_path / "state disk"
    place.mkdir()
    disk.write({"file": "old"})
    plan = disk.plan(EDIT)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=1m", "none", str(place)], check=True)
    try:
        before = picture(disk.tree)
        try:
            outcome: object = api.apply(plan, state=str(place / "state"))
        except OSError as error:
            outcome = error
        assert not isinstance(outcome, Committed)
        assert isinstance(outcome, OSError | Refused | api.RolledBack)
        assert picture(disk.tree) == before
    finally:
        subprocess.run(["umount", str(place)], check=True)
