"""Operations on whole trees: which files they change, and by which rewrites.

The sieve (`rg` where there is one, else our own reading) drops files that cannot match. What it keeps is read, its
encoding found out, and searched by the rules themselves; so the result never depends on the sieve.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from core.content import encoding
from core.content import search as content
from core.content.blocks import LineTooLong
from core.content.convert import Conversion, Undecodable, Wanted
from core.content.edit import BadPattern, Rewrite, Tally
from core.content.encoding import Codec, Nature, Unencodable
from core.content.needles import Sieve
from core.content.search import Search
from core.errors import ProblemCode
from core.fs import walk
from core.fs.api import FileSystem
from core.fs.walk import Whole
from core.plan import render
from core.plan.disk import Finding
from core.plan.hunks import hunks, passes
from core.plan.operations import Convert, FindReplace
from core.plan.plan import Plan
from core.plan.render import Seen
from core.plan.selecting import Selected, Selector
from core.plan.sieving import Sieving
from core.progress import CancelToken, Meter, Phase

Chunks = Callable[[], Iterator[bytes]]


class Found(NamedTuple):
    """A file that an operation changes, and how; `seen` where it is small and lies on the disk: then that is done."""

    file: Selected
    rewrites: tuple[Rewrite, ...]
    seen: Seen | None


class TreeSearch:
    """Finds the files of one operation. `findings` are problems with single files; they stop nothing else."""

    def __init__(self, fs: FileSystem, plan: Plan, meter: Meter, token: CancelToken) -> None:
        self._fs = fs
        self._plan = plan
        self._meter = meter
        self._token = token
        self._known: dict[tuple[Codec, str], tuple[Rewrite, ...]] = {}
        self._unmet: set[str] = set()
        self.findings: list[Finding] = []

    def run(self, operation: FindReplace | Convert) -> Iterator[Found]:
        """Yield what is changed, in a stable order. Raises `Finding` when nothing can be searched at all."""
        self._meter.enter(Phase.SEARCH)
        searches = self._passes(operation)
        override = self._codec(operation)
        self._unmet = set(operation.skip) if isinstance(operation, FindReplace) else set()
        selector = Selector(self._plan.tree, operation.scope, self._token)
        sieving = Sieving(self._sieve(operation, searches, override), self._meter, self._token, self._unreadable)
        for file in sieving.run(selector.groups()):
            self._token.check()
            self._meter.path = file.path
            found = self._looked_at(file, operation, searches, override)
            if found is not None:
                self._meter.matched += 1
                yield found
        for folder, error in selector.unreadable:
            self.findings.append(Finding(ProblemCode.UNREADABLE, folder, error=error.strerror or ""))
        if self._unmet and operation.scope.without:
            self._meet_left_out(operation, searches, override)
        if self._unmet:
            raise Finding(ProblemCode.UNKNOWN_SKIP, operation.path, skip=", ".join(sorted(self._unmet)))

    def _meet_left_out(
        self, operation: FindReplace | Convert, searches: tuple[Search, ...], override: Codec | None
    ) -> None:
        """Look for what is to be skipped in files that are left out as a whole: somebody may have done one after the other."""
        scope = replace(operation.scope, only=operation.scope.without, without=frozenset())
        known = list(self.findings)
        for file in Selector(self._plan.tree, scope, self._token).files():
            with contextlib.suppress(Finding):
                self._looked_at(file, operation, searches, override)
        self.findings = known  # what is wrong with those files is in nobody's way

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

    # what is in them

    def _looked_at(
        self, file: Selected, operation: FindReplace | Convert, searches: tuple[Search, ...], override: Codec | None
    ) -> Found | None:
        try:
            whole = walk.whole(file.origin) if file.is_as_on_disk else None
            chunks = self._chunks(file, whole)
            nature = encoding.inspect(chunks(), override)
            if not nature.is_text and not operation.scope.binary:
                return None
            rewrites = self._rewrites(file, operation, searches, nature, chunks)
            tally, seen = Tally(), None
            if whole is not None:
                after = b"".join(render.edited(rewrites, chunks(), tally))
                seen = Seen(whole, after, tally.matches)
            if tally.matches or operation.options.expect or (whole is None and _changes(rewrites, chunks)):
                return Found(file, rewrites, seen)
        except TimeoutError as error:  # which is an OSError
            # A pattern that runs wild in one file does so in others like it.
            raise Finding(ProblemCode.PATTERN_TIMEOUT, file.path) from error
        except OSError as error:
            self._unreadable(file, error)
        except LineTooLong:
            self.findings.append(Finding(ProblemCode.LONG_LINE, file.path))
        except Unencodable as error:
            values = {"character": error.character, "encoding": error.encoding}
            self.findings.append(Finding(ProblemCode.UNENCODABLE, file.path, **values))
        except Undecodable as error:
            self.findings.append(Finding(ProblemCode.UNDECODABLE, file.path, encoding=str(error)))
        return None

    def _unreadable(self, file: Selected, error: OSError) -> None:
        self.findings.append(Finding(ProblemCode.UNREADABLE, file.path, error=error.strerror or ""))

    def _chunks(self, file: Selected, whole: Whole | None) -> Chunks:
        """Return what yields the content, again and again; a small file is read only once."""
        if whole is not None:
            content = whole.content
            return lambda: iter((content,))
        node, origin = file.node, file.origin
        if node is not None and node.has_new_content:
            return lambda: render.chunks(self._fs, node, self._plan.scratch)
        return lambda: walk.blocks(origin)

    def _rewrites(
        self,
        file: Selected,
        operation: FindReplace | Convert,
        searches: tuple[Search, ...],
        nature: Nature,
        chunks: Chunks,
    ) -> tuple[Rewrite, ...]:
        """Return how the file is changed; one tuple serves all files of a kind."""
        known = self._known.get((nature.codec, nature.newline))
        if known is None:
            if isinstance(operation, Convert):
                known = (_conversion(operation.wanted, nature),)
            else:
                known = tuple(one.of(nature.codec, nature.newline) for one in searches)
            self._known[nature.codec, nature.newline] = known
        if isinstance(operation, FindReplace) and operation.skip:
            return self._without(known, operation, file, chunks)
        return known

    def _without(
        self, rewrites: tuple[Rewrite, ...], operation: FindReplace, file: Selected, chunks: Chunks
    ) -> tuple[Rewrite, ...]:
        """Leave out the matches that are to be skipped, which are known by their ids."""
        found: list[Rewrite] = []
        for part, one in enumerate(rewrites):
            assert isinstance(one, Search)
            stream = chunks()
            for earlier in found:
                stream = earlier.run(stream, Tally())
            left_out = [hunk for hunk in hunks(one, stream, file.relative, part) if hunk.id in operation.skip]
            self._unmet -= {hunk.id for hunk in left_out}
            found.append(replace(one, skip=frozenset(hunk.number for hunk in left_out)) if left_out else one)
        return tuple(found)


def _needles(searches: tuple[Search, ...]) -> tuple[str, ...]:
    """Return texts of which each file that is changed contains one; () where nothing is known."""
    found = [one.needles() for one in searches]
    return tuple(dict.fromkeys(chain(*found))) if all(found) else ()


def _changes(rewrites: tuple[Rewrite, ...], chunks: Chunks) -> bool:
    if len(rewrites) == 1 and isinstance(rewrites[0], Search):
        return rewrites[0].matches(chunks())
    tally = Tally()
    stream = chunks()
    for one in rewrites:
        stream = one.run(stream, tally)
    for _ in stream:
        pass
    return tally.matches > 0


def _conversion(wanted: Wanted, nature: Nature) -> Conversion:
    target = encoding.named(wanted.encoding) if wanted.encoding else Codec(nature.codec.name)
    return Conversion(wanted, nature.codec, target, nature.newline or "\n")
