"""A real program at work in a folder until it is killed, and what is found there a month later.

The programs are Debian's, in a root that is made for the purpose and thrown away (`tests.support.throwaway`).
"""

from __future__ import annotations

import os
import pty
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core import cleaning
from core.cleaning import Leftover
from core.leftovers import catalogue
from core.leftovers.judge import Reason
from core.leftovers.news import Found
from tests.support.throwaway import Room
from tests.support.tried import Tried

LARGE = 60_000_000
PATIENCE = 60.0
REAL: dict[int, str] = {}
_Test = TypeVar("_Test", bound=Callable[..., object])


def makes(*numbers: int, by: str) -> Callable[[_Test], _Test]:
    """Say of a test which kinds it has made by which program."""

    def note(test: _Test) -> _Test:
        REAL.update(dict.fromkeys(numbers, by))
        return test

    return note


@dataclass
class Maker:
    """A folder, programs at work in it, and what is found there a month later."""

    path: Path
    room: Room
    later: Callable[[], None]
    tried: Tried

    def found(self) -> dict[str, Leftover]:
        """Scan, with what is never to be touched."""
        news = [one for one in cleaning.scan([str(self.path)], everything=True) if isinstance(one, Found)]
        return {os.path.basename(one.path): one for part in news for one in part.leftovers}

    def only(self, number: int) -> Leftover:
        """Return the one leftover of a kind."""
        found = self.found()
        ones = [each for each in found.values() if each.number == number]
        assert len(ones) == 1, sorted((name, each.number) for name, each in found.items())
        return ones[0]

    def demand(self, number: int, *reasons: Reason) -> Leftover:
        """Demand that there is one of a kind, judged so once a month has passed, and count it."""
        self.later()
        one = self.only(number)
        assert one.reason in reasons, one
        self.count(number)
        return one

    def demand_managed(self, number: int, path: Path) -> None:
        """Demand that a folder is left alone because a program manages it, and that nothing in it is offered."""
        managed = catalogue.managed_folder(str(path))
        assert path.is_dir()
        assert managed is not None
        assert managed.number == number
        self.later()
        assert not [one for one in self.found().values() if one.path.startswith(f"{path}/")]
        self.count(number)

    def count(self, number: int) -> None:
        self.tried(f"kind {number:2} made by {REAL[number]}")

    def there(self, pattern: str) -> Callable[[], list[Path]]:
        """Return what looks whether there is something by a name."""
        return lambda: list(self.path.glob(pattern))

    def write(self, name: str, text: str = "saved\n") -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    @contextmanager
    def on_terminal(self, *words: str, keys: bytes, number: int = signal.SIGKILL) -> Iterator[None]:
        """Have a program on a terminal of its own, with something typed, until it is killed."""
        command = self.room.command(list(words))
        child, terminal = pty.fork()
        if child == 0:
            os.execvp(command[0], command)
        time.sleep(1.5)
        os.write(terminal, keys)
        try:
            yield
        finally:
            os.kill(child, number)
            os.waitpid(child, 0)
            os.close(terminal)


def wait(condition: Callable[[], object]) -> None:
    """Wait until something is true."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.01)
