"""Clearing and restoring die and fail like any other batch: the leftovers are all there, or all in History."""

from __future__ import annotations

import errno
import signal
from pathlib import Path

import pytest

from tests.crash.test_power import calls, different, directed, grid, tried_cuts, ways
from tests.support import stopping
from tests.support.clearing import CLEAR, RESTORE, Act, ActMachine
from tests.support.failing import FailingFileSystem
from tests.support.machine import Machine
from tests.support.spread import spread
from tests.support.stopping import StoppingFileSystem
from tests.support.trials import trials
from tests.support.tried import Tried


@pytest.fixture(params=[CLEAR, RESTORE], ids=["clear", "restore"])
def act(request: pytest.FixtureRequest, memory: Path) -> Act:
    return Act.build(memory, request.param)


@pytest.fixture
def act_machine(machine: Machine, words: tuple[str, ...]) -> ActMachine:
    """The machines of the tests of power cuts, with a command about leftovers."""
    return ActMachine.put_on(machine.home, machine.disks, words)


def killed(act: Act, most: int, tried: Tried) -> None:
    act.reset()
    seen = set()
    for point in spread(range(1, stopping.count(act.apply) + 1), most):
        act.reset()
        assert stopping.run(act.apply, StoppingFileSystem(point, stopping.die_half_way)) == -signal.SIGKILL
        assert stopping.run(act.recover) == 0
        seen.add(act.demand_whole(f"killed at call {point}"))
        tried(f"SIGKILL at a call of {act.words[0]}")
    assert seen == {"before", "after"}


def failing(act: Act, number: int, most: int, tried: Tried) -> None:
    act.reset()
    fs = FailingFileSystem(0, number)
    _, calls = stopping.ask(act.apply, fs, lambda: fs.count)
    with trials(tried) as trial:
        for for_good in (False, True):
            for at in spread(range(1, calls + 1), most):
                act.reset()
                code = stopping.run(act.apply, FailingFileSystem(at, number, for_good=for_good))
                with trial.one(f"{errno.errorcode[number]} at a call of {act.words[0]}", f"call {at}, {for_good}"):
                    if code == 1:
                        assert act.verdict() == "before"
                    assert code in (0, 1, 3), code
                    assert stopping.run(act.recover) == 0
                    assert act.demand_whole(f"exit {code}") in {0: ("after",), 1: ("before",)}.get(
                        code, ("before", "after")
                    )


def test_killed_at_some_calls_the_leftovers_are_all_there_or_all_in_history(act: Act, tried: Tried) -> None:
    killed(act, 12, tried)


def test_an_error_at_some_calls_leaves_what_the_exit_code_says(act: Act, tried: Tried) -> None:
    failing(act, errno.EIO, 6, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_killed_at_any_call_the_leftovers_are_all_there_or_all_in_history(act: Act, tried: Tried) -> None:
    killed(act, 1_000_000, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_an_error_at_any_call_leaves_what_the_exit_code_says(act: Act, tried: Tried, number: int) -> None:
    failing(act, number, 1_000_000, tried)


def after_exit_0(act_machine: ActMachine, tried: Tried) -> None:
    act_machine.renew()
    assert stopping.run(act_machine.apply) == 0
    act_machine.cut()
    act_machine.restart()
    assert stopping.run(act_machine.recover) == 0
    assert act_machine.demand_whole("after exit 0") == "after"
    tried(f"power cut after exit 0 of {act_machine.words[0]}, {act_machine.kind}")


@pytest.mark.parametrize(
    ("machine", "words"),
    [("ext4; state elsewhere", CLEAR), ("xfs; state beside", RESTORE)],
    indirect=["machine"],
    ids=["clear", "restore"],
)
def test_a_power_cut_leaves_all_of_them_or_none_and_after_exit_0_none(act_machine: ActMachine, tried: Tried) -> None:
    after_exit_0(act_machine, tried)
    verbs = calls(act_machine)
    tried_cuts(act_machine, spread(grid(verbs, ways(act_machine)) + directed(verbs, ways(act_machine)), 3), tried)


@pytest.mark.full
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("words", [CLEAR, RESTORE], ids=["clear", "restore"])
def test_a_power_cut_at_any_call_leaves_all_of_them_or_none(act_machine: ActMachine, tried: Tried) -> None:
    after_exit_0(act_machine, tried)
    verbs = calls(act_machine)
    cuts = different(grid(verbs, ways(act_machine)) + directed(verbs, ways(act_machine)), verbs)
    assert tried_cuts(act_machine, cuts, tried) == {"before", "after"}
