"""Processes that are stopped in the middle: at a chosen call of the file system, by a real signal.

Every change the engine makes goes through one seam, so counting the seam's verbs counts the moments at which a
process can die. Each attempt is a process of its own, forked so that no interpreter has to start.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Imported here, so that no process has to import them again after it was forked.
from app.cli import apply, doctor, history, preview, recover, undo  # noqa: F401
from app.main import main
from core import api
from core.fs.api import FileSystem
from core.fs.real import RealFileSystem
from tests.support import somebody

MUTATING = frozenset(
    {
        "copy_content",
        "copy_flags",
        "copy_metadata",
        "copy_range",
        "create",
        "exchange",
        "link",
        "make_folder",
        "make_symlink",
        "remove_folder",
        "rename",
        "replace",
        "set_runnable",
        "sync_file",
        "sync_folder",
        "sync_volume",
        "truncate",
        "unlink",
        "write",
    }
)


@dataclass
class StoppingFileSystem:
    """Forwards every verb to the real file system; before the mutating one with number `at`, does `action`."""

    at: int
    action: Callable[[FileSystem, str, tuple[object, ...]], None]
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
                self.action(self.real, verb, arguments)
            return method(*arguments, **options)

        return counted


class ImpatientFileSystem(StoppingFileSystem):
    """Does `action` before the call with number `at` and before every one after it."""

    def __getattr__(self, verb: str) -> Callable[..., object]:
        method = super().__getattr__(verb)
        if verb not in MUTATING:
            return method

        def counted(*arguments: object, **options: object) -> object:
            if self.count >= self.at:
                self.action(self.real, verb, arguments)
            return method(*arguments, **options)

        return counted


class ListingFileSystem(StoppingFileSystem):
    """Remembers the verb of every mutating call."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.verbs: list[str] = []
        self.action = lambda fs, verb, arguments: None

    def __getattr__(self, verb: str) -> Callable[..., object]:
        method = super().__getattr__(verb)
        if verb not in MUTATING:
            return method

        def noted(*arguments: object, **options: object) -> object:
            self.verbs.append(verb)
            return method(*arguments, **options)

        return noted


def die(_: FileSystem, verb: str, arguments: tuple[object, ...]) -> None:
    """Die before the call."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_half_way(fs: FileSystem, verb: str, arguments: tuple[object, ...]) -> None:
    """Die in the middle of a write or of a copy, else before the call."""
    if verb == "copy_content":
        source, target = arguments
        assert isinstance(source, int) and isinstance(target, int)
        fs.write(target, fs.read_at(source, fs.fstat(source).size // 2, 0))
    if verb == "copy_range":
        source, target, offset, size, to = (one for one in arguments if isinstance(one, int))
        fs.copy_range(source, target, offset, size // 2, to)
    if verb == "write":
        handle, data = arguments
        assert isinstance(handle, int) and isinstance(data, bytes)
        fs.write(handle, data[: len(data) // 2])
    os.kill(os.getpid(), signal.SIGKILL)


def send(number: int) -> Callable[[FileSystem, str, tuple[object, ...]], None]:
    """Send a signal to the process itself, as Ctrl-C would."""
    return lambda fs, verb, arguments: os.kill(os.getpid(), number)


def run(arguments: list[str], fs: object = None, *, user: int = 0) -> int:
    """Run a command line in a process of its own; return its exit code, or minus the signal that killed it.

    `user`: in whose name, 0 for that of the test.
    """
    child = os.fork()
    if child == 0:
        if user:
            somebody.become(user)
        _in_child(arguments, fs)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def ask(arguments: list[str], fs: object, question: Callable[[], object]) -> tuple[int, Any]:
    """Run a command line; return its exit code, and what the question has for an answer (as JSON) in that process.

    A process that is killed has no answer: None.
    """
    reader, writer = os.pipe()

    def answer_it() -> None:
        text = json.dumps(question()).encode()  # first: the question may put things right that the writing needs
        os.write(writer, text)

    child = os.fork()
    if child == 0:
        os.close(reader)
        _in_child(arguments, fs, answer_it)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(answer) if answer else None


def count(arguments: list[str]) -> int:
    """Run a command line and return how many mutating calls it made."""
    return len(calls(arguments))


def calls(arguments: list[str]) -> list[str]:
    """Run a command line and return the verbs of all its mutating calls, in order."""
    fs = ListingFileSystem(-1, die)
    code, verbs = ask(arguments, fs, lambda: fs.verbs)
    assert code == 0
    return list(verbs)


def _in_child(arguments: list[str], fs: object, at_end: Callable[[], object] = lambda: None) -> None:
    code = 99
    try:
        with open(os.devnull, "w") as sink:
            sys.stdout = sys.stderr = sink
            if fs is not None:
                api.file_system = lambda: fs  # type: ignore[assignment,return-value]
            code = main(arguments)
        at_end()
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)
