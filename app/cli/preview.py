"""`holdfast preview`: what a plan will do. Writes nothing."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app import promise_texts, texts
from app.cli import output, paint, stopping
from app.words import _, counted
from core import api, helper
from core.progress import Cancelled, CancelToken

_WIDTH = max(8, *(len(texts.ACTIONS[action]) for action in ("create", "edit", "replace", "delete", "move")))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("plan", help=_("a plan file, or - for standard input"))
    parser.add_argument("--stat", action="store_true", help=_("one line per file instead of the diff"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))


def run(options: argparse.Namespace) -> int:
    """Print the preview; 0, or 1 when the plan has problems, or 2 when it is no plan."""
    try:
        plan = api.read_plan(
            options.plan, token=CancelToken(stopping.is_waiting), state=options.state_dir, processes=helper.processes()
        )
    except (api.BadPlan, OSError) as error:
        return output.bad_plan(options.plan, error, json_lines=options.json)
    except Cancelled:
        return stopping.exit_code()
    if options.json:
        for change in plan.changes():
            output.emit("change", **asdict(change))
    elif options.stat:
        for change in plan.changes():
            output.say(_stat(change))
    else:
        paint.show(api.preview_lines(plan))
    output.notes(plan.notes, json_lines=options.json)
    output.problems(plan.problems, json_lines=options.json)
    if options.json:
        output.emit(
            "outcome",
            outcome="preview",
            files=plan.files,
            matches=plan.matches,
            bytes=plan.bytes,
            problems=len(plan.problems),
        )
    elif options.stat:
        output.say(
            f"{counted(plan.files, '{n} file', '{n} files')}, {counted(plan.matches, '{n} match', '{n} matches')}"
        )
    return 1 if plan.problems else 0


def _stat(change: api.Change) -> str:
    path = api.shown(change.path)
    if change.to:
        path = f"{path} -> {api.shown(change.to)}"
    matches = f"  {counted(change.matches, '{n} match', '{n} matches')}" if change.matches else ""
    level = "" if change.level is api.Level.EXCHANGE else f"  ({promise_texts.level_short(change.level)})"
    return f"{texts.ACTIONS[change.action.value]:{_WIDTH}} {path}{matches}{level}"
