"""`holdfast verify`: whether a batch is still in force, file by file."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app import history_texts
from app.cli import output, stopping
from app.words import _, counted
from core import api, memory
from core.history import State, Verified
from core.progress import Cancelled, CancelToken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("id", nargs="?", help=_("which batch, see `holdfast history`; without it the newest"))
    parser.add_argument("--held", action="store_true", help=_("check its previous versions as well, by digest"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))


def run(options: argparse.Namespace) -> int:
    """Verify; 0 when it is in force, else 1."""
    newest = (entry.txn for entry in memory.history(options.state_dir) if entry.ended)
    txn = options.id or next(newest, "")
    token = CancelToken(stopping.is_waiting)
    try:
        found = memory.verify(txn, state=options.state_dir, token=token)
        damaged = memory.check_held(txn, state=options.state_dir, token=token) if options.held else []
    except KeyError:
        output.complain(_("Nothing was changed. No batch is called {path}.", path=api.shown(txn)))
        return 1
    except Cancelled:
        return stopping.exit_code()
    code = 0 if found.in_force and not damaged else 1
    if options.json:
        output.emit("outcome", outcome="verified", damaged=damaged, **asdict(found))
        return code
    _say(txn, found, damaged)
    return code


def _say(txn: str, found: Verified, damaged: list[str]) -> None:
    if found.in_force:
        output.say(
            counted(
                found.checked,
                "{txn} is in force: {n} file is as it left it.",
                "{txn} is in force: {n} files are as it left them.",
                txn=txn,
            )
        )
    elif found.state is not State.APPLIED:
        output.say(_("{txn} is not in force: {state}.", txn=txn, state=history_texts.STATES[found.state]))
    else:
        output.say(
            counted(
                len(found.differences),
                "{txn} is not in force any more: {n} file is not as it left it.",
                "{txn} is not in force any more: {n} files are not as it left them.",
                txn=txn,
            )
        )
    for one in found.differences:
        output.say(history_texts.difference(one))
    for path in damaged:
        output.say(f"  {_('{path}: its previous version is missing or damaged', path=api.shown(path))}")
