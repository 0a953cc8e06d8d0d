"""What a process asks of the system itself, past the engine's file system: counted, and stopped or failed at one call."""

from __future__ import annotations

import os
from collections.abc import Callable

from core.fs.real import RealFileSystem

_CHANGING = ("open", "write", "fsync", "replace", "unlink", "mkdir")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class CountedCalls(RealFileSystem):
    """Before change number `at` that this process makes to a disk does `action`, and after that too if `for_good`.

    To be made in a process of its own (`tests.support.stopping`), since it takes the place of functions of `os`.
    """

    def __init__(self, at: int, action: Callable[[], object], *, for_good: bool = False) -> None:
        super().__init__()
        self._at, self._action, self._for_good = at, action, for_good
        self._real = {name: getattr(os, name) for name in _CHANGING}
        self.made: list[str] = []
        for name in _CHANGING:
            setattr(os, name, self._counted(name))

    def end(self) -> list[str]:
        """Give the real functions back; return which were called."""
        for name, function in self._real.items():
            setattr(os, name, function)
        return self.made

    def _counted(self, name: str) -> Callable[..., object]:
        function = self._real[name]

        def counted(*arguments: object, **options: object) -> object:
            if name != "open" or (isinstance(arguments[1], int) and arguments[1] & _WRITING):
                self.made.append(name)
                if len(self.made) == self._at or (self._for_good and len(self.made) > self._at > 0):
                    self._action()
            return function(*arguments, **options)

        return counted
