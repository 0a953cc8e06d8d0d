"""A large batch is done by several processes, and is all or nothing as any other."""

from __future__ import annotations

import errno
import mmap
import os
import signal
import sys
from collections.abc import Callable

import pytest

from core import api, memory
from core.fs.api import Handle
from core.fs.forward import ForwardingFileSystem
from core.fs.real import RealFileSystem
from core.progress import CancelToken, Meter, Phase
from core.txn import transaction
from core.txn.ending import Ending
from tests.support.work import Json, Work

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="there are helpers on Linux alone"),
    pytest.mark.shared,
]

FILES = 700  # three chunks
OPERATIONS: list[Json] = [
    {"op": "edit", "path": f"d{n % 7}/f{n}", "find": "old", "replace": "new"} for n in range(FILES)
]


class InHelper(ForwardingFileSystem):
    """Does something at the call with that number of one verb, in helpers alone, and once."""

    def __init__(self, verb: str, at: int, action: Callable[[], None], *, armed: bool = True) -> None:
        super().__init__(RealFileSystem())
        self._owner, self._verb, self._left, self._action = os.getpid(), verb, at, action
        self._armed = mmap.mmap(-1, 1)  # for all processes
        self._armed[0] = armed

    def arm(self) -> None:
        """Let it happen from now on."""
        self._armed[0] = True

    def _note(self, verb: str) -> None:
        if verb == self._verb and os.getpid() != self._owner and self._armed[0]:
            self._left -= 1
            if self._left == 0:
                self._armed[0] = False
                self._action()

    def create(self, folder: Handle, name: str, mode: int) -> Handle:
        self._note("create")
        return super().create(folder, name, mode)

    def exchange(self, folder: Handle, name: str, other: str) -> None:
        self._note("exchange")
        super().exchange(folder, name, other)


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch, work: Work) -> None:
    """Take so few files for many."""
    monkeypatch.setattr(transaction, "_MANY", 1)
    work.write({f"d{n % 7}/f{n}": f"old {n}\n" for n in range(FILES)})


def apply(work: Work, **options: object) -> api.Outcome:
    return api.apply(work.plan(*OPERATIONS), processes=2, **options)  # type: ignore[arg-type]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise OSError(errno.ENOSPC, "No space left on device", "somewhere")


def test_every_file_is_changed_and_counted_and_can_be_brought_back(work: Work) -> None:
    before, meter = work.snapshot(), Meter()
    outcome = apply(work, meter=meter)
    assert isinstance(outcome, api.Committed)
    assert outcome.files == FILES
    assert work.texts() == {f"d{n % 7}/f{n}": f"new {n}\n" for n in range(FILES)}
    undone = api.apply(memory.undo_plan(outcome.txn), processes=2)
    assert isinstance(undone, api.Committed)
    assert work.snapshot() == before


def test_helpers_had_a_share_of_it(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else all other tests here would be about nothing."""
    for verb in ("create", "exchange"):
        monkeypatch.setattr(api, "file_system", lambda verb=verb: InHelper(verb, 1, fail))
        outcome = apply(work)
        assert isinstance(outcome, api.RolledBack)
        assert outcome.errno == errno.ENOSPC


@pytest.mark.parametrize("verb", ["create", "exchange"])
@pytest.mark.parametrize("at", [1, 100])
@pytest.mark.parametrize("action", [die, fail])
def test_a_helper_that_fails_or_is_killed_brings_everything_back(
    work: Work, monkeypatch: pytest.MonkeyPatch, verb: str, at: int, action: Callable[[], None]
) -> None:
    before = work.snapshot()
    monkeypatch.setattr(api, "file_system", lambda: InHelper(verb, at, action))
    outcome = apply(work)
    assert isinstance(outcome, api.RolledBack)
    assert outcome.reason is api.Reason.ERROR
    assert work.snapshot() == before, "and nothing of ours is beside it"
    assert not api.pending()


@pytest.mark.parametrize("number", [0, 300, FILES - 1])
def test_a_file_that_was_changed_meanwhile_is_a_conflict_whoever_meets_it(work: Work, number: int) -> None:
    plan = work.plan(*OPERATIONS)
    work.write({f"d{number % 7}/f{number}": "somebody's newest save\n"})
    before = work.snapshot()
    outcome = api.apply(plan, processes=2)
    assert isinstance(outcome, api.RolledBack)
    assert outcome.reason is api.Reason.CONFLICT
    assert outcome.path.endswith(f"/f{number}")
    assert work.snapshot() == before


@pytest.mark.parametrize("phase", [Phase.PREPARE, Phase.SWITCH])
def test_cancel_puts_everything_back_whoever_did_it(work: Work, phase: Phase) -> None:
    before, meter = work.snapshot(), Meter()

    def half_way() -> bool:
        now = meter.sample()
        return now.phase is phase and now.files_done > FILES // 2

    outcome = apply(work, meter=meter, token=CancelToken(half_way))
    assert isinstance(outcome, api.RolledBack)
    assert outcome.reason is api.Reason.CANCELLED
    assert work.snapshot() == before
    assert not api.pending()


@pytest.mark.parametrize("action", [die, fail])
def test_a_helper_that_fails_while_it_puts_back_loses_nothing(
    work: Work, monkeypatch: pytest.MonkeyPatch, action: Callable[[], None]
) -> None:
    before, meter, fs = work.snapshot(), Meter(), InHelper("exchange", 3, action, armed=False)
    monkeypatch.setattr(api, "file_system", lambda: fs)

    undone = Ending._undone

    def half_way() -> bool:
        return (now := meter.sample()).phase is Phase.SWITCH and now.files_done >= FILES // 2

    def armed(self: Ending, processes: int) -> object:
        fs.arm()  # not earlier: a helper may still be switching when it is half-way
        return undone(self, processes)

    monkeypatch.setattr(Ending, "_undone", armed)
    outcome = apply(work, meter=meter, token=CancelToken(half_way))
    if action is fail:  # what the disk refuses waits for the next try, as it does with one process
        assert isinstance(outcome, api.NeedsRecovery)
        api.recover_all()
    else:
        assert isinstance(outcome, api.RolledBack)
    assert work.snapshot() == before
    assert not api.pending()


def test_moves_keep_their_order(work: Work) -> None:
    """What leaves a name for another to take it must have left before: such a batch is switched by one process."""
    shifted: list[Json] = [{"op": "move", "path": f"d0/f{n}", "to": f"d0/f{n}.moved"} for n in range(0, FILES, 7)]
    outcome = api.apply(work.plan(*OPERATIONS, *shifted), processes=2)
    assert isinstance(outcome, api.Committed)
    wanted = {f"d{n % 7}/f{n}{'.moved' if n % 7 == 0 else ''}": f"new {n}\n" for n in range(FILES)}
    assert work.texts() == wanted
