"""A root with programs that leave things behind, for whichever tests want one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support import large, throwaway
from tests.support.makers import Maker
from tests.support.throwaway import Room
from tests.support.tried import Tried


@pytest.fixture(scope="session")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root of its own, made once in a run."""
    return large.for_this_run(tmp_path_factory, throwaway.folder)


@pytest.fixture
def maker(tmp_path: Path, debian: Path, monkeypatch: pytest.MonkeyPatch, tried: Tried) -> Maker:
    real = time.time

    def later() -> None:
        monkeypatch.setattr("core.leftovers.identify.time.time", lambda: real() + 30 * 86_400)

    folder = tmp_path / "made"
    folder.mkdir()
    return Maker(folder, Room(debian, folder), later, tried)
