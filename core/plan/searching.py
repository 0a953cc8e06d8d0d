"""Operations on whole trees: which files they change, and by which rewrites.

The sieve (`rg` where there is one, else our own reading) drops files that cannot match. What it keeps is read, its
encoding found out, and searched by the rules themselves; so the result never depends on the sieve. Nor does it depend on
how many processes look into the files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain

from core.content import encoding
from core.content import search as content
from core.content.edit import BadPattern
from core.content.encoding import Codec
from core.content.needles import Sieve
from core.content.search import Search
from core.errors import Problem, ProblemCode
from core.fs.api import FileSystem
from core.plan.disk import Finding
from core.plan.hunks import passes
from core.plan.looking import Candidates, Found, Looker, Wish, are_as_on_disk
from core.plan.operations import Convert, FindReplace
from core.plan.plan import Plan
from core.plan.selecting import Selector
from core.plan.sieving import Sieving
from core.progress import CancelToken, Meter, Phase
from core.relay import Relay


class TreeSearch:
    """Finds the files of one operation. `problems` are those with single files; they stop nothing else."""

    def __init__(self, fs: FileSystem, plan: Plan, meter: Meter, token: CancelToken, processes: int) -> None:
        self._fs = fs
        self._plan = plan
        self._meter = meter
        self._token = token
        self._processes = processes
        self.problems: list[Problem] = []

    def run(self, operation: FindReplace | Convert, *, settles: bool) -> Iterator[Found]:
        """Yield what is changed, in a stable order. Raises `Finding` when nothing can be searched at all.

        `settles`: whether the facts of what is found are wanted, since no later operation will change it.
        """
        self._meter.enter(Phase.SEARCH)
        searches, override = self._passes(operation), self._codec(operation)
        sieve = self._sieve(operation, searches, override)
        looker = Looker(self._fs, self._plan, Wish(operation, searches, override, sieve), self._token, settles=settles)
        unmet = set(operation.skip) if isinstance(operation, FindReplace) else set()
        selector = Selector(self._plan.tree, operation.scope, self._token)
        relay = Relay(looker.take, are_as_on_disk, self._processes, self._token.check)
        with closing(relay.run(Sieving(sieve, self._meter, self._token).run(selector.groups()))) as looks:
            for looked in looks:
                unmet -= looked.met
                for found in looked.found:
                    self._token.check()
                    if isinstance(found, Problem):
                        self.problems.append(found)
                        continue
                    self._meter.path = found.file.path
                    self._meter.matched += 1
                    yield found
                if looked.stopped is not None:
                    raise Finding.of(looked.stopped)
        for folder, error in selector.unreadable:
            self.problems.append(Problem(ProblemCode.UNREADABLE, folder, values={"error": error.strerror or ""}))
        if unmet and operation.scope.without:
            unmet -= self._met_in_left_out(operation, looker)
        if unmet:
            raise Finding(ProblemCode.UNKNOWN_SKIP, operation.path, skip=", ".join(sorted(unmet)))

    def _met_in_left_out(self, operation: FindReplace | Convert, looker: Looker) -> set[str]:
        """Look for what is to be skipped in files that are left out as a whole: somebody may have done one after the other.

        What is wrong with those files is in nobody's way.
        """
        scope = replace(operation.scope, only=operation.scope.without, without=frozenset())
        met: set[str] = set()
        for file in Selector(self._plan.tree, scope, self._token).files():
            met |= looker.take(Candidates([file], sieved=True)).met
        return met

    def _passes(self, operation: FindReplace | Convert) -> tuple[Search, ...]:
        if isinstance(operation, Convert):
            return ()
        found = passes(operation)
        try:
            for one in found:
                content.check(one.rules, operation.how)
        except BadPattern as error:
            raise Finding(ProblemCode.BAD_PATTERN, operation.path, reason=str(error)) from error
        return found

    def _codec(self, operation: FindReplace | Convert) -> Codec | None:
        name = operation.source if isinstance(operation, Convert) else operation.encoding
        return encoding.named(name) if name else None

    # which files may match

    def _sieve(self, operation: FindReplace | Convert, searches: tuple[Search, ...], override: Codec | None) -> Sieve:
        known = not operation.options.expect and (override is None or override.width == 1)
        needles = _needles(searches) if known else ()
        binary = operation.scope.binary or override is not None
        ignore_case = isinstance(operation, FindReplace) and operation.how.ignore_case
        return Sieve(needles, ignore_case=ignore_case, binary=binary)


def _needles(searches: tuple[Search, ...]) -> tuple[str, ...]:
    """Return texts of which each file that is changed contains one; () where nothing is known."""
    found = [one.needles() for one in searches]
    return tuple(dict.fromkeys(chain(*found))) if all(found) else ()
