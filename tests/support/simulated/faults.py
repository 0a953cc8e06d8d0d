"""Everything else that can go wrong at a call: an error of the disk, Cancel, another program."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from core import api, names
from core.api import Committed, NeedsRecovery, Outcome, Reason, Refused, Result, RolledBack
from core.progress import CancelToken
from tests.support.simulated.bench import STATE, TREE, Bench
from tests.support.simulated.explorer import BOTH, Found
from tests.support.simulated.filesystem import SimulatedFileSystem
from tests.support.simulated.image import Image, Picture
from tests.support.simulated.states import crash_states

THEIRS = b"THEIRS"
# What is found where a file was just moved to may have been saved there, or at its old name just before: it goes back.
_SOURCES = {"other/arrived.txt": "sub/wanders.txt"}
Save = Callable[[SimulatedFileSystem, str, bytes], None]


@dataclass
class Breaking:
    """Lets verb number `at` fail, and all after it if `for_good`; a write leaves half of its bytes first."""

    fs: SimulatedFileSystem
    at: int
    number: int
    for_good: bool
    count: int = 0

    def __call__(self, verb: str, arguments: tuple[object, ...]) -> None:
        self.count += 1
        if self.count != self.at and not (self.for_good and self.count > self.at):
            return
        if verb == "write":
            handle, data = arguments
            assert isinstance(handle, int)
            assert isinstance(data, bytes)
            self.fs.put(handle, data[: len(data) // 2])
        raise OSError(self.number, os.strerror(self.number))


@dataclass
class Faults:
    """Tries faults. `violations` says what went wrong, `tried` how many points there were. `cuts`: power cuts after each."""

    bench: Bench
    cuts: int = 6
    tried: int = 0
    violations: list[str] = field(default_factory=list)
    outcomes: set[str] = field(default_factory=set)
    stop_at_first: bool = False

    def calls(self) -> int:
        """Return how many verbs a batch without faults uses."""
        fs = self.bench.filesystem()
        counted = Breaking(fs, 0, 0, for_good=False)
        fs.before = counted
        self.bench.apply(fs)
        return counted.count

    def error(self, at: int, number: int, *, for_good: bool) -> None:
        """Let a call fail."""
        fs = self.bench.filesystem()
        fs.before = Breaking(fs, at, number, for_good)
        words = f"{os.strerror(number)} at call {at}{' and from there on' if for_good else ''}"
        try:
            outcome = self.bench.apply(fs)
        except OSError as error:  # the state directory cannot be opened: nothing was begun
            outcome = RolledBack("", Reason.ERROR, 0, error=str(error))
        fs.before = None
        self._judge(words, fs, outcome)

    def cancel(self, at: int) -> None:
        """Cancel just before a call."""
        fs, token, count = self.bench.filesystem(), CancelToken(), [0]

        def before(verb: str, arguments: tuple[object, ...]) -> None:
            count[0] += 1
            if count[0] == at:
                token.cancel()

        fs.before = before
        outcome = self.bench.apply(fs, token)
        fs.before = None
        if not isinstance(outcome, Committed | RolledBack):
            self._violate(f"Cancel at call {at}", str(outcome))
        self._judge(f"Cancel at call {at}", fs, outcome)

    def save(self, at: int, path: str, save: Save) -> None:
        """Let another program save a file just before a call: its bytes stay, and all else is before or after."""
        fs, count, saved = self.bench.filesystem(), [0], [False]

        def before(verb: str, arguments: tuple[object, ...]) -> None:
            count[0] += 1
            if count[0] == at and fs.live.find(path.rpartition("/")[0]):  # else its folder has gone
                save(fs, path, THEIRS)
                ino = fs.live.find(path)
                saved[0] = bool(ino) and fs.live.inodes[ino].data.startswith(THEIRS)

        fs.before = before
        outcome = self.bench.apply(fs)
        fs.before = None
        self.tried += 1
        self.outcomes.add(type(outcome).__name__)
        words = f"{path} saved before call {at}: {outcome}"
        if isinstance(outcome, NeedsRecovery):
            self.bench.recover(fs)
        if not saved[0]:  # there was nothing to write into, or the name was taken
            self._judge(words, fs, outcome)
            return
        self._judge_saved(words, fs.live, path.removeprefix(f"{TREE}/"), outcome)

    def recover_meanwhile(self, at: int) -> None:
        """Let another engine recover just before a call: it must keep its hands off."""
        fs, count = self.bench.filesystem(), [0]

        def before(verb: str, arguments: tuple[object, ...]) -> None:
            count[0] += 1
            if count[0] == at:
                fs.before = None
                results = api.recover_all(STATE)
                if any(one.result is not Result.BUSY for one in results):
                    self._violate(f"another engine at call {at}", str(results))

        fs.before = before
        outcome = self.bench.apply(fs)
        fs.before = None
        if not isinstance(outcome, Committed):
            self._violate(f"another engine at call {at}", str(outcome))
        self._judge(f"another engine at call {at}", fs, outcome)

    def _judge_saved(self, words: str, image: Image, path: str, outcome: Outcome) -> None:
        found = image.picture(TREE)
        theirs = {one for one, what in found.items() if _is_theirs(what)}
        is_ours = names.parse_side(path) is not None  # where we need a side name, a stranger's file has to go aside
        if not theirs or (not theirs & {path, _SOURCES.get(path)} and not is_ours):
            self._violate(words, f"their bytes have lost their name: {sorted(theirs)}")
        kept = {one for one in found if names.parse_visible(one) is not None}
        if any(names.parse_side(one.rpartition("/")[2]) for one in found.keys() - theirs):
            self._violate(words, f"a side file is left: {sorted(found)}")
        moved = {one for one in found if one.rpartition("/")[2] == "mine"}
        aside = theirs | kept | moved | {path}
        wanted = [self.bench.after] if isinstance(outcome, Committed) else [self.bench.before]
        if not any(_without(found, aside) == _without(one, aside) for one in wanted):
            self._violate(words, self.bench.verdict(image))

    def _judge(self, words: str, fs: SimulatedFileSystem, outcome: Outcome) -> None:
        self.tried += 1
        self.outcomes.add(type(outcome).__name__)
        allowed = BOTH
        if isinstance(outcome, Committed):
            allowed = frozenset({"after"})
        elif isinstance(outcome, RolledBack | Refused):
            allowed = frozenset({"before"})
            if (verdict := self.bench.verdict(fs.live)) != "before":
                self._violate(f"{words}: {outcome}", verdict)
        cuts = list(islice(crash_states(fs.storage, None, lambda ino: False), self.cuts))
        for number, image in enumerate([fs.live, *cuts]):
            where = f"{words}: {outcome}, {f'then power cut {number}' if number else 'then recovered'}"
            self._recover(where, image, allowed)

    def _recover(self, where: str, image: Image, allowed: frozenset[str]) -> None:
        fs = self.bench.filesystem(image, boot=1)
        results = self.bench.recover(fs)
        verdict = self.bench.verdict(fs.live)
        if verdict not in allowed:
            self._violate(where, verdict)
        if remains := self.bench.remains(fs.live):
            self._violate(where, f"left in the state directory: {remains}, {results}")

    def _violate(self, where: str, what: str) -> None:
        self.violations.append(f"{where}\n{what}")
        if self.stop_at_first:
            raise Found(where)


def _is_theirs(what: tuple[object, ...]) -> bool:
    return isinstance(what[2], bytes) and what[2].startswith(THEIRS)


def _without(picture: Picture, names_aside: set[str]) -> Picture:
    return {path: what for path, what in picture.items() if path not in names_aside}
