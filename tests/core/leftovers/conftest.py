"""A root with programs that leave things behind, for whichever tests want one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import throwaway


@pytest.fixture(scope="session")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root of its own, made once in a run."""
    base = tmp_path_factory.getbasetemp()
    try:
        return throwaway.folder(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)
    except throwaway.Missing as error:
        pytest.skip(str(error))
