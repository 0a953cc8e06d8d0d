"""`holdfast install-desktop`: menus, file types, file-manager actions, the manual and completions, for this user."""

from __future__ import annotations

import argparse
import os

from app import program
from app.cli import desktop, output
from app.words import _
from core.plan.operations import Material, Write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))


def run(options: argparse.Namespace) -> int:
    """Put the files where the desktop looks for them, as one batch; 1 when nothing was changed."""
    if not program.path():
        output.complain(
            _(
                "Nothing was changed. This copy of Holdfast has no program that a desktop could start; "
                "install it first, for example by: pipx install holdfast"
            )
        )
        return 1
    parts = [part for part in desktop.parts(program.path()) if part.is_wanted]
    writes = [Write(part.path, Material(data=part.content, executable=part.executable)) for part in parts]
    code = desktop.apply(options, writes, _("put Holdfast into the desktop"))
    if code == 0 and not options.json:
        output.say(_("Holdfast is in the menus, and in “Open with” for files, folders and *.holdfast.json."))
        output.say(
            _(
                "For zsh, this folder has to be in fpath: {folder}",
                folder=os.path.join(desktop.data_folder(), "zsh/site-functions"),
            )
        )
    return code
