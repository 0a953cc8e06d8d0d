"""On simulated disks every power cut can be tried: whatever may have lasted, recovery ends at before or after."""

from __future__ import annotations

import errno

import pytest

from tests.support.simulated import programs
from tests.support.simulated.bench import Bench, Variant, engine_in_memory
from tests.support.simulated.explorer import Explorer, finish
from tests.support.simulated.faults import Faults, Save
from tests.support.simulated.profiles import STRONG, WEAK
from tests.support.tried import Tried

pytestmark = pytest.mark.simulated

PROFILES = {"strong": STRONG, "weak": WEAK}
PROTOCOLS: dict[str, dict[str, bool]] = {
    "exchange": {},
    "link and rename": {"exchange": False, "one_step": False},
    "copy and rename": {"exchange": False, "links": False},
    "one flush of the volume": {"flushes": True},
    "in place": {"in_place": True},
}
NUMBERS = (
    errno.ENOSPC,
    errno.EIO,
    errno.EACCES,
    errno.EDQUOT,
    errno.EROFS,
    errno.EMFILE,
    errno.ENOMEM,
    errno.EPERM,
    errno.EINTR,
    errno.ESTALE,
)
AGAIN = {
    ("strong", "one flush of the volume"): 5,
    ("strong", "in place"): 20,
}  # elsewhere on the strong one every recovery is cut
FINISH = "exchange, finished on request"


def variant(profile: str, protocol: str, *, apart: bool = False) -> Variant:
    return Variant(f"{profile}, {protocol}", PROFILES[profile], apart=apart, **PROTOCOLS[protocol])


def explored(kind: Variant, tried: Tried, *, again: int, part: tuple[int, int] = (0, 1), how: str = "") -> Explorer:
    """Try the power cuts of a batch, and those of every so-manieth recovery; demand that none left anything else."""
    with engine_in_memory(kind) as bench:
        explorer = Explorer(bench, again=again, part=part)
        if how == FINISH:
            explorer.recover = lambda fs: finish(bench, fs)
        explorer.explore()
    assert explorer.violations == [], f"{len(explorer.violations)} violations\n{explorer.violations[0]}"
    assert explorer.verdicts == {"before", "after"}
    tried(f"states after simulated power cuts, {how or kind.name}", explorer.tried)
    return explorer


# (again, part): how many of the recoveries are cut as well, and of the states which share is tried here.
SHARES = {
    ("strong", "exchange"): (100, 1),
    ("weak", "exchange"): (400, 4),
    ("strong", "link and rename"): (0, 2),
    ("weak", "link and rename"): (0, 16),
    ("strong", "copy and rename"): (0, 2),
    ("weak", "copy and rename"): (0, 16),
    ("strong", "one flush of the volume"): (0, 6),
    ("weak", "one flush of the volume"): (0, 16),
    ("strong", "in place"): (0, 3),
    ("weak", "in place"): (0, 8),
}


@pytest.mark.parametrize(("profile", "protocol"), SHARES)
def test_a_power_cut_at_any_call_leaves_before_or_after(profile: str, protocol: str, tried: Tried) -> None:
    again, every = SHARES[profile, protocol]
    explored(variant(profile, protocol), tried, again=again, part=(0, every))


def test_with_the_state_directory_on_another_disk_too(tried: Tried) -> None:
    explored(variant("weak", "exchange", apart=True), tried, again=0, part=(0, 8))


@pytest.mark.parametrize(("profile", "every"), [("strong", 3), ("weak", 16)])
def test_finishing_what_a_power_cut_stopped_ends_after_or_is_put_back(profile: str, every: int, tried: Tried) -> None:
    explored(variant(profile, "exchange"), tried, again=0, part=(0, every), how=FINISH)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("protocol", [*PROTOCOLS, FINISH])
@pytest.mark.parametrize("profile", PROFILES)
def test_all_of_ten_thousand_states_and_more_end_at_before_or_after(profile: str, protocol: str, tried: Tried) -> None:
    how = FINISH if protocol == FINISH else ""
    again = AGAIN.get((profile, protocol), 60 if profile == "weak" else 1)
    states = 0
    for apart in (False, True):
        kind = variant(profile, "exchange" if how else protocol, apart=apart)
        states += len(explored(kind, tried, again=again, how=how).seen)
    assert states >= 10_000


# The other things that go wrong at a call.


def faults(bench: Bench, cuts: int = 4) -> Faults:
    found = Faults(bench, cuts)
    assert found.calls() > 200
    return found


def demand_none(found: Faults, tried: Tried, what: str) -> None:
    assert found.violations == [], f"{len(found.violations)} violations\n{found.violations[0]}"
    tried(what, found.tried)


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "from there on"])
def test_an_error_at_any_call_leaves_before_or_after(for_good: bool, tried: Tried) -> None:
    with engine_in_memory(variant("strong", "exchange")) as bench:
        found = faults(bench)
        for at in range(1, found.calls() + 1):
            found.error(at, NUMBERS[at % len(NUMBERS)], for_good=for_good)
    demand_none(found, tried, "errors at a call, simulated")
    assert found.outcomes >= {"Committed", "RolledBack"}


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("protocol", [one for one in PROTOCOLS if one != "in place"])
@pytest.mark.parametrize("profile", PROFILES)
def test_every_error_at_every_call_leaves_before_or_after(profile: str, protocol: str, tried: Tried) -> None:
    with engine_in_memory(variant(profile, protocol)) as bench:
        found = faults(bench, cuts=40)
        for at in range(1, found.calls() + 1):
            for number in NUMBERS:
                found.error(at, number, for_good=False)
                found.error(at, number, for_good=True)
    demand_none(found, tried, "errors at a call, simulated")


def test_cancel_at_any_call_puts_everything_back_or_comes_too_late(tried: Tried) -> None:
    with engine_in_memory(variant("weak", "exchange")) as bench:
        found = faults(bench)
        for at in range(1, found.calls() + 1):
            found.cancel(at)
    demand_none(found, tried, "Cancel at a call, simulated")
    assert found.outcomes == {"Committed", "RolledBack"}


SAVES = [programs.save_in_place, programs.save_by_renaming, programs.take_away]
PATHS = (
    *("code.py", "target.txt", "sub/gone.txt", "sub/wanders.txt", "other/arrived.txt", "left", "tmp", "big.bin"),
    "whole/of/it/x",
)


@pytest.mark.parametrize("save", SAVES)
def test_what_another_program_saves_before_any_call_is_kept(save: Save, tried: Tried) -> None:
    with engine_in_memory(variant("strong", "exchange")) as bench:
        found = faults(bench)
        paths = [f"/tree/{path}" for path in PATHS]
        for at in range(1, found.calls() + 1):
            found.save(at, paths[at % len(paths)], save)
    demand_none(found, tried, "saves by another program, simulated")
    assert found.outcomes >= {"Committed", "RolledBack"}


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("save", SAVES)
def test_what_another_program_saves_of_any_file_before_any_call_is_kept(save: Save, tried: Tried) -> None:
    with engine_in_memory(variant("strong", "exchange")) as bench:
        found = faults(bench)
        for at in range(1, found.calls() + 1):
            for path in PATHS:
                found.save(at, f"/tree/{path}", save)
    demand_none(found, tried, "saves by another program, simulated")


def test_another_engine_that_recovers_before_any_call_keeps_its_hands_off(tried: Tried) -> None:
    with engine_in_memory(variant("strong", "exchange")) as bench:
        found = faults(bench, cuts=0)
        for at in range(1, found.calls() + 1):
            found.recover_meanwhile(at)
    demand_none(found, tried, "recoveries by another engine, simulated")
