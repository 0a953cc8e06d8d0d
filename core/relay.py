"""Several processes at a work that comes in bit by bit: what is found in many files takes longer than to find the files.

Helpers know all as it was when they were forked, are sent parts of what came since, and send back what they made of each.
They only read, so one that nobody waits for any more is simply killed; and whatever a helper could not do, or did not do
soon, its owner does.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pickle
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from core import helper

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")

_SOON_SECONDS = 0.1  # a work that is done by then needs no helper
_EACH = 6  # parts that a helper has: one to do, and more to go on with while its owner is busy
_PIPE = 1 << 18  # bytes, where the system has them to spare
_PAUSE_SECONDS = 0.02
# A helper was forked among threads, and may wait for ever for what one of them had just then; least likely once it has
# answered, when it is rather at a large file.
_PATIENCE_SECONDS = 10.0
_LONG_PATIENCE_SECONDS = 120.0
_HEADER = 4  # bytes before a message


class _Helper:
    """A process that takes parts. `room`: bytes that can be sent to it without waiting."""

    _requests: Connection
    _answers: Connection
    _pid: int
    room: int

    def __init__(self, work: Callable[[_Part], _Result]) -> None:
        self.parts = 0
        self.has_spoken = False
        if sys.platform == "linux":
            import fcntl
            from multiprocessing.connection import Pipe  # milliseconds, which small works need not spend

            asked, self._requests = Pipe(duplex=False)
            self._answers, told = Pipe(duplex=False)
            if fcntl.fcntl(asked.fileno(), fcntl.F_GETPIPE_SZ) < _PIPE:
                with contextlib.suppress(OSError):
                    fcntl.fcntl(asked.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
            page = os.sysconf("SC_PAGE_SIZE")  # of which a message fills the last one in part
            pages = fcntl.fcntl(asked.fileno(), fcntl.F_GETPIPE_SZ) // page
            self.room = (pages // _EACH - 1) * page - _HEADER
            try:
                self._pid = helper.fork(partial(_serve, asked, told, work))
            finally:
                asked.close()
                told.close()
        else:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    def send(self, data: bytes) -> bool:
        """Send a part, unless that would have to wait."""
        if self.parts >= _EACH or len(data) > self.room:
            return False
        try:
            self._requests.send_bytes(data)
        except OSError:  # it has been killed
            return False
        self.parts += 1
        return True

    def has_answered(self, seconds: float = 0.0) -> bool:
        """Wait so long at most for an answer, or for its end."""
        return self._answers.poll(seconds)

    def answer(self) -> bytes:
        """Return the next answer, b"" for a part that it could not do. Raises OSError or EOFError where it has ended."""
        self.parts -= 1
        self.has_spoken = True
        return self._answers.recv_bytes()

    def dismiss(self) -> None:
        """Have it no longer, whatever it is at."""
        self._requests.close()
        self._answers.close()
        if sys.platform == "linux":
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            helper.wait(self._pid)


@dataclass(slots=True)
class _Begun(Generic[_Part, _Result]):
    """A part, and the helper that does it; None: it is done, or has failed."""

    part: _Part | None
    helper: _Helper | None = None
    result: _Result | None = None
    error: Exception | None = None


class Relay(Generic[_Part, _Result]):
    """Does parts as they come, `processes` at once, and yields what came of them in their order.

    `work` does a part, and `may_go` says whether a helper, which knows nothing of what happened lately, can do it.
    `check` is called while one waits, and may raise.
    """

    def __init__(
        self,
        work: Callable[[_Part], _Result],
        may_go: Callable[[_Part], bool],
        processes: int,
        check: Callable[[], None],
    ) -> None:
        self._work = work
        self._may_go = may_go
        self._wanted = processes - 1
        self._ahead = _EACH * processes  # parts that may wait for one before them
        self._check = check
        self._helpers: list[_Helper] = []
        self._spent = 0.0  # seconds of our own

    def run(self, parts: Iterable[_Part]) -> Generator[_Result, None, None]:
        """Yield the results. Raises what `work` or `parts` raises, after the results of all parts before that."""
        begun: deque[_Begun[_Part, _Result]] = deque()
        try:
            for begin in self._all(parts):
                begun.append(begin)
                while begun and (len(begun) > self._ahead or self._is_there(begun[0])):
                    yield self._end(begun.popleft())
            while begun:
                yield self._end(begun.popleft())
        finally:
            while self._helpers:
                self._helpers.pop().dismiss()

    def _all(self, parts: Iterable[_Part]) -> Iterator[_Begun[_Part, _Result]]:
        """Begin all parts, one by one; one that cannot be had has failed."""
        coming = iter(parts)
        while True:
            try:
                part = next(coming)
            except StopIteration:
                return
            except Exception as error:  # noqa: BLE001 - raised when it is its turn
                yield _Begun(None, error=error)
                return
            if self._spent > _SOON_SECONDS:
                self._hire()
            yield self._begin(part)

    def _hire(self) -> None:
        try:
            while self._wanted > 0:
                self._wanted -= 1
                self._helpers.append(_Helper(self._work))
        except OSError:  # no process to be had
            self._wanted = 0

    def _begin(self, part: _Part) -> _Begun[_Part, _Result]:
        if self._helpers and self._may_go(part):
            data = pickle.dumps(part)
            for one in sorted(self._helpers, key=lambda one: one.parts):
                if one.send(data):
                    return _Begun(part, one)
        return self._do(_Begun(part))

    def _do(self, begun: _Begun[_Part, _Result]) -> _Begun[_Part, _Result]:
        started = time.perf_counter()
        try:
            begun.result = self._work(cast("_Part", begun.part))
        except Exception as error:  # noqa: BLE001 - raised when it is the turn of this part
            begun.error = error
        self._spent += time.perf_counter() - started
        return begun

    def _is_there(self, begun: _Begun[_Part, _Result]) -> bool:
        return begun.helper not in self._helpers or begun.helper.has_answered()

    def _end(self, begun: _Begun[_Part, _Result]) -> _Result:
        if begun.helper is not None:
            answer = self._answer(begun.helper)
            if answer:
                result: _Result = pickle.loads(answer)  # noqa: S301 - made by a process of our own
                return result
            self._do(begun)
        if begun.error is not None:
            raise begun.error
        return cast("_Result", begun.result)

    def _answer(self, one: _Helper) -> bytes:
        give_up = time.monotonic() + (_LONG_PATIENCE_SECONDS if one.has_spoken else _PATIENCE_SECONDS)
        while one in self._helpers:
            self._check()
            try:
                if one.has_answered(_PAUSE_SECONDS):
                    return one.answer()
            except (OSError, EOFError):
                give_up = 0.0
            if time.monotonic() > give_up:
                self._helpers.remove(one)
                one.dismiss()
        return b""


def _serve(requests: Connection, answers: Connection, work: Callable[[_Part], _Result]) -> None:
    """Do what is asked for, until killed."""
    while True:
        part = pickle.loads(requests.recv_bytes())  # noqa: S301 - made by the owner
        try:
            answer = pickle.dumps(work(part))
        except Exception:  # noqa: BLE001 - whatever it is, the owner comes to it as well
            answer = b""
        answers.send_bytes(answer)
