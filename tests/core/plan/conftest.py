"""What tests of searches share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

RG = Path(sys.prefix) / "bin/rg"


@pytest.fixture(params=["with rg", "without rg"])
def sieve(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search once with ripgrep, and once by our own reading."""
    if request.param == "with rg" and not RG.exists():
        pytest.skip("there is no rg beside this Python")
    monkeypatch.setenv("HOLDFAST_RG", str(RG) if request.param == "with rg" else "")
