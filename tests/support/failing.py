"""File systems on which calls fail, or on which something happens just before them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from core import api
from core.fs.real import RealFileSystem
from tests.support.stopping import MUTATING

SYNCS = frozenset({"sync_file", "sync_folder", "sync_volume"})
GROWING = frozenset({"copy_content", "copy_range", "create", "link", "make_folder", "make_symlink", "write"})


@dataclass
class FailingFileSystem:
    """The real file system, but call number `at` of the chosen verbs fails, and all after it if `for_good`."""

    at: int
    number: int
    verbs: frozenset[str] = MUTATING
    for_good: bool = False
    count: int = 0
    failed: list[str] = field(default_factory=list)
    synced_again: list[int] = field(default_factory=list)
    _spoilt: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.real = RealFileSystem()

    def __getattr__(self, verb: str) -> Callable[..., object]:
        method: Callable[..., object] = getattr(self.real, verb)
        if verb not in self.verbs and verb not in SYNCS and verb != "close":
            return method

        def watched(*arguments: object, **options: object) -> object:
            self._watch_syncs(verb, arguments)
            if verb in self.verbs:
                self._count(verb, arguments)
            return method(*arguments, **options)

        return watched

    def _count(self, verb: str, arguments: tuple[object, ...]) -> None:
        self.count += 1
        if self.count != self.at and not (self.for_good and self.count > self.at):
            return
        self.failed.append(verb)
        if verb == "sync_file" and isinstance(arguments[0], int):
            self._spoilt.add(arguments[0])
        raise OSError(self.number, os.strerror(self.number))

    def _watch_syncs(self, verb: str, arguments: tuple[object, ...]) -> None:
        handle = arguments[0] if arguments else None
        if isinstance(handle, int) and handle in self._spoilt:
            if verb == "close":
                self._spoilt.discard(handle)
            elif verb == "sync_file":
                self.synced_again.append(handle)


@dataclass
class ForeignHand:
    """The real file system, but another program does something just before call number `at` of those that change."""

    at: int
    action: Callable[[], object]
    count: int = 0

    def __post_init__(self) -> None:
        self.real = RealFileSystem()

    def __getattr__(self, verb: str) -> Callable[..., object]:
        method: Callable[..., object] = getattr(self.real, verb)
        if verb not in MUTATING:
            return method

        def counted(*arguments: object, **options: object) -> object:
            self.count += 1
            if self.count == self.at:
                self.action()
            return method(*arguments, **options)

        return counted


@contextmanager
def engine_on(fs: object) -> Iterator[None]:
    """Let the engine work on another file system."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "file_system", lambda: fs)
        yield
