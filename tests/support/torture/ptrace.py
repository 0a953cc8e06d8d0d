"""The few calls of ptrace and seccomp that holding a process needs. Linux on x86-64 only.

A filter in the held process makes the kernel stop it before the calls that are asked for, and at no other: an
interpreter's start costs nothing then, though it makes thousands of calls.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable

WALL = 0x40000000  # wait for threads as well
SYSCALL_STOP = 0x85  # SIGTRAP with the bit of PTRACE_O_TRACESYSGOOD
SECCOMP_STOP = 5 | 7 << 8  # SIGTRAP, PTRACE_EVENT_SECCOMP

_TRACEME, _CONT, _GETREGS, _SETREGS, _SYSCALL, _SETOPTIONS = 0, 7, 12, 13, 24, 0x4200
# System calls marked; forks, clones, execs and the filter's stops reported; nobody survives the tracer.
_OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _TRACE = 0x7FFF0000, 0x7FF00000

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long
_libc.prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]


class Registers:
    """The registers of x86-64, of which a call's number, result and arguments count."""

    _RESULT, _NUMBER, _ALL = 10, 15, 27
    _ARGUMENTS = (14, 13, 12, 7, 9, 8)  # rdi, rsi, rdx, r10, r8, r9 in the kernel's order

    def __init__(self) -> None:
        self.values = (ctypes.c_ulonglong * self._ALL)()

    @property
    def call(self) -> int:
        return self.values[self._NUMBER]

    def argument(self, index: int) -> int:
        return self.values[self._ARGUMENTS[index]]

    def set_argument(self, index: int, value: int) -> None:
        self.values[self._ARGUMENTS[index]] = value

    def fail(self, number: int) -> None:
        """Let there be no call, and its result be that errno."""
        self.values[self._NUMBER] = 2**64 - 1
        self.values[self._RESULT] = 2**64 - number


def hindrance() -> str:
    """Say why no process can be held here; "" where one can."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "processes are held by the means of Linux on x86-64"
    return ""


def _ptrace(request: int, process: int, data: object = 0) -> None:
    if _libc.ptrace(request, process, None, data) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def become_held(calls: Iterable[int]) -> None:
    """Let the parent trace this process, and stop before each call with one of these numbers."""
    numbers = list(calls)
    code = struct.pack("=HBBI", _LOAD, 0, 0, 0)
    for index, number in enumerate(numbers):
        code += struct.pack("=HBBI", _JUMP_IF_EQUAL, len(numbers) - index, 0, number)
    code += struct.pack("=HBBI", _RETURN, 0, 0, _ALLOW) + struct.pack("=HBBI", _RETURN, 0, 0, _TRACE)
    instructions = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(struct.pack("HP", len(code) // 8, ctypes.addressof(instructions)))
    _ptrace(_TRACEME, 0)
    os.kill(os.getpid(), 19)  # SIGSTOP: the parent sets its options now; before that the filter would make calls fail
    for number, first, second in ((_NO_NEW_PRIVILEGES, 1, None), (_SECCOMP, _FILTER, ctypes.addressof(program))):
        if _libc.prctl(number, first, second, 0, 0) != 0:
            os._exit(98)


def set_options(process: int) -> None:
    _ptrace(_SETOPTIONS, process, _OPTIONS)


def go_on(process: int, signal: int = 0) -> None:
    """Let a stopped process run to its next stop, delivering a signal."""
    _ptrace(_CONT, process, signal)


def go_to_end_of_call(process: int) -> None:
    _ptrace(_SYSCALL, process)


def registers(process: int) -> Registers:
    found = Registers()
    _ptrace(_GETREGS, process, ctypes.addressof(found.values))
    return found


def set_registers(process: int, values: Registers) -> None:
    _ptrace(_SETREGS, process, ctypes.addressof(values.values))


def read(process: int, address: int, size: int) -> bytes:
    """Read a process's memory; less where it ends earlier."""
    handle = os.open(f"/proc/{process}/mem", os.O_RDONLY)
    try:
        return os.pread(handle, size, address)
    except OSError:
        return b""
    finally:
        os.close(handle)
