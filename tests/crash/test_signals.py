"""Signals at any call, in a batch or in its recovery: the tree is exactly as before, or they came too late."""

from __future__ import annotations

import signal

import pytest

from tests.support import stopping
from tests.support.bench import Bench
from tests.support.spread import spread
from tests.support.stopping import ImpatientFileSystem, StoppingFileSystem
from tests.support.tried import Tried


def points(bench: Bench) -> range:
    bench.reset()
    return range(1, stopping.count(bench.apply) + 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_at_any_call_puts_everything_back_or_comes_too_late(
    bench: Bench, tried: Tried, number: signal.Signals
) -> None:
    for point in points(bench):
        bench.reset()
        code = stopping.run(bench.apply, StoppingFileSystem(point, stopping.send(number)))
        expected = {128 + number: "before", 0: "after"}
        assert code in expected, f"{number.name} at call {point}: exit {code}"
        assert bench.verdict() == expected[code], f"{number.name} at call {point}"
        assert bench.unfinished() == [], f"{number.name} at call {point}"
        tried(f"{number.name} at a call of apply")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_at_every_call_from_one_on_disturb_no_roll_back(
    bench: Bench, tried: Tried, number: signal.Signals
) -> None:
    for point in points(bench)[:: 1 if number is signal.SIGINT else 4]:
        bench.reset()
        code = stopping.run(bench.apply, ImpatientFileSystem(point, stopping.send(number)))
        expected = {128 + number: "before", 0: "after"}
        assert code in expected, f"{number.name} from call {point} on: exit {code}"
        assert bench.verdict() == expected[code], f"{number.name} from call {point} on"
        assert bench.unfinished() == [], f"{number.name} from call {point} on"
        tried(f"{number.name} at every call from one on")


def signalled_in_recovery(bench: Bench, deaths: list[int], number: signal.Signals, most: int, tried: Tried) -> None:
    """Kill at each of these calls, and send the signal at so many calls of what recovers from that, spread evenly."""
    for death in deaths:
        bench.reset()
        stopping.run(bench.apply, StoppingFileSystem(death, stopping.die))
        calls = stopping.count(bench.recover)
        for fs in (StoppingFileSystem, ImpatientFileSystem):
            for point in spread(range(1, calls + 1), most, seed=death):
                bench.reset()
                stopping.run(bench.apply, StoppingFileSystem(death, stopping.die))
                story = f"killed at call {death}, {number.name} at call {point} of recover ({fs.__name__})"
                assert stopping.run(bench.recover, fs(point, stopping.send(number))) == 0, story
                bench.demand_whole(story)
                tried(f"{number.name} at a call of recover")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_a_recovery_does_not_disturb_it(bench: Bench, tried: Tried, number: signal.Signals) -> None:
    signalled_in_recovery(bench, spread(points(bench), 6), number, 4, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_no_signal_at_any_call_of_a_recovery_disturbs_it(bench: Bench, tried: Tried, number: signal.Signals) -> None:
    signalled_in_recovery(bench, list(points(bench)), number, 1000, tried)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_and_then_a_kill_leave_before_or_after(bench: Bench, tried: Tried, number: signal.Signals) -> None:
    """The signal starts a roll back, and that one is killed: as if power fails while somebody waits for Ctrl-C."""

    class Both(StoppingFileSystem):
        """The signal at call `at`, the end so many calls later."""

        later = 0

        def __getattr__(self, verb: str) -> object:
            method = super().__getattr__(verb)
            if verb not in stopping.MUTATING:
                return method

            def counted(*arguments: object, **options: object) -> object:
                if self.count + 1 == self.at + self.later:
                    stopping.die(self.real, verb, arguments)
                return method(*arguments, **options)

            return counted

    for point in spread(points(bench), 20):
        for later in (1, 3, 7):
            bench.reset()
            fs = Both(point, stopping.send(number))
            fs.later = later
            stopping.run(bench.apply, fs)
            assert stopping.run(bench.recover) == 0
            bench.demand_whole(f"{number.name} at call {point}, killed {later} calls later")
            tried(f"{number.name} at a call of apply, then SIGKILL")
