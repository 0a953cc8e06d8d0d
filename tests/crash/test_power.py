"""A power cut after exit 0 costs nothing; one in the middle leaves exactly the tree before or the tree after.

Before a cut some of what was not synced is made durable on purpose, as the kernel's own write-back may do at any time:
without that nothing of an engine that forgets its syncs would ever persist, and it would look good.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pytest

from tests.support import stopping
from tests.support.disks import die_without_power
from tests.support.failing import SYNCS
from tests.support.machine import EIGHT, MANY, ONE, PLACES, SOME, DisturbedFileSystem, Machine, batch
from tests.support.spread import spread
from tests.support.stopping import StoppingFileSystem
from tests.support.trials import trials
from tests.support.tried import Tried

ROOT = Path(__file__).parents[2]


def prepare(machine: Machine, size: int) -> None:
    """Make a batch of so many files."""
    shutil.rmtree(machine.template, ignore_errors=True)
    machine.prepare(batch(machine.template, size))


def holdfast(arguments: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "app", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL).returncode


def after_exit_0(machine: Machine, rounds: int, tried: Tried) -> None:
    for size in (ONE, EIGHT, MANY):
        prepare(machine, size)
        for number in range(rounds):
            machine.renew()
            code = holdfast(machine.apply)
            machine.cut()
            assert code == 0
            machine.restart()
            assert stopping.run(machine.recover) == 0
            assert machine.demand_whole(f"{size} files, round {number}") == "after"
            tried(f"power cut after exit 0, {machine.kind}")


def test_after_exit_0_a_power_cut_costs_nothing(machine: Machine, tried: Tried) -> None:
    after_exit_0(machine, 2, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_after_exit_0_a_power_cut_costs_nothing_however_often(machine: Machine, tried: Tried) -> None:
    after_exit_0(machine, 20, tried)


class ForgetfulFileSystem(StoppingFileSystem):
    """An engine whose syncs of some kinds were left out."""

    def __init__(self, forgotten: frozenset[str]) -> None:
        super().__init__(-1, stopping.die)
        self.forgotten = forgotten

    def __getattr__(self, verb: str) -> Callable[..., object]:
        if verb in self.forgotten:
            return lambda handle: None
        return super().__getattr__(verb)


def verdicts_without(machine: Machine, forgotten: frozenset[str], size: int) -> set[str]:
    """Name what is left after power cuts when an engine forgets some syncs."""
    prepare(machine, size)
    verdicts = set()
    for _ in range(2):
        machine.renew()
        assert stopping.run(machine.apply, ForgetfulFileSystem(forgotten)) == 0
        machine.cut()
        machine.restart()
        stopping.run(machine.recover)
        verdicts.add(machine.verdict())
    return verdicts


@pytest.mark.parametrize("machine", [place for place in PLACES if place.startswith(("ext4;", "xfs;"))], indirect=True)
@pytest.mark.parametrize(
    ("forgotten", "size"),
    [(SYNCS, EIGHT), (SYNCS, MANY), (frozenset({"sync_file"}), EIGHT), (frozenset({"sync_volume"}), MANY)],
    ids=["all, few files", "all, many files", "of files, few files", "of the volume, many files"],
)
def test_an_engine_that_forgets_syncs_is_found_out(machine: Machine, forgotten: frozenset[str], size: int) -> None:
    assert verdicts_without(machine, forgotten, size) != {"after"}


@pytest.mark.parametrize("machine", [f"{kind}; state elsewhere" for kind in ("ext4", "xfs")], indirect=True)
def test_an_engine_that_forgets_to_sync_folders_is_found_out(machine: Machine) -> None:
    # With the journal on the same disk its own sync brings the names along, on both of these file systems.
    assert verdicts_without(machine, frozenset({"sync_folder"}), EIGHT) != {"after"}


@dataclass(frozen=True)
class Cut:
    """The power goes before call `at`; `how` says what was made durable before call `early` (0: nothing)."""

    at: int
    early: int = 0
    how: str = "everything"

    def __str__(self) -> str:
        return f"cut at call {self.at}, {self.how if self.early else 'nothing'} durable at call {self.early}"


def persist(machine: Machine, how: str) -> None:
    """Make something durable as write-back would: of all disks or of one, or the content of files alone."""
    chosen = {"the tree's disk": machine.disks[:1], "the state's disk": machine.disks[-1:]}.get(how, machine.disks)
    for disk in chosen:
        disk.sync_data() if how == "content" else disk.sync()


def disturbances(machine: Machine, cut: Cut) -> dict[int, Callable[[], object]]:
    """Return what is done before which call."""

    def end() -> None:
        if cut.early == cut.at:
            persist(machine, cut.how)
        die_without_power(machine.disks)

    return {cut.early: lambda: persist(machine, cut.how), cut.at: end}


def tried_cuts(machine: Machine, cuts: list[Cut], tried: Tried) -> set[str]:
    """Cut at each, recover, and return what was found."""
    seen = set()
    with trials(tried) as trial:
        for cut in cuts:
            machine.renew()
            code = stopping.run(machine.apply, DisturbedFileSystem(disturbances(machine, cut)))
            machine.restart()
            with trial.one(f"power cut at a call of apply, {machine.kind}", str(cut)):
                assert code == -signal.SIGKILL
                assert stopping.run(machine.recover) == 0
                seen.add(machine.demand_whole("after recover"))
    return seen


def directed(verbs: list[str], ways: list[str]) -> list[Cut]:
    """Return close pairs around every sync: a hole in the order shows only within a call or two of it."""
    cuts = []
    for number in (place for place, verb in enumerate(verbs, 1) if verb in SYNCS):
        pairs = [(number, number), (number, number + 1), (number + 1, number + 2), (number - 1, number)]
        cuts += [
            Cut(at, early, how) for early, at in pairs for how in ways if 1 <= early < at <= len(verbs) or early == at
        ]
    return list(dict.fromkeys(cuts))


def grid(verbs: list[str], ways: list[str]) -> list[Cut]:
    """Return a cut at every call: with nothing durable, with what was there one, three and a dozen calls before."""
    calls = range(1, len(verbs) + 1)
    gaps = [Cut(at, at - gap, how) for at in calls for gap in (1, 3, 12) if gap < at for how in ways]
    return [Cut(at) for at in calls] + gaps


def different(cuts: list[Cut], verbs: list[str]) -> list[Cut]:
    """Leave out cuts that find the same on the disk: what is durable changes only when something is synced.

    So only the syncs count between what was made durable beforehand and the cut, and the first of equal cuts will do.
    """
    synced = [*accumulate((verb in SYNCS or verb == "start_writeback" for verb in verbs), initial=0)]
    found: dict[tuple[int, str, int], Cut] = {}
    for cut in cuts:
        found.setdefault((cut.early, cut.how, synced[cut.at - 1] - synced[max(cut.early - 1, 0)]), cut)
    return list(found.values())


def ways(machine: Machine) -> list[str]:
    """Return what can be made durable by itself."""
    if len(machine.disks) == 1:
        return ["everything", "content"]
    return ["everything", "content", "the tree's disk", "the state's disk"]


@pytest.mark.parametrize("size", [EIGHT, SOME])
def test_a_power_cut_in_the_middle_leaves_before_or_after(machine: Machine, tried: Tried, size: int) -> None:
    prepare(machine, size)
    verbs = calls(machine)
    cuts = spread(grid(verbs, ways(machine)), 5) + spread(directed(verbs, ways(machine)), 5)
    tried_cuts(machine, [*cuts, Cut(1), Cut(len(verbs))], tried)


@pytest.mark.full
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("size", [ONE, EIGHT, SOME])
def test_a_power_cut_at_any_call_leaves_before_or_after(machine: Machine, tried: Tried, size: int) -> None:
    prepare(machine, size)
    verbs = calls(machine)
    cuts = different(grid(verbs, ways(machine)) + directed(verbs, ways(machine)), verbs)
    assert tried_cuts(machine, cuts, tried) == {"before", "after"}


def calls(machine: Machine) -> list[str]:
    machine.renew()
    return stopping.calls(machine.apply)
