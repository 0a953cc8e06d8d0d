"""Several processes at one large work: what the kernel does for a file takes longer than all code of ours.

Helpers are forked from the process that owns the work, do a part of it, and say what came of it; where that is to be
written down, the owner does it. Threads would not do: they wait for one another at each of the dozen calls for a file.

Helpers end with their owner, however it ends, and hold its locks until they have: a journal with a helper at work is not
an abandoned one.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import struct
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from core import helper
from core.progress import Cancelled, CancelToken

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_T = TypeVar("_T")
Work = Callable[[Iterator[int], CancelToken], Iterator[_T]]

_NUMBER = struct.Struct("=I")
_NUMBERS_AT_MOST = 1024  # a page of them, which any pipe takes before anybody reads from it
_PAUSE_SECONDS = 0.02


class Crew(Generic[_T]):
    """Has so many processes do the numbers below `count`, each of them once, in ascending order.

    `work` gets numbers and a token, and yields what came of them, which is pickled where a helper says it. Iterating yields
    (whether a helper did it, that). What was done before an error, in any process, is yielded before the first error is
    raised. A context manager: there is no helper any more at its end, and `taken` says up to which number any was begun.
    """

    def __init__(self, count: int, processes: int, work: Work[_T], token: CancelToken) -> None:
        self.taken = 0
        self._count = count
        self._processes = min(processes, count)  # more would find nothing to do
        self._work = work
        self._token = token
        self._stretch = count // _NUMBERS_AT_MOST + 1
        self._stopped = mmap.mmap(-1, 1)  # one byte that all processes see
        self._numbers: int | None = None  # a pipe: each reads from it what none has read before
        self._helpers: dict[Connection, int] = {}
        self._errors: list[BaseException] = []

    def __enter__(self) -> Crew[_T]:
        if self._processes > 1:
            self._numbers, end = os.pipe()
            os.write(end, b"".join(_NUMBER.pack(number) for number in range(0, self._count, self._stretch)))
            os.close(end)
        for _ in range(1, self._processes):
            with contextlib.suppress(OSError):  # no process to be had: the others do its part
                self._hire()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped[0] = 1
        for pipe in list(self._helpers):
            self._leave(pipe)
        self.taken = self._count
        if self._numbers is not None:
            if number := os.read(self._numbers, _NUMBER.size):
                (self.taken,) = _NUMBER.unpack(number)
            os.close(self._numbers)

    def __iter__(self) -> Iterator[tuple[bool, _T]]:
        """Do a part here, yield everything that was done anywhere, and raise the first error after that."""
        try:
            for result in self._work(self._taken(), self._token):
                yield False, result
                yield from self._heard(0)
        except (Exception, Cancelled) as error:  # noqa: BLE001 - raised again once the others have stopped
            self._stop(error)
        while self._helpers:
            try:
                self._token.check()
            except Cancelled as error:
                self._stop(error)
            yield from self._heard(_PAUSE_SECONDS)
        if self._errors:
            raise self._errors[0]

    def _hire(self) -> None:
        if sys.platform == "linux":
            from multiprocessing.connection import Pipe  # milliseconds, which small batches need not spend

            ours, theirs = Pipe(duplex=False)
            try:
                self._helpers[ours] = helper.fork(partial(self._help, theirs))
            finally:
                theirs.close()

    def _taken(self) -> Iterator[int]:
        """Take numbers that no other process has taken, as long as there are any and all goes well."""
        if self._numbers is None:
            yield from range(self._count)
            return
        while not self._stopped[0] and (number := os.read(self._numbers, _NUMBER.size)):
            (first,) = _NUMBER.unpack(number)
            yield from range(first, min(first + self._stretch, self._count))

    def _heard(self, seconds: float) -> Iterator[tuple[bool, _T]]:
        """Yield what helpers have said, waiting so long at most for the next word."""
        if not self._helpers:
            return
        from multiprocessing.connection import Connection, wait

        for pipe in wait(list(self._helpers), seconds):
            assert isinstance(pipe, Connection)
            try:
                result, error = pipe.recv()
            except (EOFError, OSError):
                result, error = None, OSError(errno.ECHILD, "a process that helped was ended")
            if result is not None:
                yield True, result
                continue
            self._leave(pipe)
            if error is not None:
                self._stop(error)

    def _leave(self, pipe: Connection) -> None:
        pipe.close()
        helper.wait(self._helpers.pop(pipe))

    def _stop(self, error: BaseException) -> None:
        self._errors.append(error)
        self._stopped[0] = 1

    def _help(self, pipe: Connection) -> None:
        """Be a helper."""
        try:
            for result in self._work(self._taken(), CancelToken(lambda: self._stopped[0] != 0)):
                pipe.send((result, None))
            pipe.send((None, None))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the owner's to raise
            with contextlib.suppress(Exception):
                pipe.send((None, error))
