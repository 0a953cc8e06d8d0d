"""`holdfast watch`: say what is left behind as it comes and goes, until it is interrupted. Changes nothing."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from app import leftover_texts
from app.cli import leftovers, output, stopping
from app.values import Coverage as Seen
from app.words import _
from core import api, cleaning
from core.leftovers.news import Coverage, Found, Gone
from core.progress import Cancelled, CancelToken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("what", nargs="+", metavar="PATH", help=_("folders to watch"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))


def run(options: argparse.Namespace) -> int:
    """Watch and tell, until a signal ends it."""
    if code := output.missing(options.what):
        return code
    try:
        for news in cleaning.watch(options.what, state=options.state_dir, token=CancelToken(stopping.is_waiting)):
            if options.json:
                _emit(news)
            else:
                _say(news, len(options.what))
            sys.stdout.flush()
    except Cancelled:
        return stopping.exit_code()
    return 0


def _emit(news: Found | Gone | Coverage) -> None:
    match news:
        case Found(found):
            for one in found:
                leftovers.emit(one, "found")
        case Gone(paths):
            for path in paths:
                output.emit("gone", path=path)
        case Coverage():
            output.emit("coverage", **asdict(news))


def _say(news: Found | Gone | Coverage, roots: int) -> None:
    match news:
        case Found(found):
            for one in found:
                output.say(f"{leftover_texts.ADVICE[one.advice]}:\n{leftovers.line(one)}")
        case Gone(paths):
            for path in paths:
                output.say(_("gone: {path}", path=api.shown(path)))
        case Coverage() if news.live:
            output.complain(leftover_texts.coverage(Seen(**asdict(news)), roots))
