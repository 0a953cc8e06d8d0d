"""`holdfast doctor`: what this machine and its file systems can promise, and what is missing for the window."""

from __future__ import annotations

import argparse
import platform
import sys
from collections import Counter
from dataclasses import asdict, dataclass

from app import promise_texts, surroundings, texts, versions
from app.cli import output
from core import api
from core.version import VERSION


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="folders to look at")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--json", action="store_true", help="one JSON object per line")
    choice.add_argument("--missing", action="store_true", help="only name the Debian packages that the window lacks")
    choice.add_argument(
        "--share", action="store_true", help="leave out all names of files and users, to be sent to others"
    )


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
    """The state directory: whether it can be used, and the batches in it that have not ended, by what is known of them."""

    path: str
    error: str = ""
    running: int = 0
    waiting: int = 0
    elsewhere: int = 0
    unreadable: int = 0
    newer: int = 0


def run(options: argparse.Namespace) -> int:
    """Print what was found; 1 when a folder cannot be looked at or the state directory cannot be used."""
    window = Window(
        versions.installed(), versions.refusal(), surroundings.display(), tuple(surroundings.missing_libraries())
    )
    if options.missing:
        output.say(" ".join(window.packages))
        return 0
    health = _health(options.state_dir)
    if options.json:
        _emit(window, health)
    else:
        _say(window, health, private=not options.share)
    code = 1 if health.error else 0
    for path in options.paths or ["."]:
        code = max(code, _place(options, path))
    return code


def _health(chosen: str | None) -> Health:
    path = api.state_folder(chosen)
    try:
        batches = api.pending(chosen)
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


def _emit(window: Window, health: Health) -> None:
    found = api.platform()
    output.emit("machine", version=VERSION, python=_python(), state=health.path, platform=asdict(found))
    output.emit("window", **asdict(window), packages=window.packages)
    output.emit("state", **asdict(health))


def _say(window: Window, health: Health, *, private: bool) -> None:
    output.say(f"Holdfast {VERSION}, Python {_python()}, {platform.system()} {platform.release()} {platform.machine()}")
    _say_window(window)
    output.say(f"Own files: {api.shown(health.path)}" if private else "Own files:")
    for line in _state_lines(health):
        output.say(f"  {line}")
    for line in promise_texts.platform(api.platform()):
        output.say(line)


def _say_window(window: Window) -> None:
    output.say(f"Window: Qt {window.qt or 'is not installed'}, display: {window.display or 'none'}")
    if window.trouble:
        output.say(f"  {window.trouble}")
    if window.missing:
        output.say(f"  missing: {', '.join(window.missing)}")
        output.say(f"  on Debian and Ubuntu: apt-get install {' '.join(window.packages)}")


def _state_lines(health: Health) -> list[str]:
    if health.error:
        return [f"cannot be used: {health.error}"]
    said = [
        (health.running, "running now"),
        (health.waiting, "interrupted, to be put right: run `holdfast recover`"),
        (health.elsewhere, "interrupted, of another machine or of a disk that is not here: left alone"),
        (health.newer, "of a newer version of Holdfast, which has to put them right: left alone"),
        (health.unreadable, "unreadable: nothing is done about it, see `holdfast recover --list`"),
    ]
    return [f"{texts.count(number, 'batch', 'batches')} {what}" for number, what in said if number] or ["in order"]


def _place(options: argparse.Namespace, path: str) -> int:
    try:
        promise = api.promises(path, state=options.state_dir)
    except OSError as error:
        shown = "a folder" if options.share else api.shown(path)
        output.complain(f"{shown}: {error.strerror}")
        return 1
    if options.json:
        output.emit("place", **asdict(promise))
        return 0
    first, *further = promise_texts.promise(promise)
    output.say(first.partition(": ")[2] if options.share else first)
    for line in further:
        output.say(line)
    return 0


def _python() -> str:
    return ".".join(map(str, sys.version_info[:3]))
