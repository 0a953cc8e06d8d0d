"""`holdfast doctor`: what this machine and its file systems can promise."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from app import promise_texts
from app.cli import output
from core import api
from core.version import VERSION


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="folders to look at")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(options: argparse.Namespace) -> int:
    """Print what was found; 1 when a folder cannot be looked at."""
    state = api.state_folder(options.state_dir)
    python = ".".join(map(str, sys.version_info[:3]))
    if options.json:
        output.emit("machine", version=VERSION, python=python, state=state, platform=asdict(api.platform()))
    else:
        output.say(f"Holdfast {VERSION}, Python {python}")
        output.say(f"Own files: {api.shown(state)}")
        for line in promise_texts.platform(api.platform()):
            output.say(line)
    code = 0
    for path in options.paths or ["."]:
        try:
            promise = api.promises(path, state=options.state_dir)
        except OSError as error:
            output.complain(f"{api.shown(path)}: {error.strerror}")
            code = 1
            continue
        if options.json:
            output.emit("place", **asdict(promise))
            continue
        for line in promise_texts.promise(promise):
            output.say(line)
    return code
