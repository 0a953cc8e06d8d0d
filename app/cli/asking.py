"""Asking on a terminal before files are changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from app import texts
from app.cli import output
from app.words import _

_QUESTIONS = {"apply": _("Apply?"), "undo": _("Undo?"), "clear": _("Clear?"), "restore": _("Restore?")}


def agreed(options: argparse.Namespace, command: str, summary: Iterable[str], *, may_ask: bool = True) -> bool:
    """Show what will be done and ask, unless `--yes`; False, and said so, where nobody agrees or can be asked."""
    if options.yes:
        return True
    if not (may_ask and sys.stdin.isatty() and sys.stdout.isatty()):
        output.complain(_("Nothing was changed. Without a terminal to ask on, {command} needs --yes.", command=command))
        return False
    for line in summary:
        output.say(line)
    sys.stdout.write(f"{_QUESTIONS[command]} {_('[y/N]')} ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() in ("y", "yes", *_("y yes").split()):
        return True
    output.complain(texts.NOTHING_CHANGED)
    return False
