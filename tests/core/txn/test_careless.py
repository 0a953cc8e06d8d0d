"""A file system that takes no notice of what was asked, as some programs behind FUSE do, costs nobody a file."""

from __future__ import annotations

import os

import pytest

from core import api
from core.api import Committed, Level, RolledBack
from core.fs.api import Handle, Stat, Volume
from core.fs.real import RealFileSystem
from core.progress import CancelToken
from tests.support.failing import engine_on
from tests.support.work import Json, Work

OPERATIONS: list[Json] = [
    {"op": "edit", "path": "one", "find": "old", "replace": "new"},
    {"op": "replace", "path": "two", "text": "new two"},
    {"op": "move", "path": "three", "to": "four"},
]


class CarelessFileSystem(RealFileSystem):
    """An exchange replaces and says that all is well; inode numbers are those of today."""

    cancel_after_replacing: CancelToken | None = None

    def volume(self, folder: Handle) -> Volume:
        return Volume("fuse:0", "fuse", honours_syncfs=False)

    def exchange(self, folder: Handle, name: str, other: str) -> None:
        os.replace(name, other, src_dir_fd=folder, dst_dir_fd=folder)

    def replace(self, folder: Handle, name: str, to_name: str) -> None:
        super().replace(folder, name, to_name)
        if self.cancel_after_replacing:
            self.cancel_after_replacing.cancel()

    def stat(self, folder: Handle, name: str) -> Stat:
        return super().stat(folder, name)._replace(lasts=False)

    def fstat(self, handle: Handle) -> Stat:
        return super().fstat(handle)._replace(lasts=False)


@pytest.fixture
def careless(work: Work) -> Work:
    work.write({"one": "old one", "two": "old two", "three": "three"})
    return work


def test_files_are_changed_without_an_exchange(careless: Work) -> None:
    with engine_on(CarelessFileSystem()):
        outcome = careless.apply(*OPERATIONS)

    assert isinstance(outcome, Committed)
    assert careless.texts() == {"one": "new one", "two": "new two", "four": "three"}


def test_what_was_changed_already_is_put_back(careless: Work) -> None:
    before = careless.snapshot()
    fs, token = CarelessFileSystem(), CancelToken()
    fs.cancel_after_replacing = token
    with engine_on(fs):
        outcome = careless.apply(*OPERATIONS, token=token)

    assert isinstance(outcome, RolledBack)
    assert careless.snapshot() == before


def test_doctor_does_not_ask_it_to_exchange(careless: Work) -> None:
    with engine_on(CarelessFileSystem()):
        assert api.promises(str(careless.tree)).level is Level.LINK
