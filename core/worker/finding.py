"""Requests about leftovers: scan, watch, restore, clear, trash, keep, ignore, forget.

Only clear and trash change anything of the user's; the last three remember what a person has decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core import cleaning
from core.leftovers.news import Coverage, Found, Gone, News
from core.leftovers.shown import Shown
from core.worker import asked, messages
from core.worker.asked import Failed
from core.worker.messages import Json

if TYPE_CHECKING:
    from core.worker.requests import Session
    from core.worker.server import Talk


def scan(session: Session, request: Json, talk: Talk) -> Json:
    """Name the leftovers below some folders."""
    everything = request.get("everything") is True
    return _tell(cleaning.scan(_roots(request), meter=talk.meter, token=talk.token, everything=everything), talk)


def watch(session: Session, request: Json, talk: Talk) -> Json:
    """Name the leftovers below some folders, and go on until cancelled."""
    return _tell(cleaning.watch(_roots(request), meter=talk.meter, token=talk.token), talk)


def restore(session: Session, request: Json, talk: Talk) -> Json:
    """Say which operations restore an original from a leftover, and which original that is."""
    path, original = asked.path(request.get("path")), request.get("original")
    expect, remove = asked.text(request, "expect", ""), request.get("remove") is True
    if original is not None:
        goal = asked.path(original)
        return {"operations": cleaning.restore(path, goal, expect=expect, remove=remove), "original": goal}
    found = cleaning.look(path)
    if found is None:
        raise cleaning.Missing(path=path)
    goal = cleaning.goal(found)
    if not goal:
        raise Failed("no_original", path=path)
    return {"operations": cleaning.operations(found, goal, expect=expect, remove=remove), "original": goal}


def trash(session: Session, request: Json, talk: Talk) -> Json:
    """Move leftovers to the desktop's trash, each only while it is what was shown."""
    wanted = [_shown(one) for one in asked.items(request, "leftovers")]
    return messages.trashed(cleaning.trash(wanted, token=talk.token))


def clear(session: Session, request: Json, talk: Talk) -> Json:
    """Delete leftovers in one batch, each only while it is what was shown."""
    wanted = [_shown(one) for one in asked.items(request, "leftovers")]
    undo, name = request.get("undo") is not False, str(request.get("name", ""))
    cleared = cleaning.clear(wanted, undo=undo, name=name, meter=talk.meter, token=talk.token)
    return {**messages.outcome(cleared.outcome), "left": messages.trashed(list(cleared.left))["failed"]}


def keep(session: Session, request: Json, talk: Talk) -> Json:
    """Tell of leftovers no more until they change; of those only that are still what was shown."""
    wanted = [_shown(one) for one in asked.items(request, "leftovers")]
    found = [(one, cleaning.look(one.path)) for one in wanted]
    kept = [
        now
        for one, now in found
        if now is not None and (now.ino, now.size, now.mtime) == (one.ino, one.size, one.mtime)
    ]
    cleaning.keep(kept)
    return {"kept": len(kept)}


def ignore(session: Session, request: Json, talk: Talk) -> Json:
    """Tell of a kind no more in and below a folder."""
    cleaning.ignore(asked.number(request, "number"), asked.path(request.get("folder")))
    return {}


def forget(session: Session, request: Json, talk: Talk) -> Json:
    """Take back what was kept and ignored in and below folders."""
    return {"forgotten": sum(map(cleaning.forget, _roots(request)))}


def _tell(news: Iterator[News], talk: Talk) -> Json:
    found = folders = 0
    for one in news:
        match one:
            case Found(leftovers):
                found += len(leftovers)
                talk.tell("found", leftovers=[messages.leftover(each) for each in leftovers])
            case Gone(paths):
                talk.tell("gone", paths=list(paths))
            case Coverage():
                folders = one.folders
                talk.tell("coverage", **messages.coverage(one))
    return {"found": found, "folders": folders}


def _shown(value: Json) -> Shown:
    if not isinstance(value, dict):
        raise Failed("bad_request", reason="a leftover is an object")
    size, ino = asked.number(value, "size"), asked.number(value, "ino", 0)
    changed = asked.seconds(value, "changed") if "changed" in value else 0.0
    path, advice = asked.path(value.get("path")), asked.text(value, "advice", "")
    return Shown(path, size, asked.seconds(value, "mtime"), ino, changed, advice)


def _roots(request: Json) -> list[str]:
    return [asked.path(root) for root in asked.items(request, "roots")]
