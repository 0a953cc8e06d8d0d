"""Windows' own calls by ctypes: their signatures, their errors as errno, and patience with files that are in use.

Virus scanners, indexers and editors hold files open for moments, and a call that needs the file then fails with a
sharing violation. So every call is tried again, with growing and jittered pauses, for about five seconds; a refused
access, which is mostly meant, only for a twentieth of a second. Written from Microsoft's documentation ("Win32 API
reference: fileapi.h, winbase.h", "System Error Codes"); not verified on real machines.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import importlib
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

_HANDLE, _TEXT, _WORD, _POINTER, _BOOL = (
    ctypes.c_void_p,
    ctypes.c_wchar_p,
    ctypes.c_uint32,
    ctypes.c_void_p,
    ctypes.c_int,
)
_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "CreateFileW": (_HANDLE, _TEXT, _WORD, _WORD, _POINTER, _WORD, _WORD, _HANDLE),
    "ReOpenFile": (_HANDLE, _HANDLE, _WORD, _WORD, _WORD),
    "CloseHandle": (_BOOL, _HANDLE),
    "CreateDirectoryW": (_BOOL, _TEXT, _POINTER),
    "RemoveDirectoryW": (_BOOL, _TEXT),
    "CreateHardLinkW": (_BOOL, _TEXT, _TEXT, _POINTER),
    "DeleteFileW": (_BOOL, _TEXT),
    "MoveFileExW": (_BOOL, _TEXT, _TEXT, _WORD),
    "SetFileAttributesW": (_BOOL, _TEXT, _WORD),
    "FlushFileBuffers": (_BOOL, _HANDLE),
    "LockFileEx": (_BOOL, _HANDLE, _WORD, _WORD, _WORD, _WORD, _POINTER),
    "GetFileInformationByHandleEx": (_BOOL, _HANDLE, _WORD, _POINTER, _WORD),
    "SetFileInformationByHandle": (_BOOL, _HANDLE, _WORD, _POINTER, _WORD),
    "GetDiskFreeSpaceExW": (_BOOL, _TEXT, _POINTER, _POINTER, _POINTER),
    "GetVolumeInformationByHandleW": (_BOOL, _HANDLE, _POINTER, _WORD, *[_POINTER] * 3, _POINTER, _WORD),
}
INVALID_HANDLE = ctypes.c_void_p(-1).value or 0

ACCESS_DENIED, SHARING_VIOLATION, LOCK_VIOLATION = 5, 32, 33
_ERRNO = {
    1: errno.ENOSYS,  # invalid function
    2: errno.ENOENT,
    3: errno.ENOENT,  # path not found
    4: errno.EMFILE,
    ACCESS_DENIED: errno.EACCES,
    6: errno.EBADF,
    8: errno.ENOMEM,
    17: errno.EXDEV,
    19: errno.EROFS,
    SHARING_VIOLATION: errno.EBUSY,
    LOCK_VIOLATION: errno.EAGAIN,
    39: errno.ENOSPC,  # disk full, from a handle
    50: errno.ENOTSUP,
    80: errno.EEXIST,
    87: errno.EINVAL,
    112: errno.ENOSPC,
    123: errno.EINVAL,  # bad name
    145: errno.ENOTEMPTY,
    170: errno.EBUSY,
    183: errno.EEXIST,
    206: errno.ENAMETOOLONG,
    267: errno.ENOTDIR,
    997: errno.EAGAIN,  # the lock is pending: somebody has it
    1142: errno.EMLINK,
    1224: errno.EBUSY,  # somebody has mapped it
    1295: errno.EDQUOT,
    1314: errno.EPERM,
}
_PAUSES = 14
_TRIES_AGAIN = {SHARING_VIOLATION: _PAUSES, 170: _PAUSES, 1224: _PAUSES, ACCESS_DENIED: 6}
_LONGEST_PAUSE_SECONDS = 1.0


def error(code: int, path: str = "") -> OSError:
    """Return Windows' error as the OSError of its errno; EIO for whatever says nothing more precise."""
    number = _ERRNO.get(code, errno.EIO)
    return OSError(number, f"{os.strerror(number)} (Windows error {code})", path)


def pauses(chance: Callable[[], float] = random.random) -> Iterator[float]:
    """Yield seconds to wait between tries: doubling from a millisecond to a second, each shortened by up to a half.

    By chance, since two programs that wait in step for one another meet again and again.
    """
    for number in range(_PAUSES):
        yield min(0.001 * 2**number, _LONGEST_PAUSE_SECONDS) * (1 - chance() / 2)


@functools.cache
def library() -> Any:
    """Load kernel32 and declare what is used of it."""
    loaded: Any = getattr(ctypes, "WinDLL")("kernel32", use_last_error=True)  # noqa: B009 - elsewhere there is none
    for name, (result, *arguments) in _SIGNATURES.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments
    return loaded


def last_error() -> int:
    """Return the error of this thread's last call."""
    if sys.platform == "win32":
        return ctypes.get_last_error()
    else:  # noqa: RET505 - what follows an `if` of the platform is unreachable on it
        return 0


class Kernel:
    """kernel32, patiently. Files and folders are descriptors of the C runtime, as `os` wants them."""

    def __init__(
        self,
        functions: Any = None,
        runtime: Any = None,
        code: Callable[[], int] = last_error,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._functions = functions or library()
        self._runtime = runtime or importlib.import_module("msvcrt")
        self._code = code
        self._sleep = sleep

    def do(self, function: str, *arguments: object, path: str = "") -> None:
        """Call a function that answers whether it worked. Raises OSError."""
        self._patiently(lambda: getattr(self._functions, function)(*arguments), 0, path)

    def once(self, function: str, *arguments: object) -> int:
        """Call without patience; return Windows' error, 0 if it worked."""
        return 0 if getattr(self._functions, function)(*arguments) else self._code()

    def open(self, path: str, access: int, share: int, how: int, flags: int) -> int:
        """Call CreateFileW; return a descriptor. Raises OSError."""
        handle = self._patiently(
            lambda: self._functions.CreateFileW(path, access, share, None, how, flags, None), INVALID_HANDLE, path
        )
        return int(self._runtime.open_osfhandle(handle, 0))

    def reopen(self, handle: int, access: int, share: int) -> int:
        """Call ReOpenFile; return a handle of the system for the same file. Raises OSError."""
        return int(self._patiently(lambda: self._functions.ReOpenFile(handle, access, share, 0), INVALID_HANDLE, ""))

    def handle(self, descriptor: int) -> int:
        """Return the system's handle behind a descriptor."""
        return int(self._runtime.get_osfhandle(descriptor))

    def _patiently(self, call: Callable[[], Any], failure: int, path: str) -> Any:
        for tries, pause in enumerate((*pauses(), 0.0), 1):
            result = call()
            if result != failure:
                return result
            code = self._code()
            if tries > _TRIES_AGAIN.get(code, 0):
                raise error(code, path)
            self._sleep(pause)
        raise AssertionError("the last try either worked or raised")
