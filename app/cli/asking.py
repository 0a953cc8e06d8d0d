"""Asking on a terminal before files are changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from app import texts
from app.cli import output, stopping
from app.words import _

_QUESTIONS = {"apply": _("Apply?"), "undo": _("Undo?"), "clear": _("Clear?"), "restore": _("Restore?")}


def declined(options: argparse.Namespace, command: str, summary: Iterable[str], *, may_ask: bool = True) -> int:
    """Show what will be done and ask, unless `--yes`; return 0 where a person agrees, else the exit code, and say so.

    That is 2 where nobody can be asked, 1 for a no, and that of a signal.
    """
    if options.yes:
        return 0
    if not (may_ask and sys.stdin.isatty() and sys.stdout.isatty()):
        output.complain(_("Nothing was changed. Without a terminal to ask on, {command} needs --yes.", command=command))
        return 2
    for line in summary:
        output.say(line)
    sys.stdout.write(f"{_QUESTIONS[command]} {_('[y/N]')} ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() in ("y", "yes", *_("y yes").split()):
        return 0
    output.complain(texts.NOTHING_CHANGED)
    return stopping.exit_code() if stopping.is_waiting() else 1
