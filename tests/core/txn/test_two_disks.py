"""Files move from one disk to another inside a batch, which stays all or none."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.api import Action, Committed
from core.errors import ProblemCode
from tests.support import stopping
from tests.support.stopping import StoppingFileSystem
from tests.support.tree import Snapshot, snapshot
from tests.support.tried import Tried
from tests.support.work import Json, Work, plan_file

MIB = 1 << 20


@pytest.fixture
def there(work: Work) -> Iterator[Path]:
    """A folder on another disk than the tree's."""
    if not os.access("/dev/shm", os.W_OK) or os.stat("/dev/shm").st_dev == work.tree.stat().st_dev:
        pytest.skip("there is only one disk here")
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="holdfast-") as folder:
        yield Path(folder)


def both(work: Work, there: Path) -> tuple[Snapshot, Snapshot]:
    return work.snapshot(), snapshot(there)


def test_a_file_keeps_mode_times_and_attributes_on_the_way_to_another_disk(work: Work, there: Path) -> None:
    work.write({"file": "content"})
    file = work.tree / "file"
    file.chmod(0o4750)
    os.setxattr(file, "user.note", b"kept")
    os.utime(file, ns=(1_000_000_001, 2_000_000_003))

    assert isinstance(work.apply({"op": "move", "path": "file", "to": str(there / "sub/file")}), Committed)

    now = there / "sub/file"
    assert (now.read_text(), oct(now.stat().st_mode & 0o7777)) == ("content", "0o4750")
    assert (now.stat().st_mtime_ns, os.getxattr(now, "user.note")) == (2_000_000_003, b"kept")
    assert os.listdir(work.tree) == []


def test_symlinks_move_as_themselves_and_edits_compose_with_the_move(work: Work, there: Path) -> None:
    work.write({"file": "old", "other": "other"})
    (work.tree / "link").symlink_to("nowhere")
    operations: list[Json] = [
        {"op": "move", "path": "link", "to": str(there / "link")},
        {"op": "move", "path": "file", "to": str(there / "file")},
        {"op": "edit", "path": str(there / "file"), "find": "old", "replace": "new"},
        {"op": "move", "path": "other", "to": "file"},
    ]
    assert [change.action for change in work.plan(*operations).changes()].count(Action.MOVE) == 3

    assert isinstance(work.apply(*operations), Committed)

    assert ((there / "link").readlink(), (there / "file").read_text()) == (Path("nowhere"), "new")
    assert work.texts() == {"file": "other"}


def test_a_file_with_other_names_moves_and_leaves_them_as_they_are(work: Work, there: Path) -> None:
    work.write({"one": "same"})
    os.link(work.tree / "one", work.tree / "two")

    assert isinstance(work.apply({"op": "move", "path": "one", "to": str(there / "one")}), Committed)

    assert (work.texts(), (there / "one").read_text()) == ({"two": "same"}, "same")


def test_a_folder_moves_with_everything_in_it(work: Work, there: Path) -> None:
    work.write({"folder/file": "x", "folder/deep/inner": "y", "folder/away": "z", "in": "came in"})
    (work.tree / "folder/link").symlink_to("file")
    (work.tree / "folder/empty").mkdir()
    (work.tree / "folder").chmod(0o2750)
    operations: list[Json] = [
        {"op": "move", "path": "folder/away", "to": "away"},
        {"op": "move", "path": "in", "to": "folder/deep/in"},
        {"op": "edit", "path": "folder/file", "find": "x", "replace": "X"},
        {"op": "move", "path": "folder", "to": str(there / "folder")},
        {"op": "edit", "path": str(there / "folder/deep/inner"), "find": "y", "replace": "Y"},
    ]

    assert isinstance(work.apply(*operations), Committed)

    found = {str(path.relative_to(there)): path.read_text() for path in there.rglob("*") if path.is_file()}
    assert found == {"folder/file": "X", "folder/link": "X", "folder/deep/inner": "Y", "folder/deep/in": "came in"}
    assert (there / "folder/link").is_symlink()
    assert (there / "folder/empty").is_dir()
    assert oct((there / "folder").stat().st_mode & 0o7777) == "0o2750"
    assert work.texts() == {"away": "z"}
    assert os.listdir(work.tree) == ["away"]


def test_a_folder_with_a_device_or_pipe_in_it_stays_on_its_disk(work: Work, there: Path) -> None:
    work.write({"folder/file": "x"})
    os.mkfifo(work.tree / "folder/pipe")

    problems = work.problems({"op": "move", "path": "folder", "to": str(there / "folder")})

    assert problems == [(0, ProblemCode.SPECIAL_FILE)]


@pytest.mark.parametrize("operation", ["move", "edit"])
def test_holes_stay_holes(work: Work, there: Path, operation: str) -> None:
    with open(work.tree / "sparse", "wb") as file:
        file.truncate(64 * MIB)
        file.seek(32 * MIB)
        file.write(b"old\n")
        file.truncate(96 * MIB + 5)
    moved: Json = {"op": "move", "path": "sparse", "to": str(there / "sparse")}
    text: Json = {"op": "replace", "path": "sparse", "source": "copy"}
    if operation == "edit":
        os.link(work.tree / "sparse", work.tree / "copy")
        text["links"] = "split"

    assert isinstance(work.apply(moved if operation == "move" else text), Committed)

    now = (there if operation == "move" else work.tree) / "sparse"
    assert now.stat().st_size == 96 * MIB + 5
    assert now.stat().st_blocks * 512 < 2 * MIB
    with open(now, "rb") as file:
        file.seek(32 * MIB)
        assert file.read(4) == b"old\n"


def test_killed_at_any_call_the_file_is_on_the_one_disk_or_on_the_other(
    work: Work, there: Path, state: Path, tried: Tried
) -> None:
    work.write({"one": "one " * 1000, "two": "two", "three": "three"})
    (work.tree / "link").symlink_to("two")
    work.write({"folder/deep/file": "deep"})
    before = both(work, there)
    plan = plan_file(
        work,
        [
            {"op": "move", "path": "one", "to": str(there / "one")},
            {"op": "move", "path": "link", "to": str(there / "made/link")},
            {"op": "move", "path": "two", "to": "one"},
            {"op": "edit", "path": "three", "find": "t", "replace": "T"},
            {"op": "move", "path": "folder", "to": str(there / "folder")},
        ],
    )
    apply = ["apply", str(plan), "--yes", "--state-dir", str(state)]
    point, code, ends = 0, -signal.SIGKILL, []
    while code == -signal.SIGKILL:
        point += 1
        code = stopping.run(apply, StoppingFileSystem(point, stopping.die))
        assert stopping.run(["recover", "--state-dir", str(state)]) == 0
        now = both(work, there)
        if now != before:
            ends.append(now)
            undo(work, there)
        tried("SIGKILL at a call of apply over two disks")
    assert code == 0
    assert len(ends) > 1
    assert all(end == ends[-1] for end in ends)


def undo(work: Work, there: Path) -> None:
    (work.tree / "one").rename(work.tree / "two")
    (work.tree / "one").write_text((there / "one").read_text())
    (there / "one").unlink()
    (work.tree / "link").symlink_to("two")
    (there / "made/link").unlink()
    (there / "made").rmdir()
    (work.tree / "three").write_text("three")
    shutil.move(there / "folder", work.tree / "folder")
