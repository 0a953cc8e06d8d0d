"""A process that dies at any call, in a batch or in its recovery, leaves exactly the tree before or the tree after."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from tests.support import stopping
from tests.support.bench import Bench
from tests.support.plain import LinklessStoppingFileSystem, PlainStoppingFileSystem
from tests.support.stopping import StoppingFileSystem
from tests.support.tried import Tried


def points(bench: Bench) -> range:
    bench.reset()
    return range(1, stopping.count(bench.apply) + 1)


@pytest.mark.parametrize("how", [stopping.die, stopping.die_half_way])
def test_killed_at_any_call_it_recovers_to_before_or_after(bench: Bench, tried: Tried, how: object) -> None:
    seen = set()
    for point in points(bench):
        bench.reset()
        assert stopping.run(bench.apply, StoppingFileSystem(point, how)) == -signal.SIGKILL
        assert stopping.run(bench.recover) == 0
        seen.add(bench.demand_whole(f"killed at call {point}"))
        tried("SIGKILL at a call of apply")
    assert seen == {"before", "after"}


@pytest.mark.parametrize("missing", [PlainStoppingFileSystem, LinklessStoppingFileSystem])
@pytest.mark.parametrize("how", [stopping.die, stopping.die_half_way])
def test_killed_where_exchange_or_links_are_missing_it_recovers_to_before_or_after(
    bench: Bench, tried: Tried, missing: type[StoppingFileSystem], how: Callable[..., None]
) -> None:
    seen, point, code = set(), 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        point += 1
        bench.reset()
        code = stopping.run(bench.apply, missing(point, how))
        assert stopping.run(bench.recover, missing(0, stopping.die)) == 0
        seen.add(bench.demand_whole(f"killed at call {point}"))
        tried(f"SIGKILL at a call of apply without {'exchange' if missing is PlainStoppingFileSystem else 'links'}")
    assert seen == {"before", "after"}


# A quarter each, so that several processors can share the work; the first one is also what an ordinary run tries.
@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.full) for part in (1, 2, 3))])
def test_killed_at_any_call_of_a_recovery_the_next_one_ends_it(bench: Bench, tried: Tried, part: int) -> None:
    for point in points(bench)[part::4]:
        inner = 0
        while True:
            inner += 1
            bench.reset()
            stopping.run(bench.apply, StoppingFileSystem(point, stopping.die))
            code = stopping.run(bench.recover, StoppingFileSystem(inner, stopping.die))
            assert stopping.run(bench.recover) == 0
            where = f"killed at call {point}, then at call {inner} of recover"
            bench.demand_whole(where)
            tried("SIGKILL at a call of recover")
            if code != -signal.SIGKILL:
                break


def killed_in_recovery_of_a_fallback(bench: Bench, kind: type[StoppingFileSystem], step: int, tried: Tried) -> None:
    bench.reset()
    calls = kind(0, stopping.die)
    _, count = stopping.ask(bench.apply, calls, lambda: calls.count)
    for point in range(1, count + 1, step):
        inner, code = 0, -signal.SIGKILL
        while code == -signal.SIGKILL:
            inner += step
            bench.reset()
            stopping.run(bench.apply, kind(point, stopping.die))
            code = stopping.run(bench.recover, kind(inner, stopping.die))
            assert stopping.run(bench.recover, kind(0, stopping.die)) == 0
            bench.demand_whole(f"killed at call {point}, then at call {inner} of recover")
            tried(
                f"SIGKILL at a call of recover without {'links' if kind is LinklessStoppingFileSystem else 'exchange'}"
            )


FALLBACKS = pytest.mark.parametrize("kind", [PlainStoppingFileSystem, LinklessStoppingFileSystem])


@FALLBACKS
def test_where_exchange_or_links_are_missing_a_recovery_that_is_killed_is_ended_by_the_next(
    bench: Bench, tried: Tried, kind: type[StoppingFileSystem]
) -> None:
    killed_in_recovery_of_a_fallback(bench, kind, 11, tried)


@pytest.mark.full
@pytest.mark.timeout(7200)
@FALLBACKS
def test_where_exchange_or_links_are_missing_a_recovery_that_is_killed_anywhere_is_ended_by_the_next(
    bench: Bench, tried: Tried, kind: type[StoppingFileSystem]
) -> None:
    killed_in_recovery_of_a_fallback(bench, kind, 1, tried)


def test_finishing_what_was_killed_while_switching_gives_the_tree_after(bench: Bench) -> None:
    finished = 0
    for point in points(bench):
        bench.reset()
        stopping.run(bench.apply, StoppingFileSystem(point, stopping.die))
        names = bench.unfinished()
        if not names or not names[0].endswith(".journal"):
            continue
        txn = names[0].removesuffix(".journal")
        code = stopping.run([*bench.recover, "--finish", txn])
        if code == 0:
            assert bench.verdict() == "after", f"killed at call {point}"
            finished += 1
        else:
            assert code == 3
            assert stopping.run(bench.recover) == 0
            assert bench.verdict() == "before", f"killed at call {point}"
    assert finished > 20
