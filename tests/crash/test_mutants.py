"""Engines that are broken by hand: the bench has to catch every one of them, and must not cry wolf over a sound one."""

from __future__ import annotations

import pytest

from tests.support.mutants import MUTANTS
from tests.support.simulated.parts import PARTS, caught_by
from tests.support.tried import Tried

pytestmark = pytest.mark.simulated


@pytest.mark.parametrize("part", PARTS)
def test_a_sound_engine_is_caught_by_none(part: str) -> None:
    assert caught_by(part) == ""


@pytest.mark.parametrize("sentence", MUTANTS)
def test_a_broken_engine_is_caught(sentence: str, monkeypatch: pytest.MonkeyPatch, tried: Tried) -> None:
    MUTANTS[sentence](monkeypatch)
    catcher = next((part for part in PARTS if caught_by(part)), None)
    assert catcher is not None
    tried(f"mutants caught first by: {catcher}")


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("sentence", MUTANTS)
def test_the_summary_says_which_parts_catch_a_broken_engine(
    sentence: str, monkeypatch: pytest.MonkeyPatch, tried: Tried
) -> None:
    MUTANTS[sentence](monkeypatch)
    catchers = [part for part in PARTS if caught_by(part)]
    assert catchers
    tried(f"of {len(PARTS)} parts catch: {sentence} ({', '.join(catchers)})", len(catchers))
