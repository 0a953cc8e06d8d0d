"""`holdfast undo`: bring back what was before a batch, as a batch; undoing that one is redoing."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app import history_texts, texts
from app.cli import ending, output, paint, stopping
from app.words import _
from core import api, memory
from core.errors import CannotUndo
from core.history import Choice, Choices
from core.progress import Cancelled, CancelToken, Meter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "id",
        nargs="?",
        help=_("which batch, see `holdfast history`; without it the newest that can be undone, undos aside"),
    )
    parser.add_argument("--preview", action="store_true", help=_("only show what would change, from now to then"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--skip", action="store_true", help=_("leave files alone that are not as the batch left them"))
    choice.add_argument("--take", action="store_true", help=_("bring their previous versions back all the same"))


def run(options: argparse.Namespace) -> int:
    """Undo; exit codes as for apply."""
    meter, token = Meter(), CancelToken(stopping.is_waiting)
    api.recover_all(options.state_dir)
    chosen = Choices(Choice.SKIP if options.skip else Choice.TAKE if options.take else Choice.ASK)
    try:
        txn = _newest(options) if options.id is None else options.id
        plan = memory.undo_plan(txn, chosen, state=options.state_dir, meter=meter, token=token)
    except CannotUndo as error:
        return _refused(options, str(error.values.get("why", "")))
    except Cancelled:
        output.complain(_("Nothing was changed. Stopped before anything was written."))
        return stopping.exit_code()
    if options.preview:
        return _preview(options, plan)
    if not plan.problems and plan.files:
        undone = memory.entry(txn, state=options.state_dir)
        if undone is not None and not options.json:
            output.say(history_texts.undoing(undone))
        if code := ending.declined(options, plan, verb="undo"):
            return code
    return ending.carry_out(options, plan, meter, token)


def _newest(options: argparse.Namespace) -> str:
    """Return the newest batch that can be undone, undos and redos left aside: two undos in a row go back twice."""
    for entry in memory.history(options.state_dir):
        if entry.can_undo and not entry.undoes:
            return entry.txn
    raise CannotUndo(why="nothing")


def _refused(options: argparse.Namespace, why: str) -> int:
    if options.json:
        output.emit("outcome", outcome="cannot_undo", why=why)
    reason = _("There is no batch to undo.") if why == "nothing" else history_texts.cannot_undo(why)
    output.complain(f"{texts.NOTHING_CHANGED} {reason}")
    return 1


def _preview(options: argparse.Namespace, plan: api.Plan) -> int:
    if options.json:
        for change in plan.changes():
            output.emit("change", **asdict(change))
    else:
        paint.show(api.preview_lines(plan))
    output.problems(plan.problems, json_lines=options.json)
    if options.json:
        output.emit("outcome", outcome="preview", files=plan.files, problems=len(plan.problems))
    return 1 if plan.problems else 0
