"""Whatever call fails, reading or writing, once or from there on, in a batch or in its recovery: before, or after.

`tests.core.txn.test_errors` looks at what the engine returns; here real processes are judged by their exit codes:
0 is the tree after, 1 the tree before, and 3 owes it to the next recovery.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest

from core.fs.api import FileSystem
from core.fs.real import RealFileSystem
from tests.support import stopping
from tests.support.bench import Bench
from tests.support.failing import GROWING, SYNCS, FailingFileSystem
from tests.support.spread import spread
from tests.support.stopping import MUTATING, StoppingFileSystem
from tests.support.trials import trials
from tests.support.tried import Tried

# Closing reports nothing, and the look at a symlink answers no where nobody may look.
EVERY = frozenset(verb for verb in vars(FileSystem) if not verb.startswith("_")) - {"close", "is_symlink"}
NAMED = EVERY - SYNCS - {"read", "read_at", "write", "seek", "truncate", "start_writeback", "lock"}
ERRORS = {
    "EIO": (errno.EIO, EVERY),
    "ENOSPC": (errno.ENOSPC, GROWING | SYNCS),
    "EDQUOT": (errno.EDQUOT, GROWING),
    "EROFS": (errno.EROFS, MUTATING),
    "EACCES": (errno.EACCES, NAMED),
    "EMFILE": (errno.EMFILE, frozenset({"open_folder", "open_subfolder", "open", "create", "list"})),
    "EMFILE at an exchange": (errno.EMFILE, frozenset({"exchange", "open"})),
    "ENOMEM": (errno.ENOMEM, EVERY),
}


@dataclass
class Fault:
    """An error at call number `at` of some verbs, or from there on."""

    name: str
    at: int
    for_good: bool

    def on_real_disk(self) -> FailingFileSystem:
        number, verbs = ERRORS[self.name]
        return FailingFileSystem(self.at, number, verbs, for_good=self.for_good)


def faults(name: str, command: list[str], most: int, ready: Callable[[], object]) -> Iterator[Fault]:
    """Yield faults at so many calls of a command, spread evenly, each once and from there on."""
    ready()
    fs = Fault(name, 0, for_good=False).on_real_disk()
    _, calls = stopping.ask(command, fs, lambda: fs.count)
    for for_good in (False, True):
        yield from (Fault(name, at, for_good) for at in spread(range(1, calls + 1), most))


def demand_truth(bench: Bench, code: int, story: str) -> None:
    """Demand that the tree is what the exit code says, and that a recovery has nothing left to do but what it owes."""
    allowed = {0: ("after",), 1: ("before",), 2: ("before",), 3: ("before", "after")}
    assert code in allowed, f"{story}: exit {code}"
    if code in (1, 2):
        assert bench.verdict() == "before", f"{story}: exit {code}, {bench.verdict()}"
    assert stopping.run(bench.recover) == 0, story
    assert bench.demand_whole(story) in allowed[code], f"{story}: exit {code}"


def errors_in_apply(bench: Bench, name: str, most: int, tried: Tried) -> None:
    with trials(tried) as trial:
        for fault in faults(name, bench.apply, most, bench.reset):
            bench.reset()
            fs = fault.on_real_disk()
            code, answer = stopping.ask(bench.apply, fs, lambda fs=fs: [fs.failed, fs.synced_again])
            failed, synced_again = answer or ([""], [])
            if not failed:
                continue  # how often a file is read again depends on the clock, so there may be a call less this time
            with trial.one(f"{name} at a call of apply", f"{fault}"):
                assert not synced_again, f"a sync was tried again: {failed[:3]}"
                demand_truth(bench, code, failed[0])


def errors_in_recover(bench: Bench, name: str, deaths: Iterable[int], most: int, tried: Tried) -> None:
    with trials(tried) as trial:
        for death in deaths:

            def interrupted(death: int = death) -> None:
                bench.reset()
                assert stopping.run(bench.apply, StoppingFileSystem(death, stopping.die)) == -signal.SIGKILL

            for fault in faults(name, bench.recover, most, interrupted):
                interrupted()
                code = stopping.run(bench.recover, fault.on_real_disk())
                with trial.one(f"{name} at a call of recover", f"killed at call {death}, then {fault}"):
                    assert code in (0, 1, 3), f"exit {code}"
                    assert stopping.run(bench.recover) == 0
                    bench.demand_whole(f"exit {code}")


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_at_some_calls_leaves_what_the_exit_code_says(bench: Bench, tried: Tried, name: str) -> None:
    errors_in_apply(bench, name, 14 if name == "EIO" else 6, tried)


def test_a_file_that_cannot_be_opened_for_a_while_is_not_taken_for_somebody_else_s(bench: Bench, tried: Tried) -> None:
    """What cannot be read says nothing: put aside as another program's, it could never be put back any more."""
    errors_in_apply(bench, "EMFILE at an exchange", 1_000_000, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_at_any_call_leaves_what_the_exit_code_says(bench: Bench, tried: Tried, name: str) -> None:
    errors_in_apply(bench, name, 1_000_000, tried)


def deaths(bench: Bench, number: int) -> list[int]:
    """Return calls at which to kill a batch, spread evenly."""
    bench.reset()
    return spread(range(1, stopping.count(bench.apply) + 1), number)


@pytest.mark.parametrize("name", ["EIO", "ENOSPC"])
def test_an_error_at_some_calls_of_a_recovery_leaves_the_rest_to_the_next_one(
    bench: Bench, tried: Tried, name: str
) -> None:
    errors_in_recover(bench, name, deaths(bench, 5), 4 if name == "EIO" else 2, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_at_any_call_of_a_recovery_leaves_the_rest_to_the_next_one(
    bench: Bench, tried: Tried, name: str
) -> None:
    errors_in_recover(bench, name, deaths(bench, 20), 1_000_000 if name == "EIO" else 40, tried)


class ShortOfSpace(RealFileSystem):
    """A disk that takes only half of write number `at`, as a full one does; and then nothing, if `full`."""

    def __init__(self, at: int, *, full: bool) -> None:
        super().__init__()
        self.at, self.full, self.count = at, full, 0
        self._write = os.write
        os.write = self._short  # type: ignore[assignment]  # in a process of its own

    def _short(self, handle: int, data: bytes) -> int:
        self.count += 1
        if self.count == self.at and len(data) > 1:
            return self._write(handle, data[: len(data) // 2])
        if self.full and 0 < self.at < self.count:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._write(handle, data)

    def end(self) -> int:
        """Give the real write back; return how many there were."""
        os.write = self._write
        return self.count


class Late:
    """Stands for a file system that is made only in the process that uses it."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._made: object = None

    def __getattr__(self, verb: str) -> object:
        if self._made is None:
            self._made = self._make()
        return getattr(self._made, verb)


@pytest.mark.parametrize("full", [False, True], ids=["and then the rest", "and then none"])
def test_a_write_that_is_cut_short_is_gone_on_with_or_put_back(bench: Bench, tried: Tried, full: bool) -> None:
    at = 0
    while True:
        at += 1
        bench.reset()
        fs = Late(lambda at=at: ShortOfSpace(at, full=full))
        code, writes = stopping.ask(bench.apply, fs, lambda fs=fs: fs.end())
        if writes < at:
            break
        if not full:
            assert code == 0, f"write {at}: exit {code}"
        demand_truth(bench, code, f"write {at} cut short")
        tried("a short write in apply")
    assert at > 10
