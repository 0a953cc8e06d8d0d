"""`holdfast recover`: put right what a crash left. Without options it puts everything back and never asks."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app.cli import output
from app.reason_texts import told
from app.words import _, counted, moment
from core import api


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--list", action="store_true", help=_("only say what waits"))
    choice.add_argument("--put-back", metavar="ID", help=_("put this batch back"))
    choice.add_argument(
        "--put-back-here", metavar="ID", help=_("put this batch back without folders that are gone for good")
    )
    choice.add_argument("--finish", metavar="ID", help=_("finish applying this batch"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))


def run(options: argparse.Namespace) -> int:
    """Recover; 0, or 3 when something needs attention."""
    if options.list:
        return _list(options)
    if txn := options.finish or options.put_back or options.put_back_here:
        how = api.How.FINISH if options.finish else api.How.PUT_BACK_HERE if options.put_back_here else api.How.PUT_BACK
        done = [api.recover(txn, how, state=options.state_dir)]
    else:
        done = api.recover_all(options.state_dir)
    for one in done:
        if options.json:
            output.emit("recovered", **asdict(one))
        else:
            _say(one)
    worst = max((_code(options, one) for one in done), default=0)
    if options.json:
        output.emit("outcome", outcome="recovered", batches=len(done), exit=worst)
    elif not done:
        output.say(_("There is nothing to put right."))
    return worst


def _code(options: argparse.Namespace, one: api.Recovered) -> int:
    """Return the exit code for one batch; a running one is none of ours unless it was asked for by its id."""
    if one.result is api.Result.NEEDS_ATTENTION:
        return 3
    asked = bool(options.finish or options.put_back or options.put_back_here)
    return 1 if asked and one.result in (api.Result.BUSY, api.Result.UNKNOWN) else 0


def _list(options: argparse.Namespace) -> int:
    for batch in api.pending(options.state_dir):
        if options.json:
            output.emit("pending", **asdict(batch))
            continue
        when = moment(batch.started)
        state = _("still running") if batch.alive else _STATES.get(batch.state, batch.state)
        files = counted(batch.files, "{n} file", "{n} files")
        output.say(
            _(
                "{txn}  {when}  {name}: {files}, {switched} changed, {state}",
                txn=batch.txn,
                when=when,
                name=batch.name or _("(no name)"),
                files=files,
                switched=batch.switched,
                state=state,
            )
        )
    return 0


def _say(one: api.Recovered) -> None:
    files = counted(one.files, "{n} file", "{n} files")
    words = {
        api.Result.PUT_BACK: _("{txn}: put back, {files} as before.", txn=one.txn, files=files),
        api.Result.FINISHED: _("{txn}: finished, {files} changed.", txn=one.txn, files=files),
        api.Result.BUSY: _("{txn}: still running; left alone.", txn=one.txn),
        api.Result.UNKNOWN: _("Nothing was changed. No interrupted batch is called {path}.", path=api.shown(one.txn)),
        api.Result.NEEDS_ATTENTION: _(
            "{txn}: needs attention ({reason}). Nothing is lost.", txn=one.txn, reason=_WHY.get(one.code, one.code)
        ),
    }
    output.say(words[one.result])
    if one.code == "elsewhere":
        output.complain(
            _(
                "  Bring it back, then run this again. If it is gone for good: holdfast recover --put-back-here {txn}",
                txn=one.txn,
            )
        )
    for path, reason in one.failed:
        output.complain(f"  {api.shown(path)}: {told(reason)}")
    for path in one.kept:
        output.complain(f"  {_('Kept for you to look at: {path}', path=api.shown(path))}")


_STATES = {
    "preparing": _("preparing"),
    "switching": _("switching"),
    "finishing": _("finishing"),
    "putting_back": _("putting back"),
    "unreadable": _("unreadable"),
    "newer": _("of a newer version"),
}
_WHY = {
    "elsewhere": _("a disk or folder of this batch is not here"),
    "cannot_finish": _("it cannot be finished any more, but it can be put back"),
    "conflict": _("a file was changed meanwhile; it can still be put back"),
    "journal_damaged": _("its record is damaged"),
    "journal_newer": _("a newer version of Holdfast has written its record, and has to put it right"),
    "failed": _("the disk refuses"),
    "not_ours": _("its record belongs to another user"),
}
