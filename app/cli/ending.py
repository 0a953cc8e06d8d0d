"""How batches are agreed to and how their ends are told: what `apply` and `undo` have in common."""

from __future__ import annotations

import argparse
import contextlib
import sys
from dataclasses import asdict

from app import history_texts, promise_texts, texts
from app.cli import asking, output, stopping
from app.cli.bar import Bar
from app.reason_texts import told
from app.words import _, counted
from core import api, helper, memory
from core.errors import HoldfastError
from core.progress import CancelToken, Meter

_NAMES: dict[type, str] = {
    api.Committed: "committed",
    api.Refused: "refused",
    api.RolledBack: "rolled_back",
    api.NeedsRecovery: "needs_recovery",
}


def declined(options: argparse.Namespace, plan: api.Plan, *, verb: str, may_ask: bool = True) -> int:
    """Say what a plan will do, and ask; return the exit code where nobody agrees, else 0."""
    kept = texts.kept(memory.limits_in_force(options.state_dir).age) if plan.undo else texts.NO_UNDO
    unkept = memory.unkept(plan, state=options.state_dir) if plan.undo else []
    will = counted(
        plan.files,
        "{n} file will be changed, {size} written.",
        "{n} files will be changed, {size} written.",
        size=texts.size(plan.bytes),
    )
    lost = [texts.unkept(unkept)] if unkept else []
    return asking.declined(
        options, verb, [f"{will} {kept}", *lost, *promise_texts.weaker(plan.levels())], may_ask=may_ask
    )


def carry_out(options: argparse.Namespace, plan: api.Plan, meter: Meter, token: CancelToken) -> int:
    """Apply a plan, say what happened as soon as that is sure, and return the exit code."""
    with Bar(meter, shown=sys.stderr.isatty() and not options.json) as bar:
        ends: list[api.Committed | api.RolledBack] = []

        def told(end: api.Committed | api.RolledBack) -> None:
            ends.append(end)
            with contextlib.suppress(OSError):  # a terminal that was closed, a pipe nobody reads: the end is the same
                bar.end()
                if isinstance(end, api.Committed):
                    _say_changed(end)
                else:
                    _say_as_it_was(end)

        outcome = api.apply(
            plan,
            state=options.state_dir,
            meter=meter,
            token=token,
            undo=plan.undo,
            told=None if options.json else told,
            processes=helper.processes(),
        )
    with contextlib.suppress(OSError):  # nobody may read it any more; what became of the files is the same
        _tell(outcome, json_lines=options.json, is_said=bool(ends))
    if isinstance(outcome, api.Committed) and not options.json:
        _expire(options)
    return _code(outcome)


def _expire(options: argparse.Namespace) -> None:
    """Let go of what has been kept long enough. The batch is done whether that goes well or not; the next one tries."""
    try:
        for one in memory.expire(state=options.state_dir):
            for line in history_texts.dropped(one):
                output.complain(line)
    except (HoldfastError, OSError) as error:
        api.note(f"expire: {error}", state=options.state_dir)


def tell(outcome: api.Outcome, *, json_lines: bool) -> int:
    """Say how a batch ended that nothing was said of yet, and return the exit code."""
    if isinstance(outcome, api.Committed) and outcome.files and not json_lines:
        _say_changed(outcome)
    _tell(outcome, json_lines=json_lines)
    return _code(outcome)


def _say_changed(done: api.Committed) -> None:
    output.say(
        counted(
            done.files, "{n} file changed in {seconds} s.", "{n} files changed in {seconds} s.", seconds=done.seconds
        )
    )
    sys.stdout.flush()


def _tell(outcome: api.Outcome, *, json_lines: bool, is_said: bool = False) -> None:
    """`is_said`: that all is changed, or as it was, has been said already; what has become known since is not."""
    if json_lines:
        if isinstance(outcome, api.Refused):
            output.problems(outcome.problems, json_lines=True)
        output.emit("outcome", outcome=_NAMES[type(outcome)], **asdict(outcome))
    match outcome:
        case api.Committed():
            _tell_committed(outcome, json_lines=json_lines)
        case api.Refused():
            output.complain(texts.NOTHING_CHANGED)
            if not json_lines:
                output.problems(outcome.problems, json_lines=False)
        case api.RolledBack():
            if not is_said:
                _say_as_it_was(outcome)
            _tell_kept(outcome.kept)
        case api.NeedsRecovery():
            yet = _("All files are as they were. Not all of Holdfast's own files could be removed yet:")
            output.complain(yet if outcome.as_it_was else _("Some files could not be put back yet. Nothing is lost:"))
            for path, reason in dict.fromkeys(outcome.failed):
                output.complain(f"  {api.shown(path)}: {told(reason)}")
            _tell_kept(outcome.kept)
            output.complain(_("Mend the cause, then run `holdfast recover`."))


def _code(outcome: api.Outcome) -> int:
    """Return the exit code of a batch that ended so."""
    match outcome:
        case api.Committed():
            return 0
        case api.RolledBack(reason=api.Reason.CANCELLED):
            return stopping.exit_code()
        case api.NeedsRecovery():
            return 3
    return 1


def _tell_committed(outcome: api.Committed, *, json_lines: bool) -> None:
    if not json_lines and not outcome.files:
        output.say(f"{texts.NOTHING_CHANGED} {texts.NOTHING_TO_DO}")
    if outcome.unfinished:
        output.complain(
            _("Everything is changed, but not all of Holdfast's own files could be put away. Run `holdfast recover`.")
        )
    _tell_kept(outcome.kept)


def _say_as_it_was(outcome: api.RolledBack) -> None:
    if outcome.reason is api.Reason.CANCELLED:
        output.complain(
            counted(
                outcome.files,
                "Nothing was changed. Stopped; all {n} file is as it was.",
                "Nothing was changed. Stopped; all {n} files are as they were.",
            )
        )
        return
    where = api.shown(outcome.path) if outcome.path else ""
    if outcome.reason is api.Reason.CONFLICT:
        why = _("{path} was changed by another program meanwhile. Preview again.", path=where or _("a file"))
    else:
        why = f"{where}: {told(outcome.error)}."
    output.complain(
        counted(
            outcome.files,
            "Nothing was changed. All {n} file is as it was, because {reason}",
            "Nothing was changed. All {n} files are as they were, because {reason}",
            reason=why,
        )
    )


def _tell_kept(kept: tuple[str, ...]) -> None:
    for path in kept:
        output.complain(_("Kept for you to look at: {path}", path=api.shown(path)))
