"""On simulated disks every power cut of an undo can be tried: it is done or not, and nothing that history holds is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core import api, memory, names
from tests.support.simulated.bench import STATE, Bench, Variant, engine_in_memory
from tests.support.simulated.explorer import Explorer
from tests.support.simulated.profiles import STRONG, WEAK
from tests.support.tried import Tried

pytestmark = pytest.mark.simulated

PROFILES = {"strong": STRONG, "weak": WEAK}


@contextmanager
def undoing(kind: Variant) -> Iterator[Bench]:
    """The bench after its batch, which what is done there takes back."""
    with engine_in_memory(kind) as bench, pytest.MonkeyPatch.context() as patch:
        fs = bench.filesystem()
        bench.apply(fs)
        patch.setattr(names, "new_txn", lambda: "simulatedb")
        bench.start = fs.live.copy()
        bench.forget(bench.filesystem())
        plan = memory.undo_plan("simulation", state=STATE)
        assert plan.problems == []
        bench.act = lambda fs, token: api.apply(plan, state=STATE, token=token)
        bench.before, bench.after = bench.after, bench.before
        yield bench


def explored(kind: Variant, tried: Tried, *, again: int, part: tuple[int, int] = (0, 1)) -> None:
    with undoing(kind) as bench:
        explorer = Explorer(bench, again=again, part=part)
        explorer.explore()
    assert explorer.violations == [], f"{len(explorer.violations)} violations\n{explorer.violations[0]}"
    assert explorer.verdicts == {"before", "after"}
    tried(f"states of an undo after simulated power cuts, {kind.name}", explorer.tried)


@pytest.mark.parametrize(("profile", "part"), [("strong", 6), ("weak", 24)])
def test_a_power_cut_at_any_call_of_an_undo_leaves_it_done_or_not(profile: str, part: int, tried: Tried) -> None:
    explored(Variant(f"{profile}, exchange", PROFILES[profile]), tried, again=0, part=(0, part))


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "no exchange"])
@pytest.mark.parametrize("apart", [False, True], ids=["one disk", "two disks"])
@pytest.mark.parametrize("profile", PROFILES)
def test_all_power_cuts_of_an_undo_leave_it_done_or_not(
    profile: str, apart: bool, exchange: bool, tried: Tried
) -> None:
    kind = Variant(f"{profile}, {'exchange' if exchange else 'rename'}", PROFILES[profile], exchange, apart=apart)
    explored(kind, tried, again=40)
