"""What tests of plans share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core import helper, relay

RG = Path(sys.prefix) / "bin/rg"


@pytest.fixture(params=["with rg", "without rg"])
def sieve(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search once with ripgrep, and once by our own reading."""
    if request.param == "with rg" and not RG.exists():
        pytest.skip("there is no rg beside this Python")
    monkeypatch.setenv("HOLDFAST_RG", str(RG) if request.param == "with rg" else "")


@pytest.fixture
def helpers_at_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have helpers from the second part on; return the processes that there were."""
    monkeypatch.setattr(relay, "_SOON_SECONDS", 0.0)
    forked: list[int] = []
    fork = helper.fork

    def noted(do: Callable[[], object]) -> int:
        forked.append(fork(do))
        return forked[-1]

    monkeypatch.setattr(helper, "fork", noted)
    return forked
