"""Windows, as far as Linux can try it: names, errors and patience for real, and the verbs on a kernel32 that is played."""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import api
from core.api import Committed, RolledBack
from core.fs import win32, winnames
from core.fs.win32 import INVALID_HANDLE, Kernel
from core.fs.windows import WindowsFileSystem
from tests.support.failing import engine_on
from tests.support.tree import difference
from tests.support.work import Work


class Kernel32:
    """Plays kernel32 on Linux's files: handles are descriptors, errors are those of Windows. Records what is asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.paths: dict[int, str] = {}
        self.code = 0
        self.in_use: dict[str, list[int]] = {}  # errors to answer first, by function
        self.flags_known = True

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments: self._play(name, arguments)

    def _play(self, name: str, arguments: tuple[object, ...]) -> int:
        self.calls.append((name, *arguments))
        failure = INVALID_HANDLE if name in ("CreateFileW", "ReOpenFile") else 0
        if waiting := self.in_use.get(name):
            self.code = waiting.pop(0)
            return failure
        try:
            done = getattr(self, f"_{name}")(*arguments)
        except OSError as error:
            known = {errno.ENOENT: 2, errno.EEXIST: 183, errno.ENOTEMPTY: 145, errno.EXDEV: 17, errno.EACCES: 5}
            self.code = known.get(error.errno or 0, 31)
            return failure
        if done is None:
            return 1
        if failure == 0 and done:
            self.code = int(done)
            return 0
        return int(done)

    def _CreateFileW(self, path: str, access: int, share: int, _: None, how: int, flags: int, __: None) -> int:
        if how == 1:
            opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        elif os.path.islink(path):
            opened = os.open(path, os.O_PATH | os.O_NOFOLLOW)
        else:
            opened = os.open(path, os.O_RDWR if access & 0x40000000 else os.O_RDONLY)
        self.paths[opened] = path
        return opened

    def _MoveFileExW(self, path: str, to: str, flags: int) -> None:
        if not flags & 1 and os.path.lexists(to):
            raise FileExistsError(errno.EEXIST, to)
        os.rename(path, to)

    def _CreateDirectoryW(self, path: str, _: None) -> None:
        os.mkdir(path)

    def _RemoveDirectoryW(self, path: str) -> None:
        os.rmdir(path)

    def _CreateHardLinkW(self, new: str, old: str, _: None) -> None:
        os.link(old, new, follow_symlinks=False)

    def _DeleteFileW(self, path: str) -> None:
        os.unlink(path)

    def _FlushFileBuffers(self, handle: int) -> None:
        os.fsync(handle)

    def _ReOpenFile(self, handle: int, access: int, share: int, flags: int) -> int:
        return os.dup(handle)

    def _CloseHandle(self, handle: int) -> None:
        os.close(handle)

    def _LockFileEx(self, *arguments: object) -> None:
        pass

    def _SetFileInformationByHandle(self, handle: int, kind: int, data: bytes, size: int) -> int | None:
        assert len(data) == size
        if kind in (21, 22) and not self.flags_known:
            return 87
        if kind == 21:
            os.unlink(self.paths[handle])
        elif kind == 22:
            length = struct.unpack_from("@IPI", data)[2]
            start = struct.calcsize("@IPI")
            os.replace(self.paths[handle], data[start : start + length].decode("utf-16-le"))
        return None

    def _GetFileInformationByHandleEx(self, handle: int, kind: int, buffer: object, size: int) -> None:
        buffer.raw = struct.pack("<qqqqI4x", 1, 2, 3, 4, 0x1 | 0x10000)  # type: ignore[attr-defined]

    def _GetDiskFreeSpaceExW(self, path: str, free: object, *_: None) -> None:
        free._obj.value = 1 << 40  # type: ignore[attr-defined]

    def _GetVolumeInformationByHandleW(self, handle: int, *arguments: object) -> None:
        arguments[2]._obj.value = 0xBEEF  # type: ignore[attr-defined]
        arguments[5].value = "NTFS"  # type: ignore[attr-defined]

    def named(self, name: str) -> list[tuple[object, ...]]:
        return [call[1:] for call in self.calls if call[0] == name]


class Runtime:
    """Plays msvcrt: a handle is its descriptor."""

    def open_osfhandle(self, handle: int, flags: int) -> int:
        return handle

    def get_osfhandle(self, descriptor: int) -> int:
        return descriptor


class Played(WindowsFileSystem):
    """On Linux's paths, which `winnames` would refuse."""

    def _native(self, path: str) -> str:
        return path

    def _engine(self, path: str) -> str:
        return path


@pytest.fixture
def kernel32() -> Kernel32:
    return Kernel32()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def fs(kernel32: Kernel32, slept: list[float]) -> Played:
    return Played(Kernel(kernel32, Runtime(), lambda: kernel32.code, slept.append))


@pytest.fixture
def folder(fs: Played, tmp_path: Path) -> Iterator[int]:
    handle = fs.open_folder(str(tmp_path))
    yield handle
    fs.close(handle)


@pytest.mark.parametrize(
    ("engine", "native"),
    [
        ("/C:", "\\\\?\\C:\\"),
        ("/c:/Users/me/a b.txt", "\\\\?\\C:\\Users\\me\\a b.txt"),
        ("/C:/" + "long/" * 100 + "x", "\\\\?\\C:\\" + "long\\" * 100 + "x"),
        ("/UNC/server/share", "\\\\?\\UNC\\server\\share\\"),
        ("/UNC/server/share/file", "\\\\?\\UNC\\server\\share\\file"),
    ],
)
def test_a_path_has_two_forms_that_lead_to_one_another(engine: str, native: str) -> None:
    assert winnames.native(engine) == native
    assert winnames.engine(native).lower() == engine.lower()


@pytest.mark.parametrize(
    ("system", "engine"),
    [("C:\\a", "/C:/a"), ("\\\\server\\share\\a", "/UNC/server/share/a"), ("C:\\", "/C:")],
)
def test_what_the_system_calls_a_path_is_understood_also_in_its_short_form(system: str, engine: str) -> None:
    assert winnames.engine(system) == engine


@pytest.mark.parametrize(
    "path", ["", "/", "a", "C:/a", "/home/me", "/C:/a/../b", "/C:/a\\..\\b", "/UNC/server", "/1:/a", "/CC:/a"]
)
def test_what_is_no_absolute_path_is_refused(path: str) -> None:
    with pytest.raises(OSError):
        winnames.native(path)


@pytest.mark.parametrize("path", ["a\\b", "\\a", "", "C"])
def test_what_the_system_does_not_call_absolute_is_refused(path: str) -> None:
    with pytest.raises(OSError):
        winnames.engine(path)


@pytest.mark.parametrize(
    "name",
    ["", "NUL", "nul.txt", "Con", "com1.tar.gz", "LPT¹", "a.", "a ", "...", "a:b", "a?", "a\nb", "a\\b", "aux ."],
)
def test_a_name_that_other_programs_cannot_reach_is_not_made(fs: Played, folder: int, name: str) -> None:
    assert not winnames.is_usable(name)
    with pytest.raises(OSError) as caught:
        fs.create(folder, name, 0o600)
    assert caught.value.errno == errno.EINVAL


@pytest.mark.parametrize("name", ["a", ".~hf-0123456789abcdef-1", "null", "com", "com10", "console.txt", "ä b.c", ".a"])
def test_an_ordinary_name_is_usable(name: str) -> None:
    assert winnames.is_usable(name)


@pytest.mark.parametrize(
    ("code", "kind", "number"),
    [
        (2, FileNotFoundError, errno.ENOENT),
        (3, FileNotFoundError, errno.ENOENT),
        (5, PermissionError, errno.EACCES),
        (17, OSError, errno.EXDEV),
        (32, OSError, errno.EBUSY),
        (80, FileExistsError, errno.EEXIST),
        (183, FileExistsError, errno.EEXIST),
        (112, OSError, errno.ENOSPC),
        (145, OSError, errno.ENOTEMPTY),
        (206, OSError, errno.ENAMETOOLONG),
        (267, NotADirectoryError, errno.ENOTDIR),
        (1117, OSError, errno.EIO),
        (99999, OSError, errno.EIO),
    ],
)
def test_an_error_of_windows_is_the_exception_that_the_engine_knows(
    code: int, kind: type[OSError], number: int
) -> None:
    error = win32.error(code, "path")
    assert type(error) is kind
    assert (error.errno, error.filename) == (number, "path")
    assert str(code) in str(error)


def test_a_file_that_is_in_use_for_a_moment_is_waited_for(
    fs: Played, folder: int, kernel32: Kernel32, slept: list[float], tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("")
    kernel32.in_use["MoveFileExW"] = [32, 5, 32]

    fs.rename(folder, "a", folder, "b")

    assert os.listdir(tmp_path) == ["b"]
    assert len(slept) == 3


@pytest.mark.parametrize(
    ("code", "number", "tries"), [(32, errno.EBUSY, 15), (5, errno.EACCES, 7), (17, errno.EXDEV, 1)]
)
def test_patience_ends_and_a_meant_refusal_is_believed_sooner(
    fs: Played, folder: int, kernel32: Kernel32, slept: list[float], tmp_path: Path, code: int, number: int, tries: int
) -> None:
    (tmp_path / "a").write_text("")
    kernel32.in_use["MoveFileExW"] = [code] * 100

    with pytest.raises(OSError) as caught:
        fs.rename(folder, "a", folder, "b")

    assert caught.value.errno == number
    assert len(kernel32.named("MoveFileExW")) == tries
    assert sum(slept) < 6
    assert os.listdir(tmp_path) == ["a"]


def test_pauses_grow_up_to_a_second_and_differ_by_chance() -> None:
    longest, shortest = list(win32.pauses(lambda: 0.0)), list(win32.pauses(lambda: 1.0))
    assert longest == sorted(longest)
    assert longest[0] == 0.001
    assert longest[-1] == 1.0
    assert shortest == [pause / 2 for pause in longest]


def test_a_rename_asks_for_no_replacing_and_no_copying_but_for_the_disk(
    fs: Played, folder: int, kernel32: Kernel32, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("b")

    with pytest.raises(FileExistsError):
        fs.rename(folder, "a", folder, "b")

    assert kernel32.named("MoveFileExW") == [(f"{tmp_path}/a", f"{tmp_path}/b", 0x8)]
    assert (tmp_path / "b").read_text() == "b"


@pytest.mark.parametrize("flags_known", [True, False])
def test_replacing_is_one_rename_that_writes_through(
    fs: Played, folder: int, kernel32: Kernel32, tmp_path: Path, flags_known: bool
) -> None:
    (tmp_path / "a").write_text("new")
    (tmp_path / "b").write_text("old")
    kernel32.flags_known = flags_known

    fs.replace(folder, "a", "b")

    assert (tmp_path / "b").read_text() == "new"
    assert kernel32.named("CreateFileW")[-1][5] & 0x80000000  # type: ignore[operator]
    moved = kernel32.named("MoveFileExW")
    assert moved == ([] if flags_known else [(f"{tmp_path}/a", f"{tmp_path}/b", 0x9)])


@pytest.mark.parametrize("flags_known", [True, False])
def test_a_name_is_removed_but_a_folder_never(
    fs: Played, folder: int, kernel32: Kernel32, tmp_path: Path, flags_known: bool
) -> None:
    kernel32.flags_known = flags_known
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()

    fs.unlink(folder, "file")
    with pytest.raises(IsADirectoryError):
        fs.unlink(folder, "folder")

    assert os.listdir(tmp_path) == ["folder"]


def test_a_folder_is_held_so_that_nobody_can_rename_it(fs: Played, folder: int, kernel32: Kernel32) -> None:
    shares = {call[2] for call in kernel32.named("CreateFileW")}
    assert shares == {3}  # reading and writing, not FILE_SHARE_DELETE


def test_no_symlink_is_followed_on_the_way_to_a_folder(fs: Played, tmp_path: Path) -> None:
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(NotADirectoryError):
        fs.open_folder(f"{tmp_path}/link/inner")


def test_a_file_that_may_only_be_read_is_flushed_through_another_handle(
    fs: Played, folder: int, kernel32: Kernel32, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("")
    handle = fs.open(folder, "a")
    kernel32.in_use["FlushFileBuffers"] = [5] * 7

    fs.sync_file(handle)
    fs.close(handle)

    assert kernel32.named("ReOpenFile") == [(handle, 0x40000000, 7, 0)]
    assert len(kernel32.named("CloseHandle")) == 1


@pytest.mark.parametrize(("code", "taken"), [(0, True), (33, False), (997, False)])
def test_a_lock_is_taken_at_once_or_not_at_all(
    fs: Played, folder: int, kernel32: Kernel32, code: int, taken: bool
) -> None:
    handle = fs.create(folder, "journal", 0o600)
    kernel32.in_use["LockFileEx"] = [code] if code else []
    assert fs.lock(handle, exclusive=True) is taken
    fs.close(handle)
    [(_, flags, *_)] = kernel32.named("LockFileEx")
    assert flags == 3


def test_attributes_are_kept_and_times_only_if_told(
    fs: Played, folder: int, kernel32: Kernel32, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("")
    source, target = fs.open(folder, "a"), fs.create(folder, "b", 0o600)
    fs.copy_metadata(source, target, times=True)
    fs.copy_metadata(source, target, times=False)
    fs.close(source), fs.close(target)
    given = [struct.unpack("<qqqqI4x", call[2]) for call in kernel32.named("SetFileInformationByHandle")]  # type: ignore[arg-type]
    assert given == [(1, 2, 3, 0, 1), (1, 0, 0, 0, 1)]


def test_the_engine_edits_deletes_and_moves_on_it(fs: Played, work: Work) -> None:
    work.write({"a": "old", "b": "gone", "c": "moved"})
    with engine_on(fs):
        done = work.apply(
            {"op": "edit", "path": "a", "find": "old", "replace": "new"},
            {"op": "delete", "path": "b"},
            {"op": "move", "path": "c", "to": "d"},
        )
    assert isinstance(done, Committed)
    assert work.texts() == {"a": "new", "d": "moved"}


def test_what_cannot_be_finished_because_a_file_stays_in_use_is_put_back(
    fs: Played, work: Work, kernel32: Kernel32
) -> None:
    work.write({"a": "old", "b": "gone"})
    before = work.snapshot()
    with engine_on(fs):
        plan = work.plan(
            {"op": "edit", "path": "a", "find": "old", "replace": "new"},
            {"op": "delete", "path": "b"},
        )
        kernel32.in_use["CreateHardLinkW"] = [32] * 15
        assert isinstance(api.apply(plan), RolledBack)
    assert not difference(before, work.snapshot())
