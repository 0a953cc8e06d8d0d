"""Which of the selected files may have a match at all: by `rg` where there is one, else by our own reading.

The same files come out either way; only what cannot match is dropped.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from core.content.needles import Sieve, expression
from core.fs import ripgrep, walk
from core.plan.selecting import Group, Selected
from core.progress import CancelToken, Meter

_FEW = 100
_FIRST, _BATCH = 250, 4_000  # files in a call of rg: few in the first one, so that there is something to show soon
_PART = 1_000  # files of one folder that are named one by one
_GLANCE = 1 << 16  # bytes in which most files that are no text show it
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
    """Takes files out of a selection. `unreadable` is told of those that cannot be looked at."""

    def __init__(
        self, sieve: Sieve, meter: Meter, token: CancelToken, unreadable: Callable[[Selected, OSError], None]
    ) -> None:
        self._sieve = sieve
        self._meter = meter
        self._token = token
        self._unreadable = unreadable

    def run(self, groups: Iterator[Group]) -> Iterator[Selected]:
        """Yield the files that may have a match, in order."""
        program = ripgrep.program() if self._sieve.needles else ""
        groups = _parts(groups)
        first = _batch(groups, _FIRST) if program else []
        if sum(len(told.group.names) for told in first) < _FEW:  # starting rg takes longer than a few files do
            for group in chain((told.group for told in first), groups):
                yield from self._read(group.files())
        else:
            yield from self._by_rg(program, first, groups)

    def _read(self, files: Iterator[Selected]) -> Iterator[Selected]:
        for one in files:
            self._token.check()
            self._meter.files_done += 1
            if self._keeps(one):
                yield one

    def _keeps(self, file: Selected) -> bool:
        try:
            return not file.is_as_on_disk or self._sieve.keeps(walk.blocks(file.origin, _GLANCE))
        except OSError as error:
            self._unreadable(file, error)
            return False

    def _by_rg(self, program: str, first: list[_Told], groups: Iterator[Group]) -> Iterator[Selected]:
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
            for told in waiting.popleft():
                self._meter.files_done += len(told.group.names)
                yield from told.group.files() if found is None else self._kept(told, found)

    def _kept(self, told: _Told, found: frozenset[str]) -> Iterator[Selected]:
        """Yield what may match of a group, of which rg has found some files; we look ourselves at what it was not told of."""
        group = told.group
        if told.as_one:
            yield from (group.file(name) for name in group.names if group.base + name in found)
            return
        arguments = set(told.arguments)
        for one in group.files():
            if one.origin in found if one.origin in arguments else self._keeps(one):
                yield one


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
