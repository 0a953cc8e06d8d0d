"""`holdfast recover`: put right what a crash left. Without options it puts everything back and never asks."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict

from app import texts
from app.cli import output
from core import api


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--list", action="store_true", help="only say what waits")
    choice.add_argument("--put-back", metavar="ID", help="put this batch back")
    choice.add_argument("--finish", metavar="ID", help="finish applying this batch")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(options: argparse.Namespace) -> int:
    """Recover; 0, or 3 when something needs attention."""
    if options.list:
        return _list(options)
    if options.finish or options.put_back:
        how = api.How.FINISH if options.finish else api.How.PUT_BACK
        done = [api.recover(options.finish or options.put_back, how, state=options.state_dir)]
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
        output.say("There is nothing to put right.")
    return worst


def _code(options: argparse.Namespace, one: api.Recovered) -> int:
    """Return the exit code for one batch; a running one is none of ours unless it was asked for by its id."""
    if one.result is api.Result.NEEDS_ATTENTION:
        return 3
    asked = bool(options.finish or options.put_back)
    return 1 if asked and one.result in (api.Result.BUSY, api.Result.UNKNOWN) else 0


def _list(options: argparse.Namespace) -> int:
    for batch in api.pending(options.state_dir):
        if options.json:
            output.emit("pending", **asdict(batch))
            continue
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(batch.started))
        state = "still running" if batch.alive else batch.state.replace("_", " ")
        files = texts.count(batch.files, "file", "files")
        output.say(f"{batch.txn}  {when}  {batch.name or '(no name)'}: {files}, {batch.switched} changed, {state}")
    return 0


def _say(one: api.Recovered) -> None:
    files = texts.count(one.files, "file", "files")
    words = {
        api.Result.PUT_BACK: f"{one.txn}: put back, {files} as before.",
        api.Result.FINISHED: f"{one.txn}: finished, {files} changed.",
        api.Result.BUSY: f"{one.txn}: still running; left alone.",
        api.Result.UNKNOWN: f"{texts.NOTHING_CHANGED} No interrupted batch is called {api.shown(one.txn)}.",
        api.Result.NEEDS_ATTENTION: f"{one.txn}: needs attention ({_WHY.get(one.code, one.code)}). Nothing is lost.",
    }
    output.say(words[one.result])
    for path, reason in one.failed:
        output.complain(f"  {api.shown(path)}: {reason}")
    for path in one.kept:
        output.complain(f"  Kept for you to look at: {api.shown(path)}")


_WHY = {
    "elsewhere": "a disk or folder of this batch is not here",
    "cannot_finish": "it cannot be finished any more, but it can be put back",
    "conflict": "a file was changed meanwhile; it can still be put back",
    "journal_damaged": "its record is damaged",
    "journal_newer": "a newer version of Holdfast has written its record, and has to put it right",
    "failed": "the disk refuses",
    "not_ours": "its record belongs to another user",
}
