"""`holdfast restore`: give a file the content of a leftover, as a batch that can be undone: both versions survive."""

from __future__ import annotations

import argparse
import sys

from app import leftover_texts, texts
from app.cli import output, paint, stopping
from app.cli.asking import declined
from app.cli.ending import tell
from app.words import _
from core import api, cleaning
from core.errors import HoldfastError
from core.progress import Cancelled, CancelToken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("leftover", metavar="LEFTOVER", help=_("the file to restore from"))
    parser.add_argument(
        "--to", metavar="FILE", help=_("the file that gets its content; without it the one that it belongs to")
    )
    parser.add_argument("--remove", action="store_true", help=_("clear the leftover in the same batch"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))


def run(options: argparse.Namespace) -> int:
    """Show the change, ask, apply, and say what happened, in words and by the exit code."""
    token = CancelToken(stopping.is_waiting)
    one = cleaning.look(options.leftover, state=options.state_dir)
    original = options.to or (cleaning.goal(one) if one is not None else "")
    if one is None or not original:
        path = api.shown(options.leftover)
        if one is None:
            output.complain(_("Nothing was changed. {path} is no leftover.", path=path))
        else:
            unknown = _("Nothing was changed. {path} does not tell what it belongs to; --to FILE does.", path=path)
            output.complain(f"{unknown} {_why(one)}")
        return 1
    try:
        goal = api.file_system().resolve(options.to) if options.to else original
        plan = cleaning.restore_plan(one, goal, remove=options.remove, name=leftover_texts.restoring(goal), token=token)
    except HoldfastError as error:
        output.complain(texts.trouble(error.code))
        return 1
    except Cancelled:
        output.complain(_("Nothing was changed. Stopped before anything was written."))
        return stopping.exit_code()
    if not plan.problems:
        if not options.json and sys.stdout.isatty():
            paint.show(api.preview_lines(plan))
        said = _("{path} gets this content; what it holds now goes to History.", path=api.shown(original))
        if code := declined(options, "restore", [said]):
            return code
    return tell(api.apply(plan, state=options.state_dir, token=token), json_lines=options.json)


def _why(one: cleaning.Leftover) -> str:
    return leftover_texts.REASONS[one.reason]
