"""Several engines at once, in processes of their own, on the same files: each batch is whole, and nobody waits for ever."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core import api
from core.api import Committed, Outcome, Refused, RolledBack
from core.errors import ProblemCode
from core.fs.api import Handle
from core.fs.real import RealFileSystem
from core.progress import Cancelled, CancelToken
from core.txn import lock
from core.txn.lock import FolderLocks
from tests.support import stopping
from tests.support.failing import engine_on
from tests.support.stopping import StoppingFileSystem
from tests.support.tried import Tried
from tests.support.work import Json, Work

ACCOUNTS = [f"{bank}/{number}" for bank in ("north", "south", "east") for number in range(2)]


def in_processes(*actions: Callable[[], object]) -> list[int]:
    """Do each in a process of its own, all at once; return the exit codes."""
    children = []
    for action in actions:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                signal.alarm(60)
                action()
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def transfer(work: Work, rng: random.Random, plan_file: Path, state: Path) -> bool:
    """Move a coin or two between two accounts, in one batch; False when another engine was faster."""
    payer, payee = rng.sample(ACCOUNTS, 2)
    amount = rng.randint(1, 3)
    operations: list[Json] = []
    for name, change in ((payer, -amount), (payee, amount)):
        text = (work.tree / name).read_text()
        digest = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
        path = str(work.tree / name)
        operations.append({"op": "replace", "path": path, "text": f"{int(text) + change:6}", "expect": digest})
    plan_file.write_text(json.dumps({"holdfast": 1, "operations": operations}))
    return isinstance(api.apply(api.read_plan(str(plan_file)), state=str(state)), Committed)


@pytest.mark.parametrize("shared", [True, False], ids=["one state directory", "one each"])
def test_transfers_between_accounts_lose_and_make_no_coin(work: Work, tmp_path: Path, shared: bool) -> None:
    work.write(dict.fromkeys(ACCOUNTS, f"{100:6}"))

    def clerk(number: int) -> Callable[[], None]:
        def transfers() -> None:
            rng, done = random.Random(number), 0
            place = tmp_path / ("state" if shared else f"state{number}")
            while done < 15:
                done += transfer(work, rng, tmp_path / f"plan{number}.json", place)

        return transfers

    assert in_processes(*map(clerk, range(4))) == [0] * 4

    balances = [int(text) for text in work.texts().values()]
    assert sum(balances) == 100 * len(ACCOUNTS)
    assert sorted(work.texts()) == sorted(ACCOUNTS)


def test_recovery_beside_a_living_engine_does_not_disturb_it(work: Work, tmp_path: Path) -> None:
    work.write(dict.fromkeys(ACCOUNTS, f"{100:6}"))
    end = time.monotonic() + 2

    def clerk() -> None:
        rng = random.Random(1)
        while time.monotonic() < end:
            assert transfer(work, rng, tmp_path / "plan.json", tmp_path / "state")

    def rescuer() -> None:
        while time.monotonic() < end:
            for done in api.recover_all(str(tmp_path / "state")):
                assert done.result is api.Result.BUSY, done
            list(api.pending(str(tmp_path / "state")))

    assert in_processes(clerk, rescuer, rescuer) == [0] * 3
    assert sum(int(text) for text in work.texts().values()) == 100 * len(ACCOUNTS)


def test_a_folder_that_another_engine_works_in_is_waited_for_and_then_said_to_be_busy(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "_PATIENCE_SECONDS", 0.2)
    work.write({"file": "old"})
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        FolderLocks(RealFileSystem()).acquire([str(work.tree)], CancelToken())
        os.write(ready[1], b"x")
        os.read(go[0], 1)
        os._exit(0)
    os.read(ready[0], 1)

    outcome = work.apply({"op": "edit", "path": "file", "find": "old", "replace": "new"})

    assert isinstance(outcome, Refused)
    assert [(one.code, one.path) for one in outcome.problems] == [(ProblemCode.BUSY, str(work.tree))]
    os.write(go[1], b"x")
    os.waitpid(child, 0)
    for handle in (*ready, *go):
        os.close(handle)
    assert isinstance(work.apply({"op": "edit", "path": "file", "find": "old", "replace": "new"}), Committed)


def test_waiting_for_a_folder_can_be_cancelled(work: Work) -> None:
    handle = os.open(work.tree, os.O_RDONLY)
    assert RealFileSystem().lock(handle, exclusive=True)
    token = CancelToken()
    token.cancel()
    locks = FolderLocks(RealFileSystem())

    with pytest.raises(Cancelled):
        locks.acquire([str(work.tree)], token)

    os.close(handle)


def test_very_many_folders_and_a_few_keep_out_of_each_other_s_way(work: Work) -> None:
    """Above a few hundred folders the mount's root is locked instead, which the small batch shares."""
    many = [str(work.tree / f"folder{number}") for number in range(lock.MANY_FOLDERS + 1)]
    for path in many:
        os.mkdir(path)
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        FolderLocks(RealFileSystem()).acquire(many, CancelToken())
        os.write(ready[1], b"x")
        os.read(go[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    locks = FolderLocks(RealFileSystem())

    with pytest.raises(Exception, match="busy"):
        locks.acquire(many[:1], CancelToken(), wait=False)

    os.write(go[1], b"x")
    os.waitpid(child, 0)
    for handle in (*ready, *go):
        os.close(handle)
    locks.acquire(many[:1], CancelToken())
    locks.release()


BOTH_MOVE: list[Json] = [
    {"op": "move", "path": "file", "to": "moved"},
    {"op": "move", "path": "folder", "to": "elsewhere"},
]


WITH_AN_EDIT: list[Json] = [{"op": "replace", "path": "text", "text": "mine"}, *BOTH_MOVE]
either = pytest.mark.parametrize("operations", [WITH_AN_EDIT, BOTH_MOVE], ids=["an edit and moves", "moves alone"])


def be_overtaken(work: Work, operations: list[Json], fs: object) -> Outcome:
    """Apply a plan that moves what another batch has moved to the same places since."""
    work.write({"text": "old", "file": "file", "folder/inner": "inner"})
    plan = work.plan(*operations)
    assert isinstance(work.apply(*BOTH_MOVE), Committed)
    with engine_on(fs):
        return api.apply(plan)


AFTER_THE_OTHER = {"text": "old", "moved": "file", "elsewhere/inner": "inner"}


@either
def test_a_batch_that_was_overtaken_takes_nothing_of_the_other_one_back(work: Work, operations: list[Json]) -> None:
    assert isinstance(be_overtaken(work, operations, RealFileSystem()), RolledBack)
    assert work.texts() == AFTER_THE_OTHER


@either
def test_killed_at_any_call_a_batch_that_was_overtaken_takes_nothing_of_the_other_one_back(
    work: Work, tried: Tried, operations: list[Json]
) -> None:
    point, code = 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        point += 1
        fs = StoppingFileSystem(point, stopping.die)
        (code,) = in_processes(lambda fs=fs: be_overtaken(work, operations, fs))  # type: ignore[misc]
        api.recover_all()
        assert work.texts() == AFTER_THE_OTHER, f"killed at call {point}"
        tried("SIGKILL at a call of a batch that was overtaken")
        shutil.rmtree(work.tree)
        work.tree.mkdir()
    assert code == 0
    assert point > 5


def test_a_move_that_another_program_makes_meanwhile_is_not_taken_back(work: Work) -> None:
    work.write({"text": "old", "file": "file"})
    plan = work.plan({"op": "replace", "path": "text", "text": "mine"}, {"op": "move", "path": "file", "to": "moved"})

    class Meanwhile(RealFileSystem):
        exchanges = 0

        def exchange(self, folder: Handle, name: str, other: str) -> None:
            self.exchanges += 1
            if self.exchanges == 1:
                (work.tree / "file").rename(work.tree / "moved")
            super().exchange(folder, name, other)

    with engine_on(Meanwhile()):
        outcome = api.apply(plan)

    assert isinstance(outcome, RolledBack)
    assert work.texts() == {"text": "old", "moved": "file"}
