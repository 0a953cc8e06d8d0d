"""A command run as a foreign process that is held before each call by which it changes or syncs watched folders.

While it is held, the caller decides what becomes of it; meanwhile anything can be done to its files and its disk.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto

from tests.support.torture import calls, ours, ptrace
from tests.support.torture.ptrace import Registers

_SECONDS = 30  # a subject that takes longer hangs; it is killed then, and judged as if somebody had done that


@dataclass(frozen=True)
class Call:
    """A call that is about to happen: the how-manieth (from 1), its name, the paths, and whether it can end half-way."""

    number: int
    name: str
    paths: tuple[str, ...]
    can_end_half_way: bool
    process: int


class Do(Enum):
    """What becomes of the held process; instead, a number lets the call fail with that errno."""

    GO_ON = auto()
    DIE = auto()
    DIE_HALF_WAY = auto()


Decide = Callable[[Call], Do | int]


@dataclass
class Run:
    """How a command ended: its exit code or minus the signal, and the calls it was held at."""

    code: int = 0
    calls: list[Call] = field(default_factory=list)


def go_on(_: Call) -> Do:
    return Do.GO_ON


def run(
    command: list[str],
    *,
    watch: Iterable[str],
    decide: Decide = go_on,
    refused: dict[str, int] | None = None,
    cwd: str,
    environment: dict[str, str] | None = None,
) -> Run:
    """Run a command and hold it at every call about something below the folders `watch`.

    `refused` names calls that this system is not to have, with their errno: they fail always, and do not count.
    """
    process = os.fork()
    if process == 0:
        _become(command, cwd, environment or dict(os.environ))
    holder = _Holder(process, [os.path.realpath(one) for one in watch], decide, refused or {})
    deadline = threading.Timer(_SECONDS, holder.kill)
    deadline.start()
    try:
        return holder.follow()
    finally:
        deadline.cancel()
        deadline.join()


def _become(command: list[str], cwd: str, environment: dict[str, str]) -> None:
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)  # in the background of a shell one would inherit to ignore some
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.chdir(cwd)
        sink = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):
            os.dup2(sink, standard)
        ptrace.become_held(calls.SHAPES)
        if ours.is_ours(command):
            ours.become(command, environment)
        os.execvpe(command[0], command, environment)
    finally:
        os._exit(97)


@dataclass
class _Holder:
    main: int
    watch: list[str]
    decide: Decide
    refused: dict[str, int]
    result: Run = field(default_factory=Run)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.main, signal.SIGKILL)

    def follow(self) -> Run:
        """Go from stop to stop until every process of the group is gone."""
        os.waitpid(self.main, ptrace.WALL)
        ptrace.set_options(self.main)
        ptrace.go_on(self.main)
        while True:
            try:
                process, status = os.waitpid(-self.main, ptrace.WALL)
            except ChildProcessError:
                return self.result
            if not os.WIFSTOPPED(status):
                if process == self.main:
                    self.result.code = os.waitstatus_to_exitcode(status)
                continue
            with suppress(ProcessLookupError):  # killed while it was held
                self._at_stop(process, status)

    def _at_stop(self, process: int, status: int) -> None:
        if status >> 8 == ptrace.SECCOMP_STOP:
            self._at_call(process)
        elif os.WSTOPSIG(status) == ptrace.SYSCALL_STOP:  # only the end of a call that was cut in half
            self.kill()
        elif status >> 16 or os.WSTOPSIG(status) in (signal.SIGTRAP, signal.SIGSTOP):
            ptrace.go_on(process)
        else:
            ptrace.go_on(process, os.WSTOPSIG(status))

    def _at_call(self, process: int) -> None:
        registers = ptrace.registers(process)
        shape = calls.SHAPES[registers.call]
        paths = calls.touched(process, shape, registers) if calls.changes(process, shape, registers) else []
        if not any(self._is_watched(one) for one in paths):
            ptrace.go_on(process)
            return
        if shape.name in self.refused:
            self._fail(process, registers, self.refused[shape.name])
            return
        halvable = shape.length is not None and registers.argument(shape.length) > 1
        call = Call(len(self.result.calls) + 1, shape.name, tuple(paths), halvable, process)
        self.result.calls.append(call)
        self._do(self.decide(call), call, registers)

    def _is_watched(self, path: str) -> bool:
        return any(path == one or path.startswith(one + "/") for one in self.watch)

    def _do(self, what: Do | int, call: Call, registers: Registers) -> None:
        if isinstance(what, int):
            self._fail(call.process, registers, what)
        elif what is Do.GO_ON:
            ptrace.go_on(call.process)
        elif what is Do.DIE or not call.can_end_half_way:
            self.kill()
        else:
            self._halve(call.process, registers)

    @staticmethod
    def _fail(process: int, registers: Registers, number: int) -> None:
        registers.fail(number)
        ptrace.set_registers(process, registers)
        ptrace.go_on(process)

    @staticmethod
    def _halve(process: int, registers: Registers) -> None:
        length = calls.SHAPES[registers.call].length
        assert length is not None
        registers.set_argument(length, registers.argument(length) // 2)
        ptrace.set_registers(process, registers)
        ptrace.go_to_end_of_call(process)
