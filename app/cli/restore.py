"""`holdfast restore`: give a file the content of a leftover, as a batch that can be undone: both versions survive."""

from __future__ import annotations

import argparse
import sys

from app import leftover_texts, texts
from app.cli import output, paint, stopping
from app.cli.asking import agreed
from app.cli.ending import tell
from core import api, cleaning
from core.errors import HoldfastError
from core.progress import Cancelled, CancelToken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("leftover", metavar="LEFTOVER", help="the file to restore from")
    parser.add_argument(
        "--to", metavar="FILE", help="the file that gets its content; without it the one that it belongs to"
    )
    parser.add_argument("--remove", action="store_true", help="clear the leftover in the same batch")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(options: argparse.Namespace) -> int:
    """Show the change, ask, apply, and say what happened, in words and by the exit code."""
    token = CancelToken(stopping.is_waiting)
    one = cleaning.look(options.leftover, state=options.state_dir)
    original = options.to or (cleaning.goal(one) if one is not None else "")
    if one is None or not original:
        why = "is no leftover" if one is None else f"does not tell what it belongs to; --to FILE does. {_why(one)}"
        output.complain(f"{texts.NOTHING_CHANGED} {api.shown(options.leftover)} {why}{'.' if one is None else ''}")
        return 1
    try:
        goal = api.file_system().resolve(original)
        plan = cleaning.restore_plan(one, goal, remove=options.remove, token=token)
    except HoldfastError as error:
        output.complain(texts.trouble(error.code))
        return 1
    except Cancelled:
        output.complain(f"{texts.NOTHING_CHANGED} Stopped before anything was written.")
        return stopping.exit_code()
    if not plan.problems:
        if not options.json and sys.stdout.isatty():
            paint.show(api.preview_lines(plan))
        if not agreed(
            options, "restore", [f"{api.shown(original)} gets this content; what it holds now goes to History."]
        ):
            return 2
    return tell(api.apply(plan, state=options.state_dir, token=token), json_lines=options.json)


def _why(one: cleaning.Leftover) -> str:
    return leftover_texts.REASONS[one.reason]
