"""A file that gets new content keeps all the rest: owner, mode, ACL, attributes; and what has strange names works too."""

from __future__ import annotations

import os
import struct
import subprocess
import tempfile
from pathlib import Path

import pytest

from core import api, memory
from core.api import Committed, Outcome
from core.errors import ProblemCode
from tests.support.somebody import as_user
from tests.support.tree import difference
from tests.support.work import Json, Work

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can give files away")
ACL, DEFAULT_ACL = "system.posix_acl_access", "system.posix_acl_default"
EDIT: Json = {"op": "edit", "path": "file", "find": "old", "replace": "new"}


def acl(other_user: int) -> bytes:
    """An ACL that lets one more user read and write, as the kernel wants it."""
    entries = [(1, 6, -1), (2, 6, other_user), (4, 4, -1), (16, 6, -1), (32, 0, -1)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)


def set_attribute(path: Path, name: str, value: bytes) -> None:
    try:
        os.setxattr(path, name, value)
    except OSError as error:
        pytest.skip(f"the file system here has no {name}: {error.strerror}")


@pytest.fixture
def file(work: Work) -> Path:
    work.write({"file": "old"})
    return work.tree / "file"


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o640, 0o4755, 0o2755, 0o400])
@pytest.mark.parametrize("operation", [EDIT, {"op": "replace", "path": "file", "text": "new"}])
def test_the_mode_is_kept(work: Work, file: Path, operation: Json, mode: int) -> None:
    file.chmod(mode)

    assert isinstance(work.apply(operation), Committed)

    assert file.read_text() == "new"
    assert oct(file.stat().st_mode & 0o7777) == oct(mode)


def test_what_is_secret_is_secret_from_the_beginning(work: Work, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.fs.real import RealFileSystem

    modes: list[int] = []
    write = RealFileSystem.write

    def watching(fs: RealFileSystem, handle: int, data: bytes) -> None:
        if data == b"new":
            modes.append(os.fstat(handle).st_mode & 0o777)
        write(fs, handle, data)

    monkeypatch.setattr(RealFileSystem, "write", watching)
    file.chmod(0o600)
    work.apply(EDIT)

    assert modes == [0o600]


@root_only
def test_the_owner_is_kept(work: Work, file: Path) -> None:
    os.chown(file, 1234, 4321)
    file.chmod(0o6711)

    work.apply(EDIT)

    assert (file.stat().st_uid, file.stat().st_gid, oct(file.stat().st_mode & 0o7777)) == (1234, 4321, "0o6711")


def test_extended_attributes_are_kept(work: Work, file: Path) -> None:
    set_attribute(file, "user.comment", b"\0kept")

    work.apply(EDIT)

    assert os.getxattr(file, "user.comment") == b"\0kept"


def test_an_acl_is_kept(work: Work, file: Path) -> None:
    set_attribute(file, ACL, acl(1234))
    before = os.getxattr(file, ACL), file.stat().st_mode

    work.apply(EDIT)

    assert (os.getxattr(file, ACL), file.stat().st_mode) == before


def test_a_file_without_an_acl_gets_none_from_its_folder(work: Work, file: Path) -> None:
    """Else another user could read what was closed to him."""
    file.chmod(0o640)
    set_attribute(work.tree, DEFAULT_ACL, acl(1234))

    work.apply(EDIT)

    assert ACL not in os.listxattr(file)
    assert oct(file.stat().st_mode & 0o777) == oct(0o640)


def test_a_new_file_gets_what_its_folder_and_the_umask_say(work: Work) -> None:
    old = os.umask(0o027)
    try:
        work.apply({"op": "create", "path": "made/file", "text": ""})
    finally:
        os.umask(old)

    assert oct((work.tree / "made/file").stat().st_mode & 0o777) == "0o640"
    assert oct((work.tree / "made").stat().st_mode & 0o777) == "0o750"


def test_the_modification_time_is_new_unless_the_plan_says_otherwise(work: Work, file: Path) -> None:
    work.write({"kept": "old"})
    for path in (file, work.tree / "kept"):
        os.utime(path, ns=(10**18, 10**18))

    work.apply(EDIT, {**EDIT, "path": "kept", "times": "keep"})

    assert file.stat().st_mtime_ns > 10**18
    assert (work.tree / "kept").stat().st_mtime_ns == 10**18


def test_an_edit_that_changes_nothing_leaves_the_file_alone(work: Work, file: Path) -> None:
    work.write({"other": "old"})
    before = file.stat()

    work.apply({**EDIT, "find": "nowhere"}, {"op": "write", "path": "file", "text": "old"}, {**EDIT, "path": "other"})

    after = file.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_ctime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
        before.st_ctime_ns,
    )


def test_an_empty_file_can_be_filled_and_a_full_one_emptied(work: Work, file: Path) -> None:
    work.write({"empty": ""})

    work.apply({"op": "write", "path": "empty", "text": "full"}, {**EDIT, "replace": ""})

    assert work.texts() == {"empty": "full", "file": ""}


def test_a_symlink_stays_and_the_file_behind_it_changes(work: Work, file: Path) -> None:
    work.write({"deep/real": "old"})
    (work.tree / "first").symlink_to("deep/second")
    (work.tree / "deep/second").symlink_to(work.tree / "deep/real")

    work.apply({**EDIT, "path": "first"})

    assert work.texts() == {"deep/real": "new", "file": "old"}
    assert os.readlink(work.tree / "first") == "deep/second"
    assert (work.tree / "deep/second").is_symlink()


def test_a_symlink_is_moved_and_deleted_as_itself_even_one_that_leads_nowhere(work: Work, file: Path) -> None:
    for name, target in (("leads", "file"), ("dangles", "nowhere"), ("circles", "circles")):
        (work.tree / name).symlink_to(target)

    work.apply(
        {"op": "delete", "path": "leads"},
        {"op": "move", "path": "dangles", "to": "moved"},
        {"op": "delete", "path": "circles"},
    )

    assert sorted(os.listdir(work.tree)) == ["file", "moved"]
    assert os.readlink(work.tree / "moved") == "nowhere"


NAMES = [
    "n" * 255,
    "ä" * 127 + "x",
    "line\nbreak",
    "-rf",
    " ",
    '"quoted\\"',
    b"caf\xe9 \xff".decode("utf-8", "surrogateescape"),
    "\x1b[31m",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_that_the_disk_takes_can_be_edited_made_moved_and_deleted(work: Work, name: str) -> None:
    (work.tree / "sub").mkdir()
    for folder in (work.tree, work.tree / "sub"):
        (folder / name).write_text("old")
    before = work.snapshot()

    assert isinstance(work.apply({**EDIT, "path": name}, {"op": "delete", "path": f"sub/{name}"}), Committed)
    assert isinstance(work.apply({"op": "create", "path": f"sub/{name}", "text": "old"}), Committed)
    assert isinstance(work.apply({"op": "move", "path": name, "to": "plain"}), Committed)
    assert isinstance(work.apply({"op": "move", "path": "plain", "to": name}), Committed)
    assert isinstance(work.apply({**EDIT, "path": name, "find": "new", "replace": "old"}), Committed)

    assert not difference(work.snapshot(), before)


def test_a_path_as_long_as_paths_can_be_works(work: Work) -> None:
    here = os.open(work.tree, os.O_RDONLY)
    parts = []
    length = len(os.fsencode(str(work.tree)))
    while length + 101 < 4095 - 60:
        os.mkdir("d" * 100, dir_fd=here)
        inner = os.open("d" * 100, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
        parts.append("d" * 100)
        length += 101
    os.close(here)
    name = "f" * (4095 - length - 1)
    path = "/".join([*parts, name])
    assert len(os.fsencode(str(work.tree / path))) == 4095

    assert isinstance(work.apply({"op": "create", "path": path, "text": "old"}), Committed)
    assert isinstance(work.apply({**EDIT, "path": path}), Committed)

    assert (work.tree / path).read_text() == "new"
    assert isinstance(work.apply({"op": "delete", "path": path}), Committed)


@root_only
def test_folders_that_may_be_searched_but_not_read_are_no_obstacle() -> None:
    """As the folder above the homes of a machine with many users often is."""
    with tempfile.TemporaryDirectory() as above:
        work = Work(Path(above, "home"))
        work.tree.mkdir()
        work.write({"file": "old"})
        for path in (work.tree, work.tree / "file"):
            os.chown(path, 4242, 4242)
        os.chmod(above, 0o711)

        def do_and_undo() -> Outcome:
            outcome = work.apply(EDIT)
            assert isinstance(outcome, Committed)
            assert work.texts() == {"file": "new"}
            return api.apply(memory.undo_plan(outcome.txn))

        assert as_user(4242, do_and_undo) == "Committed"

        assert work.texts() == {"file": "old"}


def flags(path: Path) -> str:
    shown = subprocess.run(["lsattr", path], capture_output=True, text=True, check=False)
    return shown.stdout.split(" ")[0]


def set_flag(path: Path, flag: str) -> None:
    done = subprocess.run(["chattr", flag, path], capture_output=True, text=True, check=False)
    if done.returncode != 0 or flag[1] not in flags(path):
        pytest.skip(f"the file system or the user here cannot set {flag}: {done.stderr.strip()}")


@pytest.mark.parametrize("flag", ["+d", "+A", "+S"])
def test_file_flags_are_kept(work: Work, file: Path, flag: str) -> None:
    set_flag(file, flag)

    assert isinstance(work.apply(EDIT), Committed)

    assert (file.read_text(), flag[1] in flags(file)) == ("new", True)


@pytest.mark.parametrize("flag", ["i", "a"])
@pytest.mark.parametrize(
    "operation", [EDIT, {"op": "delete", "path": "file"}, {"op": "move", "path": "file", "to": "x"}]
)
def test_what_is_protected_from_every_change_is_a_problem(work: Work, file: Path, flag: str, operation: Json) -> None:
    set_flag(file, f"+{flag}")
    try:
        (problem,) = work.plan(operation).problems
    finally:
        subprocess.run(["chattr", f"-{flag}", file], check=True)

    assert problem.code is ProblemCode.FIXED


@root_only
def test_capabilities_are_kept(work: Work, file: Path) -> None:
    capability = struct.pack("<IIIII", 0x02000001, 1 << 10, 0, 0, 0)  # cap_net_bind_service, effective
    set_attribute(file, "security.capability", capability)

    assert isinstance(work.apply(EDIT), Committed)

    assert os.getxattr(file, "security.capability") == capability
