"""Asserts the order of calls that `core.txn` promises, while any test runs.

A forwarding file system between the engine and whatever disk the test gives it. It keeps account of what is durable
by the calls alone (`book`: of the journals; `dirt`: of everything else) and notes each call that an
invariant forbids. It never interferes: a call goes through as it came, and what is noted fails the test at its end.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from core.fs.api import FileSystem
from core.fs.forward import ForwardingFileSystem
from core.journal.home import Home
from core.patterns.door import Door
from tests.support.order.rules import Rules

_CALLS_TOLD = 30
_UNTOLD = frozenset({"fstat", "is_symlink", "list", "read", "read_at", "resolve", "seek", "volume"})


class Notes:
    """What was found against the order, by this process and by those it forked: a file without a name that all share."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `close` does
        os.set_blocking(self._file.fileno(), True)
        self.calls = 0

    def add(self, text: str) -> None:
        """Note one finding; it survives the process."""
        os.lseek(self._file.fileno(), 0, os.SEEK_END)
        os.write(self._file.fileno(), text.encode(errors="backslashreplace") + b"\n\n")

    def read(self) -> str:
        """Return everything noted, "" when the order was kept."""
        size = os.fstat(self._file.fileno()).st_size
        return os.pread(self._file.fileno(), size, 0).decode()

    def close(self) -> None:
        self._file.close()


@dataclass
class _Call:
    verb: str
    arguments: tuple[object, ...]
    result: str = "…"

    def __str__(self) -> str:
        shown = ", ".join(f"<{len(one)} bytes>" if isinstance(one, bytes) else repr(one) for one in self.arguments)
        return f"{self.verb}({shown}) -> {self.result}"


class OrderChecker(ForwardingFileSystem):
    """Hands every call on, and notes those that come out of order."""

    def __init__(self, inner: FileSystem, notes: Notes) -> None:
        super().__init__(inner)
        self._notes = notes
        self._log: deque[_Call] = deque(maxlen=_CALLS_TOLD)
        # Looks at the disk itself: a call that is made to fail is meant for the engine.
        self._rules = Rules(getattr(inner, "real", inner), self._note)

    def call(self, verb: str, *arguments: object, **options: object) -> Any:
        self._notes.calls += 1
        told = _Call(verb, (*arguments, *options.values()))
        if verb not in _UNTOLD:
            self._log.append(told)
        self._judge(lambda: self._rules.before(verb, arguments))
        try:
            result = super().call(verb, *arguments, **options)
        except BaseException as error:
            told.result = repr(error)
            is_nothing = isinstance(error, FileNotFoundError)
            self._judge(lambda: self._rules.failed(verb, arguments, is_nothing=is_nothing))
            raise
        told.result = repr(result) if isinstance(result, int) else "done"
        self._judge(lambda: self._rules.after(verb, arguments, options, result))
        return result

    def _judge(self, rule: Callable[[], None]) -> None:
        """Let no mistake of the rules become one of the engine: it would be rolled back, and look like a feature."""
        try:
            rule()
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EIO:
                return  # a disk that is dead shows its journals to nobody: such a call cannot be judged
            self._note("The checker itself failed", traceback.format_exc())

    def _note(self, invariant: str, what: str) -> None:
        calls = "\n".join(f"    {call}" for call in self._log)
        self._notes.add(f"{invariant}: {what}\n  the last calls:\n{calls}")


def watched(fs: FileSystem, notes: Notes) -> FileSystem:
    """Return `fs` under the eyes of a checker; one is enough."""
    return fs if isinstance(fs, OrderChecker) else OrderChecker(fs, notes)


@contextlib.contextmanager
def watching() -> Iterator[Notes]:
    """Watch every engine that is started in the body, whatever file system it is given, also in forked processes.

    Each transaction and each recovery gets its file system from the `Home` it was opened with, and the seed's doors
    write in place through their own; both are the narrowest places that no engine gets around.
    """
    notes = Notes()
    open_home, open_door = Home.__init__, Door.__init__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Home, "__init__", lambda home, fs, path: open_home(home, watched(fs, notes), path))
        patch.setattr(Door, "__init__", lambda door, fs, name: open_door(door, watched(fs, notes), name))
        try:
            yield notes
        finally:
            notes.close()
