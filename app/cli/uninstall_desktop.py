"""`holdfast uninstall-desktop`: takes away what `install-desktop` has put."""

from __future__ import annotations

import argparse

from app import program
from app.cli import desktop, output
from app.words import _
from core.fs import files
from core.plan.operations import Delete


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))


def run(options: argparse.Namespace) -> int:
    """Remove the files, as one batch; 1 when nothing was changed."""
    there = [Delete(part.path) for part in desktop.parts(program.path()) if files.exists(part.path)]
    code = desktop.apply(options, there, _("take Holdfast out of the desktop"))
    if code == 0 and not options.json:
        output.say(_("Holdfast is no more in the menus.") if there else _("It was not there."))
    return code
