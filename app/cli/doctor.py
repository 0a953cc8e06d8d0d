"""`holdfast doctor`: what this machine and its file systems can promise, and what is missing for the window."""

from __future__ import annotations

import argparse
import platform
from dataclasses import asdict

from app import diagnostics, promise_texts
from app.cli import output
from app.reason_texts import told
from app.words import _
from core import api
from core.version import VERSION


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help=_("folders to look at"))
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--json", action="store_true", help=_("one JSON object per line"))
    choice.add_argument("--missing", action="store_true", help=_("only name the Debian packages that the window lacks"))
    choice.add_argument(
        "--share", action="store_true", help=_("leave out all names of files and users, to be sent to others")
    )


def run(options: argparse.Namespace) -> int:
    """Print what was found; 1 when a folder cannot be looked at or the state directory cannot be used."""
    window = diagnostics.window()
    if options.missing:
        output.say(" ".join(window.packages))
        return 0
    health = diagnostics.health(options.state_dir)
    if options.json:
        version = {"version": VERSION, "python": platform.python_version()}
        output.emit("machine", **version, state=health.path, platform=asdict(api.platform()))
        output.emit("window", **asdict(window), packages=window.packages)
        output.emit("state", **asdict(health))
    else:
        for line in diagnostics.lines(window, health, private=not options.share):
            output.say(line)
    code = 1 if health.error else 0
    for path in options.paths or ["."]:
        code = max(code, _place(options, path))
    return code


def _place(options: argparse.Namespace, path: str) -> int:
    try:
        promise = api.promises(path, state=options.state_dir)
    except OSError as error:
        shown = _("a folder") if options.share else api.shown(path)
        output.complain(f"{shown}: {told(error.strerror)}")
        return 1
    if options.json:
        output.emit("place", **asdict(promise))
        return 0
    first, *further = promise_texts.promise(promise)
    output.say(first.partition(": ")[2] if options.share else first)
    for line in further:
        output.say(line)
    return 0
