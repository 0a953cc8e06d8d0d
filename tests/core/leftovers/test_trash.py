"""Only what was shown goes to the trash, and it can be taken out again.

Send2Trash reads where the home is when it is loaded, so each test has a worker of its own.
"""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.talking import Json, Worker, worker
from tests.support.work import Work


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nothing in the trash."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "data" / "Trash"


@pytest.fixture
def talking(desktop: Path) -> Iterator[Worker]:
    with worker() as one:
        yield one


def shown(work: Work, *names: str) -> list[Json]:
    """Return files as they are shown now."""
    result = []
    for name in names:
        info = (work.tree / name).lstat()
        result.append({"path": str(work.tree / name), "size": info.st_size, "mtime": info.st_mtime, "ino": info.st_ino})
    return result


def codes(done: Json) -> dict[str, str]:
    return {os.path.basename(one["path"]): one["code"] for one in done["failed"]}


def test_what_goes_can_be_found_in_the_trash_with_where_it_was(work: Work, talking: Worker, desktop: Path) -> None:
    work.write({"a.bak": "a", "keep": ""})
    done, _ = talking.ask(do="trash", leftovers=shown(work, "a.bak"))
    assert done["trashed"] == [str(work.tree / "a.bak")]
    assert work.texts() == {"keep": ""}
    assert (desktop / "files" / "a.bak").read_text() == "a"
    assert urllib.parse.quote(str(work.tree / "a.bak")) in (desktop / "info" / "a.bak.trashinfo").read_text()


def test_a_name_that_is_not_utf8_goes_as_it_is(work: Work, talking: Worker, desktop: Path) -> None:
    name = os.fsdecode(b"caf\xe9.bak")
    (work.tree / name).write_text("x")
    assert talking.ask(do="trash", leftovers=shown(work, name))[0]["failed"] == []
    assert [os.fsencode(path.name) for path in (desktop / "files").iterdir()] == [b"caf\xe9.bak"]


def test_what_is_not_as_it_was_shown_stays(work: Work, talking: Worker) -> None:
    work.write({"size.bak": "a", "time.bak": "b", "other.bak": "c", "gone.bak": "d", "good.bak": "e"})
    before = shown(work, "size.bak", "time.bak", "other.bak", "gone.bak", "good.bak")
    work.write({"size.bak": "longer"})
    os.utime(work.tree / "time.bak", (1, 1))
    info = (work.tree / "other.bak").stat()
    work.write({"new": "x"})  # another file with the size and the time of the one that was shown
    (work.tree / "new").rename(work.tree / "other.bak")
    os.utime(work.tree / "other.bak", ns=(info.st_atime_ns, info.st_mtime_ns))
    (work.tree / "gone.bak").unlink()
    done, _ = talking.ask(do="trash", leftovers=before)
    assert codes(done) == {
        "size.bak": "changed",
        "time.bak": "changed",
        "other.bak": "changed",
        "gone.bak": "missing",
    }
    assert done["trashed"] == [str(work.tree / "good.bak")]
    assert work.texts() == {"size.bak": "longer", "time.bak": "b", "other.bak": "x"}


def test_what_is_no_leftover_or_part_of_something_is_never_taken(work: Work, talking: Worker) -> None:
    names = ("plain.txt", "db-wal", ".~hf-abcdefghij-0", ".git/index.bak", "Cargo.lock")
    work.write(dict.fromkeys(names, "x"))
    done, _ = talking.ask(do="trash", leftovers=shown(work, *names))
    assert set(codes(done).values()) == {"protected"}
    assert len(done["failed"]) == len(names)
    assert len(work.texts()) == len(names)


def test_links_and_folders_stay(work: Work, talking: Worker) -> None:
    work.write({"a": "x", "dir.bak/x": ""})
    (work.tree / "a.bak").symlink_to("a")
    done, _ = talking.ask(do="trash", leftovers=shown(work, "a.bak", "dir.bak"))
    assert codes(done) == {"a.bak": "not_a_plain_file", "dir.bak": "not_a_plain_file"}


def test_when_the_desktop_has_no_room_the_file_stays_and_the_reason_is_told(
    work: Work, talking: Worker, desktop: Path
) -> None:
    work.write({"a.bak": "a"})
    desktop.parent.mkdir(parents=True)
    desktop.write_text("a file where the trash should be")
    done, _ = talking.ask(do="trash", leftovers=shown(work, "a.bak"))
    assert codes(done) == {"a.bak": "refused"}
    assert done["failed"][0]["reason"]
    assert work.texts() == {"a.bak": "a"}


@pytest.mark.parametrize("wrong", ["x", [7], [{"path": "a.bak", "size": 1, "mtime": 1}], [{"path": "/a.bak"}]])
def test_nonsense_is_refused(talking: Worker, wrong: object) -> None:
    assert talking.ask(do="trash", leftovers=wrong)[0]["code"] == "bad_request"
