"""What a search finds in a file, and what becomes of the file. Reads, and changes nothing: helpers look as well as we do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from core.content import encoding
from core.content.blocks import LineTooLong
from core.content.convert import Conversion, Undecodable, Wanted
from core.content.edit import Rewrite, Tally
from core.content.encoding import Codec, Nature, Unencodable
from core.content.needles import Sieve
from core.content.search import Search
from core.errors import Problem, ProblemCode
from core.fs import walk
from core.fs.api import FileSystem
from core.fs.walk import Whole
from core.plan import render
from core.plan.disk import Finding
from core.plan.hunks import hunks
from core.plan.operations import Convert, FindReplace
from core.plan.plan import Plan
from core.plan.seen import Seen, see
from core.plan.selecting import Selected
from core.progress import CancelToken

Chunks = Callable[[], Iterator[bytes]]
_GLANCE = 1 << 16  # bytes in which most files that are no text show it


class Found(NamedTuple):
    """A file that an operation changes, and how; `seen` where it is small and lies on the disk: then that is done."""

    file: Selected
    rewrites: tuple[Rewrite, ...]
    seen: Seen | None


class Candidates(NamedTuple):
    """Files that may have a match. `sieved`: whether those are left out that cannot have one."""

    files: list[Selected]
    sieved: bool


def are_as_on_disk(candidates: Candidates) -> bool:
    """Whether the batch has no hand in any of the files so far."""
    return all(one.node is None for one in candidates.files)


class Looked(NamedTuple):
    """What was found in candidates, or is wrong with them, in their order, and which matches to skip were met.

    `stopped`: why nothing further can be searched at all.
    """

    found: list[Found | Problem]
    met: set[str]
    stopped: Problem | None = None


class Wish(NamedTuple):
    """What is looked for. `override`: the encoding that somebody named."""

    operation: FindReplace | Convert
    searches: tuple[Search, ...]
    override: Codec | None
    sieve: Sieve


class Looker:
    """Looks into files. `settles`: whether it is worth knowing at once what becomes of them, since nothing else follows."""

    def __init__(self, fs: FileSystem, plan: Plan, wish: Wish, token: CancelToken, *, settles: bool) -> None:
        self._fs = fs
        self._plan = plan
        self._wish = wish
        self._token = token
        self._settles = settles
        self._known: dict[tuple[Codec, str], tuple[Rewrite, ...]] = {}
        self._looked = Looked([], set())

    def take(self, candidates: Candidates) -> Looked:
        """Look into all of them."""
        self._looked = Looked([], set())
        for file in candidates.files:
            self._token.check()
            try:
                found = self._look(file, sieved=candidates.sieved)
            except Finding as finding:
                return self._looked._replace(stopped=finding.problem)
            if found is not None:
                self._looked.found.append(found)
        return self._looked

    def _look(self, file: Selected, *, sieved: bool) -> Found | None:
        try:
            return self._find(file) if sieved or self._keeps(file) else None
        except TimeoutError as error:  # which is an OSError
            # A pattern that runs wild in one file does so in others like it.
            raise Finding(ProblemCode.PATTERN_TIMEOUT, file.path) from error
        except OSError as error:
            self._problem(ProblemCode.UNREADABLE, file, error=error.strerror or "")
        except LineTooLong:
            self._problem(ProblemCode.LONG_LINE, file)
        except Unencodable as error:
            self._problem(ProblemCode.UNENCODABLE, file, character=error.character, encoding=error.encoding)
        except Undecodable as error:
            self._problem(ProblemCode.UNDECODABLE, file, encoding=str(error))
        return None

    def _problem(self, code: ProblemCode, file: Selected, **values: object) -> None:
        self._looked.found.append(Problem(code, file.path, values=values))

    def _keeps(self, file: Selected) -> bool:
        return not file.is_as_on_disk or self._wish.sieve.keeps(walk.blocks(file.origin, _GLANCE))

    def _find(self, file: Selected) -> Found | None:
        operation = self._wish.operation
        whole = walk.whole(file.origin) if file.is_as_on_disk else None
        chunks = self._chunks(file, whole)
        nature = encoding.inspect(chunks(), self._wish.override)
        if not nature.is_text and not operation.scope.binary:
            return None
        rewrites = self._rewrites(file, nature, chunks)
        if whole is None:
            is_found = bool(operation.options.expect) or _changes(rewrites, chunks)
            return Found(file, rewrites, None) if is_found else None
        tally = Tally()
        after = b"".join(render.edited(rewrites, chunks(), tally))
        if not tally.matches and not operation.options.expect:
            return None
        return Found(file, rewrites, self._seen(file, whole, after, tally.matches) if self._settles else None)

    def _seen(self, file: Selected, was: Whole, after: bytes, matches: int) -> Seen | None:
        guarded = self._wish.operation.options.guard
        return see(self._plan.tree.disk, file.path, file.origin, was, after, matches, guarded=guarded)

    def _chunks(self, file: Selected, whole: Whole | None) -> Chunks:
        """Return what yields the content, again and again; a small file is read only once."""
        if whole is not None:
            content = whole.content
            return lambda: iter((content,))
        node, origin = file.node, file.origin
        if node is not None and node.has_new_content:
            return lambda: render.chunks(self._fs, node, self._plan.scratch)
        return lambda: walk.blocks(origin)

    def _rewrites(self, file: Selected, nature: Nature, chunks: Chunks) -> tuple[Rewrite, ...]:
        """Return how the file is changed; one tuple serves all files of a kind."""
        operation = self._wish.operation
        known = self._known.get((nature.codec, nature.newline))
        if known is None:
            if isinstance(operation, Convert):
                known = (_conversion(operation.wanted, nature),)
            else:
                known = tuple(one.of(nature.codec, nature.newline) for one in self._wish.searches)
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
            self._looked.met.update(hunk.id for hunk in left_out)
            found.append(replace(one, skip=frozenset(hunk.number for hunk in left_out)) if left_out else one)
        return tuple(found)


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
