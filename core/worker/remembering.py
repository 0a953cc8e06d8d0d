"""Requests about what was: history, undo, verify, expiry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from core import memory
from core.fs import files
from core.history import Choice, Choices, Entry, Format, Limits
from core.worker import asked
from core.worker.asked import Failed
from core.worker.messages import Json

if TYPE_CHECKING:
    from core.worker.requests import Session
    from core.worker.server import Talk

_ENTRIES_AT_ONCE = 200
_FILES_AT_ONCE = 500
_LINES_AT_ONCE = 2_000
_T = TypeVar("_T")


def entry_json(value: Entry) -> Json:
    """Return an ENTRY."""
    return {**asdict(value), "can_undo": value.can_undo}


def history(session: Session, request: Json, talk: Talk) -> Json:
    """Name all batches."""
    return {"entries": talk.tell_all("entries", "entries", map(entry_json, memory.history()), _ENTRIES_AT_ONCE)}


def entry(session: Session, request: Json, talk: Talk) -> Json:
    """Name the files of one batch."""
    txn = asked.text(request, "txn")
    found = memory.entry(txn)
    if found is None:
        raise Failed("unknown")
    if not found.ended:
        return {"entry": entry_json(found), "files": 0}
    files = _known(lambda: talk.tell_all("files", "files", map(asdict, memory.entry_files(txn)), _FILES_AT_ONCE))
    return {"entry": entry_json(found), "files": files}


def choices(request: Json) -> Choices:
    """Read what is to be done with files that are not as the batch left them."""
    given = request.get("choices", {})
    if not isinstance(given, dict):
        raise Failed("bad_request", reason="“choices” is an object")
    try:
        by_path = {path: Choice(value) for path, value in given.items()}
        return Choices(Choice(asked.text(request, "rest", "ask")), by_path)
    except ValueError as error:
        raise Failed("bad_request", reason=str(error)) from error


def verify(session: Session, request: Json, talk: Talk) -> Json:
    """Say whether a batch is in force."""
    return asdict(_known(lambda: memory.verify(asked.text(request, "txn"), token=talk.token)))


def report(session: Session, request: Json, talk: Talk) -> Json:
    """Write a report."""
    lines = memory.report(asked.text(request, "txn"), _format(request))
    return {"lines": _known(lambda: talk.tell_all("lines", "lines", lines, _LINES_AT_ONCE))}


def save_report(session: Session, request: Json, talk: Talk) -> Json:
    """Write a report into a file."""
    path, how = asked.path(request.get("path")), _format(request)
    lines = _known(lambda: list(memory.report(asked.text(request, "txn"), how)))
    files.write_whole(path, (f"{line}\n".encode("utf-8", "surrogateescape") for line in lines))
    return {"lines": len(lines)}


def stats(session: Session, request: Json, talk: Talk) -> Json:
    """Give figures over all batches."""
    found = memory.stats()
    return {**asdict(found), "rollback_rate": found.rollback_rate}


def expire(session: Session, request: Json, talk: Talk) -> Json:
    """Drop previous versions."""
    usual = memory.limits_in_force()
    age = asked.seconds(request, "age") if "age" in request else usual.age
    limits = Limits(age, asked.number(request, "size", usual.size))
    return {"expired": [asdict(one) for one in memory.expire(limits, dry=request.get("dry") is True)]}


def pin(session: Session, request: Json, talk: Talk) -> Json:
    """Keep the previous versions of a batch for good, or no longer."""
    pinned = request.get("pinned") is True
    if not memory.pin(asked.text(request, "txn"), pinned=pinned):
        raise Failed("unknown")
    return {"pinned": pinned}


def _format(request: Json) -> Format:
    try:
        return Format(asked.text(request, "format"))
    except ValueError as error:
        raise Failed("bad_request", reason=str(error)) from error


def _known(act: Callable[[], _T]) -> _T:
    try:
        return act()
    except KeyError as error:
        raise Failed("unknown") from error
