"""Several processes do a work that comes in part by part: it comes out in order, and none of them is left afterwards."""

from __future__ import annotations

import gc
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from core import relay
from core.progress import Cancelled
from core.relay import Relay

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there are helpers on Linux alone")

ROOT = Path(__file__).parents[2]
Done = tuple[int, int]  # the part, and the process that did it


@pytest.fixture(autouse=True)
def helpers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have helpers from the second part on."""
    monkeypatch.setattr(relay, "_SOON_SECONDS", 0.0)


def do(part: int) -> Done:
    """Do nothing for a moment, and tell in which process."""
    time.sleep(0.001)
    return part, os.getpid()


def in_helper(action: Callable[[], object]) -> Callable[[int], Done]:
    """Make a work that goes wrong in a helper with the third part that it does."""
    owner, count = os.getpid(), itertools.count(1)

    def work(part: int) -> Done:
        if os.getpid() != owner and next(count) == 3:
            action()
        return do(part)

    return work


def all_of(parts: Iterable[int], work: Callable[[int], Done] = do, processes: int = 2) -> list[Done]:
    found = list(Relay(work, lambda _: True, processes, lambda: None).run(parts))
    demand_no_child()
    return found


def demand_no_child() -> None:
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert gc.get_freeze_count() == 0  # no object is kept from being collected any more


@pytest.mark.parametrize("processes", [1, 2, 4])
@pytest.mark.parametrize("count", [0, 1, 2, 500])
def test_everything_comes_out_once_and_in_order(count: int, processes: int) -> None:
    assert [part for part, _ in all_of(range(count), processes=processes)] == list(range(count))


def test_owner_and_helpers_share_the_work() -> None:
    found = all_of(range(400), processes=3)

    assert {pid for _, pid in found} > {os.getpid()}
    assert len({pid for _, pid in found}) == 3


def test_a_small_work_has_no_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "_SOON_SECONDS", 60.0)

    assert {pid for _, pid in all_of(range(100))} == {os.getpid()}


def test_what_helpers_know_nothing_of_stays_with_the_owner() -> None:
    found = list(Relay(do, lambda part: part % 2 == 0, 2, lambda: None).run(range(200)))

    assert [part for part, _ in found] == list(range(200))
    assert {pid for part, pid in found if part % 2} == {os.getpid()}
    assert {pid for part, pid in found if part % 2 == 0} > {os.getpid()}


def test_a_part_that_a_pipe_does_not_take_at_once_stays_with_the_owner() -> None:
    parts = [b"." * (1 << 20)] * 20

    found = list(Relay(lambda part: (len(part), os.getpid()), lambda _: True, 2, lambda: None).run(parts))

    assert found == [(1 << 20, os.getpid())] * 20


def test_an_answer_may_be_larger_than_a_pipe_takes() -> None:
    found = list(
        Relay(lambda part: (part, bytes(1 << 20), os.getpid()), lambda _: True, 2, lambda: None).run(range(60))
    )

    assert [(part, len(data)) for part, data, _ in found] == [(part, 1 << 20) for part in range(60)]
    assert len({pid for *_, pid in found}) == 2


@pytest.mark.parametrize(
    "action",
    [
        pytest.param(lambda: os.kill(os.getpid(), signal.SIGKILL), id="it is killed"),
        pytest.param(lambda: 1 / 0, id="it fails"),
        pytest.param(lambda: os._exit(0), id="it goes"),
        pytest.param(lambda: time.sleep(600), id="it waits for ever"),
    ],
)
def test_what_a_helper_does_not_do_its_owner_does(
    action: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_LONG_PATIENCE_SECONDS", 1.0)

    found = all_of(range(300), in_helper(action))

    assert [part for part, _ in found] == list(range(300))
    assert len({pid for _, pid in found}) == 2


def test_a_helper_that_never_answers_is_let_go_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "_PATIENCE_SECONDS", 0.3)

    found = all_of(range(30), partial(slow_elsewhere, os.getpid()))

    assert found == [(part, os.getpid()) for part in range(30)]


def test_an_error_comes_after_all_that_was_done_before_it() -> None:
    def work(part: int) -> Done:
        if part == 100:
            raise ValueError(part)
        return do(part)

    found = []
    with pytest.raises(ValueError, match="100"):
        found.extend(Relay(work, lambda _: True, 2, lambda: None).run(range(200)))
    # `extend` has kept what came before.
    assert [part for part, _ in found] == list(range(100))
    demand_no_child()


def test_an_error_of_whoever_brings_the_parts_comes_after_what_was_brought_before() -> None:
    def parts() -> Iterator[int]:
        yield from range(100)
        raise ValueError("no more")

    found = []
    with pytest.raises(ValueError, match="no more"):
        found.extend(Relay(do, lambda _: True, 3, lambda: None).run(parts()))
    assert [part for part, _ in found] == list(range(100))
    demand_no_child()


def test_nobody_waits_for_a_helper_that_has_not_begun_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "_serve", lambda *_: time.sleep(600))
    one = relay._Helper(do)
    try:
        started = time.monotonic()
        assert [one.send(bytes(one.room)) for _ in range(7)] == [True] * 6 + [False]
        assert time.monotonic() - started < 60
    finally:
        one.dismiss()


def test_where_nobody_wants_to_hear_of_children_all_is_done_as_well() -> None:
    known = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert [part for part, _ in all_of(range(200))] == list(range(200))
    finally:
        signal.signal(signal.SIGCHLD, known)


def test_who_waits_can_stop_at_any_time() -> None:
    stop = False

    def check() -> None:
        if stop:
            raise Cancelled

    owner = os.getpid()
    work = partial(slow_elsewhere, owner)
    with pytest.raises(Cancelled):
        for _ in Relay(work, lambda _: True, 2, check).run(range(100)):
            stop = True
    demand_no_child()


def slow_elsewhere(owner: int, part: int) -> Done:
    time.sleep(0.001 if os.getpid() == owner else 600)
    return part, os.getpid()


def test_no_helper_is_left_where_somebody_wants_no_more() -> None:
    with closing(Relay(do, lambda _: True, 3, lambda: None).run(range(1000))) as results:
        for part, _ in results:
            if part == 50:
                break
    demand_no_child()


def test_without_another_process_the_owner_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)

    assert {pid for _, pid in all_of(range(100))} == {os.getpid()}


OWNER = """
import os, time
from core import relay

relay._SOON_SECONDS = 0.0

def work(part):
    if part:
        os.write(1, b"%d\\n" % os.getpid())  # a line in one piece
        time.sleep(60)

list(relay.Relay(work, lambda _: True, 2, lambda: None).run(range(20)))
"""


def test_helpers_end_with_an_owner_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pids = {int(owner.stdout.readline()) for _ in range(2)}
        assert pids > {owner.pid}
        owner.kill()
        owner.wait()
        # The pipe ends once nobody holds it any more: the helper is dead.
        assert owner.stdout.read() == ""
