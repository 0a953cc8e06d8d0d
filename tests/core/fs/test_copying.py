"""Parts of files are copied in the kernel where it can, and whatever it refuses or cuts short is copied all the same."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.fs.linux import LinuxFileSystem

DATA = os.urandom(3 << 20)


@pytest.fixture
def handles(tmp_path: Path) -> Iterator[tuple[int, int]]:
    (tmp_path / "source").write_bytes(DATA)
    source = os.open(tmp_path / "source", os.O_RDONLY)
    target = os.open(tmp_path / "target", os.O_RDWR | os.O_CREAT)
    yield source, target
    os.close(source)
    os.close(target)


def copied(handles: tuple[int, int], *, offset: int = 5) -> bytes:
    source, target = handles
    size = len(DATA) - offset
    assert LinuxFileSystem().copy_range(source, target, offset, size, 0) == size
    return os.pread(target, size + 1, 0)


def test_a_kernel_that_copies_less_than_it_was_asked_for_is_asked_again(
    handles: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.copy_file_range, []

    def a_bit(source: int, target: int, count: int, *offsets: int) -> int:
        calls.append(count)
        return real(source, target, min(count, 70_001), *offsets)

    monkeypatch.setattr(os, "copy_file_range", a_bit)

    assert copied(handles) == DATA[5:]
    assert len(calls) == len(DATA) // 70_001 + 1


@pytest.mark.parametrize("code", ["EXDEV", "EOPNOTSUPP", "EINVAL", "ENOSYS", "EPERM"])
@pytest.mark.parametrize("after", [0, 2])
def test_what_the_kernel_refuses_is_read_and_written(
    handles: tuple[int, int], monkeypatch: pytest.MonkeyPatch, code: str, after: int
) -> None:
    real, calls = os.copy_file_range, []

    def refuses(source: int, target: int, count: int, *offsets: int) -> int:
        calls.append(count)
        if len(calls) > after:
            raise OSError(getattr(errno, code), code)
        return real(source, target, 100_000, *offsets)

    monkeypatch.setattr(os, "copy_file_range", refuses)

    assert copied(handles) == DATA[5:]


def test_a_file_system_that_says_there_is_nothing_is_not_believed(
    handles: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "copy_file_range", lambda *_: 0)

    assert copied(handles) == DATA[5:]


@pytest.mark.parametrize("code", ["ENOSPC", "EIO", "EDQUOT"])
def test_an_error_of_the_disk_comes_through(
    handles: tuple[int, int], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    def fails(*_: int) -> int:
        raise OSError(getattr(errno, code), code)

    monkeypatch.setattr(os, "copy_file_range", fails)

    with pytest.raises(OSError, match=code):
        copied(handles)
