"""`holdfast history`: every batch that ever ran, or one of them with its files."""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict

from app import history_texts
from app.cli import output
from app.words import _
from core import api, memory
from core.history import DAY, Entry, Format, Limits


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("id", nargs="?", help=_("one batch, with its files"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))
    parser.add_argument("--report", choices=[how.value for how in Format], help=_("write a report on the batch"))
    deed = parser.add_mutually_exclusive_group()
    deed.add_argument("--pin", action="store_true", help=_("keep the previous versions of the batch for good"))
    deed.add_argument("--unpin", action="store_true", help=_("let them expire after all"))
    deed.add_argument("--expire", action="store_true", help=_("drop previous versions that are beyond the limits"))
    parser.add_argument("--days", type=_limit, metavar="N", help=_("the limit of age (as the settings say, else 30)"))
    parser.add_argument(
        "--size", type=_limit, metavar="BYTES", help=_("the limit of size (0: none; as the settings say)")
    )


def _limit(text: str) -> float:
    """Read a number that is no less than 0; of a day or a byte less nothing can be older or larger."""
    number = float(text)
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(_("{text} is no limit: a number from 0 on", text=text))
    return number


def run(options: argparse.Namespace) -> int:
    """Tell history; 0, or 1 where no batch has that id."""
    if options.expire:
        return _expire(options)
    if options.id is None:
        return _list(options)
    entry = memory.entry(options.id, state=options.state_dir)
    if entry is None:
        output.complain(_("Nothing was changed. No batch is called {path}.", path=api.shown(options.id)))
        return 1
    if options.pin or options.unpin:
        memory.pin(entry.txn, pinned=options.pin, state=options.state_dir)
    elif options.report:
        for line in memory.report(entry.txn, Format(options.report), state=options.state_dir):
            output.say_as_it_is(line)
    else:
        _show(options, entry)
    return 0


def _list(options: argparse.Namespace) -> int:
    entries = list(memory.history(options.state_dir))
    for entry in entries:
        if options.json:
            output.emit("entry", **_values(entry))
        else:
            output.say(history_texts.line(entry))
    if options.json:
        output.emit("outcome", outcome="history", entries=len(entries))
    elif not entries:
        output.say(_("No batch has been applied yet."))
    return 0


def _show(options: argparse.Namespace, entry: Entry) -> None:
    files = memory.entry_files(entry.txn, state=options.state_dir) if entry.ended else ()
    if options.json:
        output.emit("entry", **_values(entry))
        for file in files:
            output.emit("file", **asdict(file))
        output.emit("outcome", outcome="history", entries=1)
        return
    for line in (history_texts.line(entry), *history_texts.details(entry), *map(history_texts.file_line, files)):
        output.say(line)


def _values(entry: Entry) -> dict[str, object]:
    return {**asdict(entry), "can_undo": entry.can_undo}


def _expire(options: argparse.Namespace) -> int:
    usual = memory.limits_in_force(options.state_dir)
    age = usual.age if options.days is None else options.days * DAY
    beyond = Limits(age, usual.size if options.size is None else int(options.size))
    done = memory.expire(beyond, state=options.state_dir)
    for one in done:
        if options.json:
            output.emit("expired", **asdict(one))
        else:
            for line in history_texts.dropped(one):
                output.say(line)
    failed = any(one.failed for one in done)
    if options.json:
        output.emit("outcome", outcome="expired", batches=len(done), exit=3 if failed else 0)
    return 3 if failed else 0
