"""Is whoever made a file still at it? What cannot be told counts as "unknown", and that counts as alive.

A process number proves little: numbers are used again, and one of another machine means nothing here. So the host is
looked at first, and a process is the owner only if it is older than the file.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from core.fs import holders, places, walk
from core.fs.walk import Look
from core.leftovers import proof
from core.leftovers.catalogue import Match
from core.leftovers.proof import Holder

_TRUSTED = 2.0  # seconds for which a look at all processes is taken to be still true
_CLOCK = 2.0  # seconds by which the time of a file and that of a process may differ
_TEX = ("tex", "pdftex", "xetex", "luatex", "lualatex", "pdflatex", "xelatex", "latex", "luahbtex")
_OFFICE = ("soffice.bin", "soffice", "oosplash")


class Owner(StrEnum):
    """What is known of the maker. NOBODY: no program has the file open, and nothing else names one."""

    ALIVE = "alive"
    DEAD = "dead"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


class Whose(NamedTuple):
    """The answer, and who it is: a program, or user@host."""

    owner: Owner
    who: str = ""


NOBODY = Whose(Owner.NOBODY)
UNKNOWN = Whose(Owner.UNKNOWN)


class Owners:
    """Answers for many files; what is asked of all processes at once is remembered for two seconds."""

    def __init__(self) -> None:
        self._open: dict[tuple[int, int], int] = {}
        self._running: list[holders.Process] | None = []
        self._asked = float("-inf")

    def of(self, path: str, seen: Look, match: Match, head: bytes) -> Whose:
        """Say whether the maker of what lies at `path` is alive."""
        test = match.signature.owner
        if test in ("none", "journal"):
            return NOBODY
        if test == "elsewhere":
            return self._open_now(path, seen) if self._is_busy(path, seen) else UNKNOWN
        if seen.kind == "file":
            now = self._open_now(path, seen)
            if now.owner is Owner.ALIVE or test == "open":
                return now
        return _TESTS[test](self, path, seen, match, head)

    def _is_busy(self, path: str, seen: Look) -> bool:
        return seen.kind == "file" and holders.is_open(path) is True

    def _open_now(self, path: str, seen: Look) -> Whose:
        if seen.kind != "file":
            return NOBODY
        busy = holders.is_open(path)
        if busy is False:
            return NOBODY
        self._ask()
        pid = self._open.get((seen.dev, seen.ino))
        if pid is None and busy is None:
            return UNKNOWN
        found = holders.process(pid) if pid else None
        return Whose(Owner.ALIVE, found.program if found else "")

    def _ask(self) -> None:
        now = time.monotonic()
        if now - self._asked > _TRUSTED:
            self._open, self._running, self._asked = holders.open_files(), holders.processes(), now

    def is_running(self, *programs: str) -> Whose:
        """Say whether one of these programs runs."""
        self._ask()
        if self._running is None:
            return UNKNOWN
        found = next((one.program for one in self._running if one.program in programs), "")
        return Whose(Owner.ALIVE, found) if found else Whose(Owner.DEAD)


def holds(holder: Holder | None, since: float) -> Whose:
    """Say whether a holder that a file names is alive; `since`: when the file was made, in seconds since 1970."""
    if holder is None:
        return UNKNOWN
    who = f"{holder.user}@{holder.host}" if holder.user else holder.host
    if holder.host != places.host_name() or not holders.tells():
        return Whose(Owner.UNKNOWN, who)
    if holder.boot and not _is_this_boot(holder.boot):
        return Whose(Owner.DEAD, who)
    found = holders.process(holder.pid)
    if found is None or found.started > since + _CLOCK:
        return Whose(Owner.DEAD, who)
    return Whose(Owner.ALIVE, found.program)


def _is_this_boot(said: str) -> bool:
    """Whether a machine's start that a lock tells, as an id or as a time, is the one that it runs since."""
    return abs(int(said) - holders.booted()) < 60 if said.isdigit() else said in ("", places.boot())


def _of_swap(owners: Owners, path: str, seen: Look, match: Match, head: bytes) -> Whose:
    found = proof.swap(head)
    return holds(found.holder if found else None, seen.mtime)


def _of_emacs(owners: Owners, path: str, seen: Look, match: Match, head: bytes) -> Whose:
    text = walk.link_text(path)
    said = text if text is not None else head.decode("utf-8", "surrogateescape")
    return holds(proof.emacs_lock(said), seen.mtime)


def _of_emacs_beside(owners: Owners, path: str, seen: Look, match: Match, head: bytes) -> Whose:
    """Ask the lock that Emacs sets beside an auto-saved file; without one nobody edits it."""
    folder, _, name = path.rpartition("/")
    lock = walk.join(folder or "/", f".#{name[1:-1]}")
    beside = walk.look(lock)
    if beside is None:
        return NOBODY
    return _of_emacs(owners, lock, beside, match, walk.head(lock) or b"")


def _of_qt(owners: Owners, path: str, seen: Look, match: Match, head: bytes) -> Whose:
    return holds(proof.qt_lock(head), seen.mtime)


def _of_libreoffice(owners: Owners, path: str, seen: Look, match: Match, head: bytes) -> Whose:
    found = proof.libreoffice_lock(head)
    if found is None or found.host != places.host_name():
        return Whose(Owner.UNKNOWN, f"{found.user}@{found.host}" if found else "")
    return owners.is_running(*_OFFICE)


def _of_pid(owners: Owners, path: str, seen: Look, match: Match, head: bytes) -> Whose:
    return holds(Holder(match.pid, match.host or places.host_name()), seen.mtime)


_TESTS: dict[str, Callable[[Owners, str, Look, Match, bytes], Whose]] = {
    "swap": _of_swap,
    "emacs": _of_emacs,
    "emacs beside": _of_emacs_beside,
    "qt": _of_qt,
    "libreoffice": _of_libreoffice,
    "pid": _of_pid,
    "tex": lambda owners, path, seen, match, head: owners.is_running(*_TEX),
}
