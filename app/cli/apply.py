"""`holdfast apply`: apply a plan, all of it or none."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from app import promise_texts, texts
from app.cli import output, stopping
from app.cli.bar import Bar
from core import api
from core.progress import Cancelled, CancelToken, Meter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("plan", help="a plan file, or - for standard input")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    parser.add_argument("--links", choices=[link.value for link in api.Links], help="files with other names")
    parser.add_argument(
        "--skip-changed", action="store_true", help="leave out the files that changed since the preview, and list them"
    )
    parser.add_argument("--no-undo", action="store_true", help="keep no previous versions")


def run(options: argparse.Namespace) -> int:
    """Apply the plan and say what happened, in words and by the exit code."""
    meter, token = Meter(), CancelToken(stopping.is_waiting)
    # What a crash left may lie in the folders of this very batch, so it is put right before they are looked at.
    _recover(options)
    try:
        links = api.Links(options.links) if options.links else None
        left_out: list[str] | None = [] if options.skip_changed else None
        with Bar(meter, shown=sys.stderr.isatty() and not options.json):
            plan = api.read_plan(options.plan, links=links, meter=meter, token=token, left_out=left_out)
    except (api.BadPlan, OSError) as error:
        return output.bad_plan(options.plan, error, json_lines=options.json)
    except Cancelled:
        output.complain(f"{texts.NOTHING_CHANGED} Stopped before anything was written.")
        return stopping.exit_code()
    _tell_left_out(left_out or [], json_lines=options.json)
    if not plan.problems and plan.files and not _agreed(options, plan):
        return 2
    with Bar(meter, shown=sys.stderr.isatty() and not options.json):
        outcome = api.apply(plan, state=options.state_dir, meter=meter, token=token)
    return _tell(outcome, json_lines=options.json)


def _recover(options: argparse.Namespace) -> None:
    for done in api.recover_all(options.state_dir):
        if done.result is api.Result.PUT_BACK and not done.code and not options.json:
            output.complain(f"An interrupted batch was put back first ({done.txn}).")


def _tell_left_out(paths: list[str], *, json_lines: bool) -> None:
    for path in paths:
        if json_lines:
            output.emit("left_out", path=path, code="changed")
        else:
            output.complain(f"Left out, because it has changed since the preview: {api.shown(path)}")


def _agreed(options: argparse.Namespace, plan: api.Plan) -> bool:
    if options.yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or options.plan == "-":
        output.complain(f"{texts.NOTHING_CHANGED} Without a terminal to ask on, apply needs --yes.")
        return False
    output.say(
        f"{texts.count(plan.files, 'file', 'files')} will be changed, {texts.size(plan.bytes)} written. "
        "Previous versions are not kept after that."
    )
    for line in promise_texts.weaker(plan.levels()):
        output.say(line)
    sys.stdout.write("Apply? [y/N] ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return True
    output.complain(texts.NOTHING_CHANGED)
    return False


def _tell(outcome: api.Outcome, *, json_lines: bool) -> int:
    if json_lines:
        if isinstance(outcome, api.Refused):
            output.problems(outcome.problems, json_lines=True)
        output.emit("outcome", outcome=_NAMES[type(outcome)], **asdict(outcome))
    match outcome:
        case api.Committed():
            return _tell_committed(outcome, json_lines=json_lines)
        case api.Refused():
            output.complain(texts.NOTHING_CHANGED)
            if not json_lines:
                output.problems(outcome.problems, json_lines=False)
            return 1
        case api.RolledBack():
            return _tell_rolled_back(outcome)
        case api.NeedsRecovery():
            output.complain("Some files could not be put back yet. Nothing is lost:")
            for path, reason in outcome.failed:
                output.complain(f"  {api.shown(path)}: {reason}")
            _tell_kept(outcome.kept)
            output.complain("Mend the cause, then run `holdfast recover`.")
            return 3


_NAMES: dict[type, str] = {
    api.Committed: "committed",
    api.Refused: "refused",
    api.RolledBack: "rolled_back",
    api.NeedsRecovery: "needs_recovery",
}


def _tell_committed(outcome: api.Committed, *, json_lines: bool) -> int:
    if not json_lines:
        files = texts.count(outcome.files, "file", "files")
        output.say(f"{files} changed in {outcome.seconds:.1f} s." if outcome.files else texts.NOTHING_CHANGED)
    if outcome.unfinished:
        output.complain(
            "Everything is changed, but not all of Holdfast's own files could be removed. Run `holdfast recover`."
        )
    _tell_kept(outcome.kept)
    return 0


def _tell_rolled_back(outcome: api.RolledBack) -> int:
    files = texts.count(outcome.files, "file is as it was", "files are as they were")
    if outcome.reason is api.Reason.CANCELLED:
        output.complain(f"{texts.NOTHING_CHANGED} Stopped; all {files}.")
        _tell_kept(outcome.kept)
        return stopping.exit_code()
    where = f" {api.shown(outcome.path)}" if outcome.path else ""
    if outcome.reason is api.Reason.CONFLICT:
        why = f"{where or ' a file'} was changed by another program meanwhile. Preview again."
    else:
        why = f"{where}: {outcome.error}."
    output.complain(f"{texts.NOTHING_CHANGED} All {files}, because{why}")
    _tell_kept(outcome.kept)
    return 1


def _tell_kept(kept: tuple[str, ...]) -> None:
    for path in kept:
        output.complain(f"Kept for you to look at: {api.shown(path)}")
