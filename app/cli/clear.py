"""`holdfast clear`: clear leftovers, as a batch that can be undone. Below folders only what is surely of no use."""

from __future__ import annotations

import argparse

from app import leftover_texts, texts
from app.cli import leftovers, output, stopping
from app.cli.asking import declined
from app.cli.ending import tell
from app.words import _, counted, marked
from core import api, cleaning
from core.cleaning import Fate, Leftover
from core.progress import Cancelled, CancelToken

_STAY = ("recover", "protected")  # and what is in use or too new, a person may clear who knows better

_ENDS = {
    "now": marked("{leftovers}, {size}, will be deleted for good."),
    "trash": marked("{leftovers}, {size}, will go to the desktop's trash."),
    "": marked("{leftovers}, {size}, will go to History."),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "what", nargs="+", metavar="PATH", help=_("folders: what is surely of no use there; or single leftovers: those")
    )
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    parser.add_argument("--json", action="store_true", help=_("one JSON object per line"))
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--trash", action="store_true", help=_("move them to the desktop's trash, not to History"))
    end.add_argument(
        "--now", action="store_true", help=_("delete them for good: no undo, and the space is free at once")
    )


def run(options: argparse.Namespace) -> int:
    """Find, ask, clear, and say what happened, in words and by the exit code."""
    token = CancelToken(stopping.is_waiting)
    try:
        chosen, too_much = _choose(options, token)
    except Cancelled:
        output.complain(_("Nothing was changed. Stopped before anything was written."))
        return stopping.exit_code()
    if chosen is None:
        return 1
    for number in too_much:
        output.complain(
            _(
                "Left out, because there are so many: kind {number}. Name them one by one, or a folder below.",
                number=number,
            )
        )
    if not chosen:
        return _nothing(options)
    if code := declined(options, "clear", _summary(chosen, options)):
        return code
    return _clear(options, chosen, token)


def _choose(options: argparse.Namespace, token: CancelToken) -> tuple[list[Leftover] | None, list[int]]:
    """Return what may be cleared below folders, with the single files that were named; None for a name that is wrong."""
    if output.missing(options.what):
        return None, []
    named, folders = [], []
    for path in options.what:
        one = cleaning.look(path, state=options.state_dir)
        if one is not None and one.advice in _STAY:
            output.complain(
                _(
                    "Nothing was changed. {path} is left alone. {reason}",
                    path=api.shown(path),
                    reason=leftover_texts.REASONS[one.reason],
                )
            )
            return None, []
        if one is not None:
            named.append(one)
        else:
            folders.append(path)
    found: list[Leftover] = []
    if folders:
        wanted = argparse.Namespace(**{**vars(options), "what": folders})
        for news in leftovers.look(wanted, token):
            if isinstance(news, list):
                found += news
    chosen, too_much = cleaning.preselected(found)
    by_path = {one.path: one for one in [*chosen, *named]}
    return list(by_path.values()), too_much


def _summary(chosen: list[Leftover], options: argparse.Namespace) -> list[str]:
    lines = [leftovers.line(one) for one in chosen[:20]]
    if len(chosen) > 20:
        lines.append(f"  … {_('and {number} more.', number=len(chosen) - 20)}")
    size = texts.size(sum(one.size for one in chosen))
    end = _ENDS["now" if options.now else "trash" if options.trash else ""]
    return [
        *lines,
        _(end, leftovers=counted(len(chosen), "{n} leftover", "{n} leftovers"), size=size),
    ]


def _nothing(options: argparse.Namespace) -> int:
    if options.json:
        output.emit("outcome", outcome="committed", files=0)
    else:
        output.say(_("Nothing was changed. There is nothing that is surely of no use."))
    return 0


def _clear(options: argparse.Namespace, chosen: list[Leftover], token: CancelToken) -> int:
    shown = [cleaning.shown(one) for one in chosen]
    if options.trash:
        left = cleaning.trash(shown, state=options.state_dir, token=token)
        _tell_left([one for one in left if one.left], as_json=options.json)
        gone = sum(one.left is None for one in left)
        if options.json:
            output.emit("outcome", outcome="trashed", files=gone)
        else:
            output.say(leftover_texts.moved(gone))
        return 0 if gone or not chosen else 1
    cleared = cleaning.clear(
        shown,
        undo=not options.now,
        name=leftover_texts.clearing([one.path for one in shown]),
        state=options.state_dir,
        token=token,
    )
    _tell_left(cleared.left, as_json=options.json)
    return tell(cleared.outcome, json_lines=options.json)


def _tell_left(left: tuple[Fate, ...] | list[Fate], *, as_json: bool) -> None:
    for one in left:
        why = one.left.value if one.left else ""
        if as_json:
            output.emit("left_out", path=one.path, code=why, reason=one.detail)
        else:
            output.complain(
                _(
                    "Left where it is: {path}: {reason}.",
                    path=api.shown(one.path),
                    reason=leftover_texts.NOT_TRASHED[why],
                )
            )
