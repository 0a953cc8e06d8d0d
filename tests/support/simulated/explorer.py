"""Tries every power cut of a batch: each state that it may leave is recovered, and so are power cuts of the recovery."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from core import api
from core.api import Committed, How, NeedsRecovery, Recovered, Result, RolledBack
from tests.support.simulated.bench import STATE, Bench
from tests.support.simulated.effects import Effect
from tests.support.simulated.filesystem import SimulatedFileSystem
from tests.support.simulated.image import Image
from tests.support.simulated.states import crash_states

_GOOD = (Result.PUT_BACK, Result.FINISHED)
BOTH = frozenset({"before", "after"})
CHANGING = frozenset(
    {
        "copy_content", "copy_metadata", "copy_range", "create", "exchange", "link", "make_folder", "make_symlink",
        "remove_folder", "rename", "replace", "set_runnable", "truncate", "unlink", "write",
    }
)  # fmt: skip


class State(NamedTuple):
    """What a power cut has left, where that was, and what the tree may be once it is recovered."""

    image: Image
    where: str
    allowed: frozenset[str]


def finish(bench: Bench, fs: SimulatedFileSystem) -> list[Recovered]:
    """Finish what can be finished, as a user may ask; put back the rest."""
    bench.forget(fs)
    for one in api.pending(STATE):
        api.recover(one.txn, How.FINISH, state=STATE)
    return bench.recover(fs)


class Found(Exception):
    """A violation, where the first one is enough."""


@dataclass
class Explorer:
    """`violations` says what went wrong; `seen` are the states that were recovered. `again`: every how manieth state's
    recovery is cut as well (0: none). `part`: (number, of how many) of the states to try, so that several can share them.
    """

    bench: Bench
    again: int = 0
    part: tuple[int, int] = (0, 1)
    stop_at_first: bool = False
    broken_sync: int = 0  # so manieth sync of a file fails
    recover: Callable[[SimulatedFileSystem], list[Recovered]] | None = None
    seen: set[int] = field(default_factory=set)
    verdicts: set[str] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)
    tried: int = 0
    inner: int = 0

    def explore(self) -> None:
        """Try everything."""
        for state in self._cut(self.bench.start, "apply", BOTH, self._apply):
            if len(self.seen) % self.part[1] == self.part[0]:
                self._try(state, is_inner=False)
            self.seen.add(state.image.key())

    def _apply(self, fs: SimulatedFileSystem) -> frozenset[str]:
        syncs = 0

        def fail(verb: str, arguments: tuple[object, ...]) -> None:
            nonlocal syncs
            syncs += verb == "sync_file"
            if verb == "sync_file" and syncs == self.broken_sync:
                raise OSError(errno.EIO, os.strerror(errno.EIO))

        fs.before = fail if self.broken_sync else None
        outcome = self.bench.apply(fs)
        if isinstance(outcome, RolledBack) and self.broken_sync:
            return frozenset({"before"})
        if isinstance(outcome, NeedsRecovery) and self.broken_sync:
            return BOTH
        if not isinstance(outcome, Committed):
            self._violate("apply", str(outcome))
        return frozenset({"after"})

    def _cut(
        self,
        image: Image,
        name: str,
        allowed: frozenset[str],
        act: Callable[[SimulatedFileSystem], frozenset[str]],
    ) -> Iterator[State]:
        """Act on disks that hold an image, and yield every new state that a power cut can leave meanwhile or afterwards."""
        fs = self.bench.filesystem(image, boot=1)
        journals = fs.live.find("/state/journals")
        found: list[State] = []
        keys: set[int] = set()
        calls = [0]

        def is_torn(ino: int) -> bool:
            return ino in fs.live.names[journals].values()

        def collect(newest: Effect | None, allowed: frozenset[str]) -> None:
            for state in crash_states(fs.storage, newest, is_torn):
                key = state.key()
                if newest is None or (key not in keys and key not in self.seen):
                    keys.add(key)
                    found.append(State(state, f"{name}, power cut after effect {calls[0]}: {newest!s:.90}", allowed))

        def note(effect: Effect) -> None:
            calls[0] += 1
            collect(effect, allowed)

        fs.storage.on_effect = note
        allowed_at_end = act(fs)
        fs.storage.on_effect = None
        collect(None, allowed_at_end)
        yield from found

    def _try(self, state: State, *, is_inner: bool) -> None:
        verdict = self._recover(state)
        if verdict is None or is_inner or not self.again or len(self.seen) % self.again:
            return
        same = frozenset({verdict})

        def again(fs: SimulatedFileSystem) -> frozenset[str]:
            (self.recover or self.bench.recover)(fs)
            return same

        meanwhile = BOTH if self.recover else same  # what is being finished may have to be put back after all
        for inner in self._cut(state.image, f"{state.where}; recover", meanwhile, again):
            self._try(inner, is_inner=True)
            self.seen.add(inner.image.key())
            self.inner += 1

    def _recover(self, state: State) -> str | None:
        """Recover a state and judge it; return the verdict where it is a good one."""
        self.tried += 1
        fs = self.bench.filesystem(state.image, boot=2)
        try:
            results = (self.recover or self.bench.recover)(fs)
            wrong = self._judge(state, fs, results) or self._second_time(fs)
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        if wrong:
            self._violate(state.where, wrong)
            return None
        verdict = self.bench.verdict(fs.live)
        self.verdicts.add(verdict)
        return verdict

    def _judge(self, state: State, fs: SimulatedFileSystem, results: list[Recovered]) -> str:
        may_keep = self.bench.variant.in_place
        bad = [one for one in results if one.result not in _GOOD or (one.kept and not may_keep)]
        verdict = self.bench.verdict(fs.live)
        if verdict not in state.allowed:
            return f"{verdict}, not {' or '.join(sorted(state.allowed))}"
        if bad:
            return str(bad)
        remains = self.bench.remains(fs.live)
        return f"left in the state directory: {remains}" if remains else ""

    def _second_time(self, fs: SimulatedFileSystem) -> str:
        """Recover once more: nothing may be found, nothing changed."""
        changes: list[str] = []
        fs.before = lambda verb, arguments: changes.append(verb) if verb in CHANGING else None
        results = self.bench.recover(fs)
        return f"a second recovery: {results} {changes}" if results or changes else ""

    def _violate(self, where: str, what: str) -> None:
        self.violations.append(f"{where}\n{what}")
        if self.stop_at_first:
            raise Found(where)
