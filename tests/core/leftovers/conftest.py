"""A root with programs that leave things behind, for whichever tests want one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import large, throwaway


@pytest.fixture(scope="session")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root of its own, made once in a run."""
    return large.for_this_run(tmp_path_factory, throwaway.folder)
