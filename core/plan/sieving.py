"""Which of the selected files may have a match at all: by `rg` where there is one; else whoever looks into them sees to it.

The same files come out either way; only what cannot match is dropped.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import NamedTuple

from core.content.needles import Sieve, expression
from core.fs import ripgrep
from core.plan.looking import Candidates
from core.plan.selecting import Group, Selected
from core.progress import CancelToken, Meter

_FEW = 100
_FIRST, _BATCH = 250, 4_000  # files in a call of rg: few in the first one, so that there is something to show soon
_AT_ONCE = 64  # files that are looked into by one process before another one is asked
_PART = 1_000  # files of one folder that are named one by one
_ARGUMENTS = 1 << 18  # characters: a quarter of what Linux allows, at the worst
# Endings decide nothing but who looks first: rg reads a whole binary file where we see at its beginning that it is one.
_NO_TEXT = frozenset(
    {
        *(".pyc", ".so", ".o", ".a", ".ko", ".exe", ".dll", ".class", ".jar", ".png", ".jpg", ".jpeg", ".gif", ".ico"),
        *(".pdf", ".zip", ".gz", ".xz", ".bz2", ".zst", ".whl", ".mo", ".ttf", ".otf", ".woff", ".woff2", ".mp3"),
        ".mp4",
    }
)


class Sieving:
    """Takes files out of a selection."""

    def __init__(self, sieve: Sieve, meter: Meter, token: CancelToken) -> None:
        self._sieve = sieve
        self._meter = meter
        self._token = token

    def run(self, groups: Iterator[Group]) -> Iterator[Candidates]:
        """Yield the files that may have a match, in order, and few at a time, so that there is something to show soon."""
        program = ripgrep.program() if self._sieve.needles else ""
        groups = _parts(groups)
        first = _batch(groups, _FIRST) if program else []
        if sum(len(told.group.names) for told in first) < _FEW:  # starting rg takes longer than a few files do
            yield from self._unsieved(chain((told.group for told in first), groups))
        else:
            yield from self._by_rg(program, first, groups)

    def _unsieved(self, groups: Iterator[Group]) -> Iterator[Candidates]:
        files, size = self._counted(chain.from_iterable(group.files() for group in groups)), 1
        while part := list(islice(files, size)):
            yield Candidates(part, sieved=False)
            size = min(2 * size, _AT_ONCE)

    def _counted(self, files: Iterator[Selected]) -> Iterator[Selected]:
        for one in files:
            self._token.check()
            self._meter.files_done += 1
            yield one

    def _by_rg(self, program: str, first: list[_Told], groups: Iterator[Group]) -> Iterator[Candidates]:
        waiting: deque[list[_Told]] = deque()

        def batches() -> Iterator[list[str]]:
            batch, size = first, _FIRST
            while batch:
                waiting.append(batch)
                yield [one for told in batch for one in told.arguments]
                size = min(2 * size, _BATCH)
                batch = _batch(groups, size)

        pattern = expression(self._sieve.needles, ignore_case=self._sieve.ignore_case)
        for found in ripgrep.sieve(program, pattern, batches(), self._token.check):
            if found is ripgrep.WAITING:
                yield Candidates([], sieved=True)  # so that what helpers have found meanwhile is asked for
                continue
            call = waiting.popleft()
            pairs = chain.from_iterable(_kept(told, found) for told in call)
            for sieved, run in groupby(pairs, itemgetter(1)):
                files = (file for file, _ in run)
                while part := list(islice(files, _AT_ONCE)):
                    yield Candidates(part, sieved)
            self._meter.files_done += sum(len(told.group.names) for told in call)


def _kept(told: _Told, found: frozenset[str] | None) -> Iterator[tuple[Selected, bool]]:
    """Yield what may match of a group, and whether rg says so: it may not have been told of it, or have failed (None)."""
    group = told.group
    if found is None:
        yield from ((one, False) for one in group.files())
    elif told.as_one:
        yield from ((group.file(name), True) for name in group.names if group.base + name in found)
    else:
        arguments = set(told.arguments)
        for one in group.files():
            if one.origin not in arguments:
                yield one, False
            elif one.origin in found:
                yield one, True


class _Told(NamedTuple):
    """A group, and what rg is told of: the folder `as_one`, or its files one by one, as far as they are on the disk."""

    group: Group
    as_one: bool
    arguments: list[str]


def _batch(groups: Iterator[Group], size: int) -> list[_Told]:
    """Take about so many files, and no more than one call of rg can be told of."""
    found: list[_Told] = []
    files = characters = 0
    for group in groups:
        found.append(_told(group))
        files += len(group.names)
        characters += sum(map(len, found[-1].arguments))
        if files >= size or characters > _ARGUMENTS:
            break
    return found


def _told(group: Group) -> _Told:
    endings = {name[name.rfind(".") :] for name in group.names if "." in name}
    if group.whole and endings.isdisjoint(_NO_TEXT) and os.sep == "/":
        return _Told(group, as_one=True, arguments=[group.base.rstrip("/") or "/"])
    arguments = [one.origin for one in group.files() if one.is_as_on_disk and not _is_no_text(one.origin)]
    return _Told(group, as_one=False, arguments=arguments)


def _parts(groups: Iterator[Group]) -> Iterator[Group]:
    """Cut groups into parts that one call of rg can be told of file by file."""
    for group in groups:
        if group.whole or len(group.names) <= _PART:
            yield group
            continue
        for begin in range(0, len(group.names), _PART):
            yield replace(group, names=group.names[begin : begin + _PART])


def _is_no_text(path: str) -> bool:
    return path[path.rfind(".") :] in _NO_TEXT
