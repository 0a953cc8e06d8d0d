"""`holdfast leftovers`: say what crashes and programs left behind, what each is, and what is best done with it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from app import kind_texts, leftover_texts, texts
from app.cli import output, stopping
from app.cli.bar import Bar
from app.words import _, counted
from core import api, cleaning
from core.cleaning import Leftover
from core.leftovers.news import Coverage, Found
from core.progress import Cancelled, CancelToken, Meter

_SHOWN_OF_A_GROUP = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("what", nargs="+", metavar="PATH", help=_("folders to look through"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))
    parser.add_argument(
        "--all", action="store_true", help=_("every one, also what is never to be touched, or was put aside")
    )
    parser.add_argument(
        "--keep", action="store_true", help=_("the PATHs are leftovers: tell of them no more until they change")
    )
    parser.add_argument(
        "--ignore", type=int, metavar="KIND", help=_("tell of that kind (its number) no more below PATH")
    )
    parser.add_argument("--forget", action="store_true", help=_("take back --keep and --ignore below PATH"))


def run(options: argparse.Namespace) -> int:
    """Scan and tell; 0, also where nothing is found."""
    if options.keep or options.ignore is not None or options.forget:
        return _decide(options)
    if code := output.missing(options.what):
        return code
    found, coverage = [], Coverage()
    token = CancelToken(stopping.is_waiting)
    try:
        for news in look(options, token, everything=options.all):
            if isinstance(news, Coverage):
                coverage = news
                continue
            if options.json:
                for one in news:
                    emit(one)
            found += news
    except Cancelled:
        output.complain(_("Nothing was changed. Stopped."))
        return stopping.exit_code()
    if options.json:
        output.emit("coverage", **asdict(coverage))
        output.emit("outcome", outcome="leftovers", found=len(found))
    else:
        _say(found, coverage, everything=options.all)
    return 0


def look(
    options: argparse.Namespace, token: CancelToken, *, everything: bool = False
) -> Iterator[list[Leftover] | Coverage]:
    """Yield the leftovers below the paths, in parts, and the coverage. Raises `Cancelled`."""
    meter = Meter()
    with Bar(meter, shown=sys.stderr.isatty() and not options.json):
        for news in cleaning.scan(
            options.what, state=options.state_dir, meter=meter, token=token, everything=everything
        ):
            if isinstance(news, Found):
                yield list(news.leftovers)
            elif isinstance(news, Coverage):
                yield news


def emit(one: Leftover, event: str = "leftover") -> None:
    """Print one as a JSON line."""
    output.emit(event, **asdict(one), preselected=one.preselected)


def line(one: Leftover) -> str:
    """Say in one line what one is and why that is best."""
    who = f" ({one.who})" if one.who else ""
    why = leftover_texts.REASONS[one.reason]
    what = f"{kind_texts.told(one.made_by)}: {kind_texts.told(one.meaning)}"
    return f"  {api.shown(one.path)}\n      {what}. {why}{who} [{one.number}]"


def _say(found: list[Leftover], coverage: Coverage, *, everything: bool) -> None:
    for advice, title in leftover_texts.GROUPS.items():
        group = sorted((one for one in found if one.advice == advice), key=lambda one: one.path)
        if not group:
            continue
        output.say(
            _(
                "{title}: {leftovers}, {size}",
                title=title,
                leftovers=counted(len(group), "{n} leftover", "{n} leftovers"),
                size=_size(group),
            )
        )
        for one in group if everything else group[:_SHOWN_OF_A_GROUP]:
            output.say(line(one))
        if len(group) > _SHOWN_OF_A_GROUP and not everything:
            output.say(f"  … {_('and {number} more; --all shows them.', number=len(group) - _SHOWN_OF_A_GROUP)}")
    output.say(
        counted(
            len(found),
            "{n} leftover in {folders}. Nothing was changed.",
            "{n} leftovers in {folders}. Nothing was changed.",
            folders=counted(coverage.folders, "{n} folder", "{n} folders"),
        )
    )
    if coverage.unreadable:
        output.complain(counted(coverage.unreadable, "{n} folder cannot be read.", "{n} folders cannot be read."))


def _size(group: Iterable[Leftover]) -> str:
    return texts.size(sum(one.size for one in group))


def _decide(options: argparse.Namespace) -> int:
    if options.forget:
        number = sum(cleaning.forget(_real(path), state=options.state_dir) for path in options.what)
        return _decided(options, number, counted(number, "{n} decision taken back.", "{n} decisions taken back."))
    if options.ignore is not None:
        for path in options.what:
            cleaning.ignore(options.ignore, _real(path), state=options.state_dir)
        words = _("They will not be told of any more there; --forget takes that back.")
        return _decided(options, len(options.what), words)
    found = {path: cleaning.look(path, state=options.state_dir) for path in options.what}
    for path in [path for path, one in found.items() if one is None]:
        output.complain(_("Nothing was changed. {path} is no leftover.", path=api.shown(path)))
        return 1
    cleaning.keep([one for one in found.values() if one is not None], state=options.state_dir)
    words = _("They will not be told of any more until they change; --forget takes that back.")
    return _decided(options, len(found), words)


def _decided(options: argparse.Namespace, number: int, words: str) -> int:
    if options.json:
        output.emit("outcome", outcome="leftovers", found=number)
    else:
        output.say(words)
    return 0


def _real(path: str) -> str:
    return api.file_system().resolve(path)
