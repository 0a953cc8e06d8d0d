"""`holdfast apply`: apply a plan, all of it or none."""

from __future__ import annotations

import argparse
import sys

from app.cli import ending, output, stopping
from app.cli.bar import Bar
from app.words import _
from core import api, helper
from core.progress import Cancelled, CancelToken, Meter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("plan", help=_("a plan file, or - for standard input"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))
    parser.add_argument("--links", choices=[link.value for link in api.Links], help=_("files with other names"))
    parser.add_argument(
        "--skip-changed",
        action="store_true",
        help=_("leave out the files that changed since the preview, and list them"),
    )
    parser.add_argument("--no-undo", action="store_true", help=_("keep no previous versions"))


def run(options: argparse.Namespace) -> int:
    """Apply the plan and say what happened, in words and by the exit code."""
    meter, token = Meter(), CancelToken(stopping.is_waiting)
    # What a crash left may lie in the folders of this very batch, so it is put right before they are looked at.
    _recover(options)
    try:
        links = api.Links(options.links) if options.links else None
        left_out: list[str] | None = [] if options.skip_changed else None
        with Bar(meter, shown=sys.stderr.isatty() and not options.json):
            plan = api.read_plan(
                options.plan,
                links=links,
                meter=meter,
                token=token,
                left_out=left_out,
                state=options.state_dir,
                processes=helper.processes(),
            )
    except (api.BadPlan, OSError) as error:
        return output.bad_plan(options.plan, error, json_lines=options.json)
    except Cancelled:
        output.complain(_("Nothing was changed. Stopped before anything was written."))
        return stopping.exit_code()
    output.notes(plan.notes, json_lines=options.json)
    _tell_left_out(left_out or [], json_lines=options.json)
    plan.undo = not options.no_undo
    may_ask = options.plan != "-"
    if not plan.problems and plan.files and (code := ending.declined(options, plan, verb="apply", may_ask=may_ask)):
        return code
    return ending.carry_out(options, plan, meter, token)


def _recover(options: argparse.Namespace) -> None:
    for done in api.recover_all(options.state_dir):
        if done.result is api.Result.PUT_BACK and not done.code and not options.json:
            output.complain(_("An interrupted batch was put back first ({txn}).", txn=done.txn))


def _tell_left_out(paths: list[str], *, json_lines: bool) -> None:
    for path in paths:
        if json_lines:
            output.emit("left_out", path=path, code="changed")
        else:
            output.complain(_("Left out, because it has changed since the preview: {path}", path=api.shown(path)))
