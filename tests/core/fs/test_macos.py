"""macOS, as far as Linux can try it: what is asked of its C library, and everything that is POSIX's, on real files."""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.fs import linux, macos
from core.fs.macos import MacFileSystem


class Library:
    """A C library of macOS that records calls. Renames are done by Linux's call, or answer `fails`."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.fails = 0
        self.uuid = bytes(range(16))

    def _answer(self) -> int:
        macos.ctypes.set_errno(self.fails)
        return -1 if self.fails else 0

    def renameatx_np(self, folder: int, old: bytes, to_folder: int, new: bytes, flags: object) -> int:
        number = flags.value  # type: ignore[attr-defined]
        self.calls.append(("renameatx_np", old, new, number))
        if self.fails:
            return self._answer()
        same = {macos.RENAME_EXCL: linux.RENAME_NOREPLACE, macos.RENAME_SWAP: linux.RENAME_EXCHANGE}[number]
        try:
            linux.renameat2(folder, os.fsdecode(old), to_folder, os.fsdecode(new), same)
        except OSError as error:
            macos.ctypes.set_errno(error.errno or 0)
            return -1
        return 0

    def fcopyfile(self, source: int, target: int, state: None, flags: object) -> int:
        number = flags.value  # type: ignore[attr-defined]
        self.calls.append(("fcopyfile", number))
        if self.fails:
            return self._answer()
        if number == macos.COPYFILE_DATA:
            os.sendfile(target, source, 0, 1 << 20)
        return 0

    def fstatfs(self, folder: int, buffer: object) -> int:
        buffer.raw = b"\0" * 48 + b"fsidfsid" + b"\0" * 16 + b"apfs\0"  # type: ignore[attr-defined]
        return self._answer()

    def fgetattrlist(self, folder: int, request: bytes, answer: object, size: object, options: object) -> int:
        self.calls.append(("fgetattrlist", request))
        answer.raw = struct.pack("=I", 20) + self.uuid  # type: ignore[attr-defined]
        return self._answer()


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    library = Library()
    monkeypatch.setattr(macos, "system", lambda: library)
    return library


@pytest.fixture
def fs() -> MacFileSystem:
    return MacFileSystem()


@pytest.fixture
def folder(fs: MacFileSystem, tmp_path: Path) -> Iterator[int]:
    handle = fs.open_folder(str(tmp_path))
    yield handle
    fs.close(handle)


def test_an_exchange_asks_for_a_swap_and_swaps(
    library: Library, fs: MacFileSystem, folder: int, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("one")
    (tmp_path / "b").write_text("two")

    fs.exchange(folder, "a", "b")

    assert library.calls == [("renameatx_np", b"a", b"b", 2)]
    assert ((tmp_path / "a").read_text(), (tmp_path / "b").read_text()) == ("two", "one")


def test_a_rename_is_exclusive_and_never_replaces(
    library: Library, fs: MacFileSystem, folder: int, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("one")
    (tmp_path / "b").write_text("two")

    with pytest.raises(FileExistsError):
        fs.rename(folder, "a", folder, "b")

    assert library.calls == [("renameatx_np", b"a", b"b", 4)]
    assert (tmp_path / "b").read_text() == "two"


def test_without_the_flags_an_exchange_says_einval_and_a_rename_still_never_replaces(
    library: Library, fs: MacFileSystem, folder: int, tmp_path: Path
) -> None:
    library.fails = errno.ENOTSUP
    (tmp_path / "a").write_text("one")
    (tmp_path / "b").write_text("two")

    with pytest.raises(OSError) as caught:
        fs.exchange(folder, "a", "b")
    assert caught.value.errno == errno.EINVAL
    with pytest.raises(FileExistsError):
        fs.rename(folder, "a", folder, "b")
    fs.rename(folder, "a", folder, "c")
    assert sorted(os.listdir(tmp_path)) == ["b", "c"]


def test_every_sync_goes_through_the_drives_cache(
    fs: MacFileSystem, folder: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(fcntl, "fcntl", lambda handle, command: asked.append((handle, command)))

    fs.sync_file(folder)
    fs.sync_folder(folder)

    assert asked == [(folder, 51), (folder, 51)]


@pytest.mark.parametrize("number", [errno.ENOTSUP, errno.ENOTTY, errno.EINVAL])
def test_where_a_full_sync_is_missing_fsync_does_it(
    fs: MacFileSystem, folder: int, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    synced: list[int] = []

    def refuse(handle: int, command: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    monkeypatch.setattr(os, "fsync", synced.append)
    fs.sync_file(folder)
    assert synced == [folder]


def test_a_failed_full_sync_is_an_error_and_never_tried_in_another_way(
    fs: MacFileSystem, folder: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(handle: int, command: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "fcntl", fail)
    monkeypatch.setattr(os, "fsync", lambda handle: pytest.fail("synced again"))
    for sync in (fs.sync_file, fs.sync_folder):
        with pytest.raises(OSError) as caught:
            sync(folder)
        assert caught.value.errno == errno.EIO


def test_a_volume_is_known_by_its_uuid_or_else_by_its_fsid(library: Library, fs: MacFileSystem, folder: int) -> None:
    found = fs.volume(folder)
    assert (found.ident, found.type, found.honours_syncfs) == (f"apfs:{library.uuid.hex()}", "apfs", False)
    assert library.calls == [("fgetattrlist", struct.pack("=HHIIIII", 5, 0, 0, 0x80040000, 0, 0, 0))]

    library.uuid = bytes(16)
    assert fs.volume(folder).ident == f"apfs:{b'fsidfsid'.hex()}"


def test_content_and_metadata_are_copied_by_the_system(
    library: Library, fs: MacFileSystem, folder: int, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("content")
    (tmp_path / "a").chmod(0o640)
    source, target = fs.open(folder, "a"), fs.create(folder, "b", 0o600)

    fs.copy_content(source, target)
    fs.write(target, b", and more")
    fs.copy_metadata(source, target, times=True)

    fs.close(source), fs.close(target)
    assert library.calls == [("fcopyfile", 8), ("fcopyfile", 1 | 4)]
    assert (tmp_path / "b").read_text() == "content, and more"
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o640


def test_where_the_system_copies_nothing_it_is_read_and_written(
    library: Library, fs: MacFileSystem, folder: int, tmp_path: Path
) -> None:
    library.fails = errno.ENOTSUP
    (tmp_path / "a").write_text("content")
    source, target = fs.open(folder, "a"), fs.create(folder, "b", 0o600)
    fs.copy_content(source, target)
    fs.copy_metadata(source, target, times=False)
    fs.close(source), fs.close(target)
    assert (tmp_path / "b").read_text() == "content"


def test_there_is_no_flush_of_a_whole_volume(fs: MacFileSystem, folder: int) -> None:
    with pytest.raises(OSError) as caught:
        fs.sync_volume(folder)
    assert caught.value.errno == errno.ENOSYS


def test_the_engine_works_on_it(library: Library, work: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.api import Committed
    from tests.support.failing import engine_on
    from tests.support.work import Work

    assert isinstance(work, Work)
    monkeypatch.setattr(fcntl, "fcntl", lambda handle, command, *rest: None if rest else os.fsync(handle))
    work.write({"a": "old", "b": "gone", "c": "moved"})
    with engine_on(MacFileSystem()):
        done = work.apply(
            {"op": "edit", "path": "a", "find": "old", "replace": "new"},
            {"op": "delete", "path": "b"},
            {"op": "move", "path": "c", "to": "d"},
        )
    assert isinstance(done, Committed)
    assert work.texts() == {"a": "new", "d": "moved"}
    assert any(call[-1] == macos.RENAME_SWAP for call in library.calls)
