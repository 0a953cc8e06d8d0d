"""What is to be known about this machine when something does not work: for `holdfast doctor`, and to be sent to others.

With `private` the lines name paths of this user; without, nothing in them says who it is or what the files are called.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app import promise_texts, surroundings, versions
from app.reason_texts import told
from app.words import _, counted
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
    yield _(
        "Holdfast {version}, Python {python_version}, {system}",
        version=VERSION,
        python_version=platform.python_version(),
        system=system,
    )
    yield from _window(shown)
    yield _("Own files: {path}", path=api.shown(state.path)) if private else _("Own files:")
    yield from (f"  {line}" for line in _health(state))
    yield from promise_texts.platform(api.platform())


def _window(found: Window) -> Iterator[str]:
    display = found.display or _("none")
    if found.qt:
        yield _("Window: Qt {version}, display: {display}", version=found.qt, display=display)
    else:
        yield _("Window: Qt is not installed, display: {display}", display=display)
    if found.trouble:
        yield f"  {told(found.trouble)}"
    if found.missing:
        yield f"  {_('missing: {libraries}', libraries=', '.join(found.missing))}"
        yield f"  {_('on Debian and Ubuntu: apt-get install {packages}', packages=' '.join(found.packages))}"


def _health(found: Health) -> Iterator[str]:
    if found.error:
        yield _("cannot be used: {reason}", reason=told(found.error))
        return
    said = [
        (found.running, _("running now")),
        (found.waiting, _("interrupted, to be put right: run `holdfast recover`")),
        (found.elsewhere, _("interrupted, of another machine or of a disk that is not here: left alone")),
        (found.newer, _("of a newer version of Holdfast, which has to put them right: left alone")),
        (found.unreadable, _("unreadable: nothing is done about it, see `holdfast recover --list`")),
    ]
    yield from (f"{counted(number, '{n} batch', '{n} batches')} {what}" for number, what in said if number)
    if not any(number for number, __ in said):
        yield _("in order")
