"""Several processes do one work: all of it, each part once; and none of them is left, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core import crew
from core.errors import Conflict
from core.progress import Cancelled, CancelToken

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there are helpers on Linux alone")

ROOT = Path(__file__).parents[2]
OWNER_AND_HELPER = 2


def told(order: Iterator[int], token: CancelToken) -> Iterator[tuple[int, int]]:
    """Do nothing for a moment with each number, and tell in which process."""
    for number in order:
        token.check()
        time.sleep(0.001)
        yield number, os.getpid()


def in_helper(action: object) -> crew.Work[tuple[int, int]]:
    """Make a work that goes wrong in a helper, once it has done a number."""
    owner = os.getpid()

    def work(order: Iterator[int], token: CancelToken) -> Iterator[tuple[int, int]]:
        for done in told(order, token):
            yield done
            if os.getpid() != owner:
                action()  # type: ignore[operator]

    return work


def demand_no_child() -> None:
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("count", [0, 1, 200, 10_000])
def test_each_number_is_done_once_whoever_does_it(count: int) -> None:
    def plain(order: Iterator[int], token: CancelToken) -> Iterator[int]:
        yield from order

    done = [number for _, number in crew.shared(count, 3, plain, CancelToken())]
    assert sorted(done) == list(range(count))
    demand_no_child()


def test_the_work_is_shared_and_it_is_said_who_did_what() -> None:
    found = list(crew.shared(200, OWNER_AND_HELPER, told, CancelToken()))
    by_owner = {pid for is_helpers, (_, pid) in found if not is_helpers}
    by_helper = {pid for is_helpers, (_, pid) in found if is_helpers}
    assert by_owner == {os.getpid()}
    assert len(by_helper) == 1
    assert by_owner.isdisjoint(by_helper)


def test_an_error_of_a_helper_is_raised_after_what_was_done_was_told() -> None:
    def fail() -> None:
        raise Conflict(path="/a\udcff")

    done = []
    with pytest.raises(Conflict) as caught:
        done.extend(number for _, (number, _) in crew.shared(10_000, OWNER_AND_HELPER, in_helper(fail), CancelToken()))
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
        list(crew.shared(10_000, OWNER_AND_HELPER, work, CancelToken()))
    demand_no_child()


def test_a_helper_that_is_killed_is_an_error() -> None:
    work = in_helper(lambda: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(OSError, match="was ended"):
        list(crew.shared(10_000, OWNER_AND_HELPER, work, CancelToken()))
    demand_no_child()


def test_cancel_ends_all_of_them() -> None:
    token = CancelToken()
    with pytest.raises(Cancelled):
        for _ in crew.shared(10_000, 3, told, token):
            token.cancel()
    demand_no_child()


def test_whoever_reads_no_further_leaves_no_helper() -> None:
    with closing(crew.shared(10_000, 3, told, CancelToken())) as found:
        next(found)
    demand_no_child()


def test_where_no_process_is_to_be_had_the_owner_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    found = list(crew.shared(20, 3, told, CancelToken()))
    assert [number for _, (number, _) in found] == list(range(20))


def test_a_signal_for_all_is_the_owners_alone() -> None:
    """Ctrl-C in a terminal goes to every process of the program."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        work = in_helper(lambda: os.kill(os.getpid(), signal.SIGINT))
        assert len(list(crew.shared(100, OWNER_AND_HELPER, work, CancelToken()))) == 100
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


OWNER = """
import os, sys, time
from core import crew
from core.progress import CancelToken

def work(order, token):
    for number in order:
        print(os.getpid(), flush=True)
        time.sleep(60)
        yield number

list(crew.shared(4, 2, work, CancelToken()))
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
