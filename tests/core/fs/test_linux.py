"""Linux opens a folder in one call, or walks down to it; which of the two it was cannot be told by the result."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.fs.real import RealFileSystem

if sys.platform != "linux":
    pytest.skip("these are Linux's own calls", allow_module_level=True)

from core.fs import linux

WAYS: dict[str, Callable[[Path], str]] = {
    "a folder": lambda root: str(root / "real/inner"),
    "with dots and slashes": lambda root: f"{root}/./real//inner/",
    "a symlink at its end": lambda root: str(root / "link"),
    "a symlink on its way": lambda root: str(root / "link/inner"),
    "a step back": lambda root: f"{root}/real/../real",
    "a name that begins with two dots": lambda root: str(root / "..odd"),
    "a file": lambda root: str(root / "file"),
    "nothing": lambda root: str(root / "gone/inner"),
    "no absolute path": lambda root: "real",
    "a name too long": lambda root: str(root / ("n" * 300)),
}


def opened(path: str) -> tuple[int, int] | int | None:
    """Return what was opened, or the error's number."""
    try:
        handle = RealFileSystem().open_folder(path)
    except OSError as error:
        assert error.filename == path
        return error.errno
    info = os.fstat(handle)
    os.close(handle)
    return info.st_dev, info.st_ino


@pytest.mark.parametrize("way", WAYS)
def test_a_folder_is_opened_by_one_call_as_by_a_walk(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real/inner").mkdir(parents=True)
    (tmp_path / "..odd").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "file").touch()
    path = WAYS[way](tmp_path)

    found = opened(path)

    monkeypatch.setattr(linux, "_syscall", None)
    assert found == opened(path)


def test_a_path_longer_than_the_kernel_takes_is_opened_by_walking(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=here)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    wanted = os.fstat(here).st_ino
    os.close(here)

    found = opened(str(tmp_path) + f"/{'d' * 250}" * 20)

    assert isinstance(found, tuple)
    assert found[1] == wanted
