"""Several processes do one work: all of it, each part once; and none of them is left, however it ends."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from core.crew import Crew, Work
from core.errors import Conflict
from core.progress import Cancelled, CancelToken

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there are helpers on Linux alone")

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
OWNER_AND_HELPER = 2


def told(order: Iterator[int], token: CancelToken) -> Iterator[tuple[int, int]]:
    """Do nothing for a moment with each number, and tell in which process."""
    for number in order:
        token.check()
        time.sleep(0.001)
        yield number, os.getpid()


def in_helper(action: object) -> Work[tuple[int, int]]:
    """Make a work that goes wrong in a helper, once it has done a number."""
    owner = os.getpid()

    def work(order: Iterator[int], token: CancelToken) -> Iterator[tuple[int, int]]:
        for done in told(order, token):
            yield done
            if os.getpid() != owner:
                action()  # type: ignore[operator]

    return work


def all_of(count: int, processes: int, work: Work[T]) -> list[tuple[bool, T]]:
    with Crew(count, processes, work, CancelToken()) as crew:
        found = list(crew)
    assert crew.taken == count
    return found


def demand_no_child() -> None:
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert gc.get_freeze_count() == 0  # no object is kept from being collected any more


@pytest.mark.parametrize("count", [0, 1, 200, 10_000])
def test_each_number_is_done_once_whoever_does_it(count: int) -> None:
    def plain(order: Iterator[int], token: CancelToken) -> Iterator[int]:
        yield from order

    done = [number for _, number in all_of(count, 3, plain)]
    assert sorted(done) == list(range(count))
    demand_no_child()


def test_the_work_is_shared_and_it_is_said_who_did_what() -> None:
    found = all_of(200, OWNER_AND_HELPER, told)
    by_owner = {pid for is_helpers, (_, pid) in found if not is_helpers}
    by_helper = {pid for is_helpers, (_, pid) in found if is_helpers}
    assert by_owner == {os.getpid()}
    assert len(by_helper) == 1
    assert by_owner.isdisjoint(by_helper)


def test_an_error_of_a_helper_is_raised_after_what_was_done_was_told() -> None:
    def fail() -> None:
        raise Conflict(path="/a\udcff")

    done = []
    with pytest.raises(Conflict) as caught, Crew(10_000, OWNER_AND_HELPER, in_helper(fail), CancelToken()) as crew:
        done.extend(number for _, (number, _) in crew)
    assert caught.value.values == {"path": "/a\udcff"}
    assert done
    assert len(done) < 10_000, "the others went on"
    demand_no_child()


def test_an_error_of_the_owner_ends_the_helpers() -> None:
    owner = os.getpid()

    def work(order: Iterator[int], token: CancelToken) -> Iterator[tuple[int, int]]:
        for done in told(order, token):
            yield done
            if os.getpid() == owner:
                raise OSError(28, "full")

    with pytest.raises(OSError, match="full"):
        all_of(10_000, OWNER_AND_HELPER, work)
    demand_no_child()


def test_a_helper_that_is_killed_is_an_error() -> None:
    work = in_helper(lambda: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(OSError, match="was ended"):
        all_of(10_000, OWNER_AND_HELPER, work)
    demand_no_child()


def test_cancel_ends_all_of_them() -> None:
    token = CancelToken()
    with pytest.raises(Cancelled), Crew(10_000, 3, told, token) as crew:
        for _ in crew:
            token.cancel()
    demand_no_child()


def test_whoever_reads_no_further_leaves_no_helper() -> None:
    with Crew(10_000, 3, told, CancelToken()) as crew:
        next(iter(crew))
    assert 0 < crew.taken < 10_000
    demand_no_child()


def test_where_no_process_is_to_be_had_the_owner_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    found = all_of(20, 3, told)
    assert [number for _, (number, _) in found] == list(range(20))


def test_a_signal_for_all_is_the_owners_alone() -> None:
    """Ctrl-C in a terminal goes to every process of the program."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        work = in_helper(lambda: os.kill(os.getpid(), signal.SIGINT))
        assert len(all_of(100, OWNER_AND_HELPER, work)) == 100
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


OWNER = """
import os, sys, time
from core.crew import Crew
from core.progress import CancelToken

def work(order, token):
    for number in order:
        os.write(1, b"%d\\n" % os.getpid())  # a line in one piece
        time.sleep(60)
        yield number

with Crew(4, 2, work, CancelToken()) as crew:
    list(crew)
"""


def test_helpers_end_with_an_owner_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pids = {int(owner.stdout.readline()) for _ in range(2)}
        (helper,) = pids - {owner.pid}
        owner.kill()
        owner.wait()
        # The pipe ends once nobody holds it any more: the helper is dead.
        assert owner.stdout.read() == ""
    until = time.monotonic() + 10
    while Path(f"/proc/{helper}").exists() and "zombie" not in Path(f"/proc/{helper}/status").read_text():
        assert time.monotonic() < until
        time.sleep(0.01)
