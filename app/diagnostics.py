"""What is to be known about this machine when something does not work: for `holdfast doctor`, and to be sent to others.

With `private` the lines name paths of this user; without, nothing in them says who it is or what the files are called.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app import promise_texts, surroundings, texts, versions
from core import api
from core.version import VERSION


@dataclass(frozen=True, slots=True)
class Window:
    """What the window needs. `trouble`: why this Python and this Qt do not go together; "" if they do."""

    qt: str
    trouble: str
    display: str
    missing: tuple[str, ...]

    @property
    def packages(self) -> list[str]:
        """What has to be installed on Debian."""
        return surroundings.packages(list(self.missing))


@dataclass(frozen=True, slots=True)
class Health:
    """The state directory: whether it can be used, and the batches in it that have not ended, by what is known of them.

    A lock is never stale, since the system drops it with its owner: a batch that nobody runs is one that waits.
    """

    path: str
    error: str = ""
    running: int = 0
    waiting: int = 0
    elsewhere: int = 0
    unreadable: int = 0
    newer: int = 0


def window() -> Window:
    """Find out whether the window can be shown."""
    missing = tuple(surroundings.missing_libraries())
    return Window(versions.installed(), versions.refusal(), surroundings.display(), missing)


def health(state: str | None = None) -> Health:
    """Look into the state directory, reading only."""
    path = api.state_folder(state)
    try:
        batches = api.pending(state)
    except OSError as error:
        return Health(path, error.strerror or str(error))
    kinds = Counter(map(_kind, batches))
    return Health(path, "", *(kinds[kind] for kind in ("running", "waiting", "elsewhere", "unreadable", "newer")))


def _kind(batch: api.Pending) -> str:
    if batch.alive:
        return "running"
    if batch.state in ("unreadable", "newer"):
        return batch.state
    return "elsewhere" if batch.foreign else "waiting"


def lines(shown: Window, state: Health, *, private: bool) -> Iterator[str]:
    """Say all of it, line by line."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    yield f"Holdfast {VERSION}, Python {platform.python_version()}, {system}"
    yield from _window(shown)
    yield f"Own files: {api.shown(state.path)}" if private else "Own files:"
    yield from (f"  {line}" for line in _health(state))
    yield from promise_texts.platform(api.platform())


def _window(found: Window) -> Iterator[str]:
    yield f"Window: Qt {found.qt or 'is not installed'}, display: {found.display or 'none'}"
    if found.trouble:
        yield f"  {found.trouble}"
    if found.missing:
        yield f"  missing: {', '.join(found.missing)}"
        yield f"  on Debian and Ubuntu: apt-get install {' '.join(found.packages)}"


def _health(found: Health) -> Iterator[str]:
    if found.error:
        yield f"cannot be used: {found.error}"
        return
    said = [
        (found.running, "running now"),
        (found.waiting, "interrupted, to be put right: run `holdfast recover`"),
        (found.elsewhere, "interrupted, of another machine or of a disk that is not here: left alone"),
        (found.newer, "of a newer version of Holdfast, which has to put them right: left alone"),
        (found.unreadable, "unreadable: nothing is done about it, see `holdfast recover --list`"),
    ]
    yield from (f"{texts.count(number, 'batch', 'batches')} {what}" for number, what in said if number)
    if not any(number for number, _ in said):
        yield "in order"
