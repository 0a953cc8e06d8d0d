"""Every test has a state directory of its own; none may see or touch the developer's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.work import Work


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state directory that everything in this test uses unless told otherwise."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("HOLDFAST_STATE_DIR", str(folder))
    return folder


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """An empty folder to work in."""
    tree = tmp_path / "tree"
    tree.mkdir()
    return Work(tree)
