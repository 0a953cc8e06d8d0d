"""Requests about leftovers: scan, watch, restore, trash. None of them changes a file but `trash`, which moves them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from core import api
from core.fs import trash as desktop
from core.leftovers import restore as restoring
from core.leftovers.identify import Identifier, Leftover
from core.leftovers.scan import Scan, outermost
from core.worker import messages
from core.worker.messages import Json

if TYPE_CHECKING:
    from core.leftovers.watch import Coverage
    from core.worker.requests import Session
    from core.worker.server import Talk

_AT_ONCE = 500


def scan(session: Session, request: Json, talk: Talk) -> Json:
    """Find leftovers once."""
    one = Scan(_identifier(), talk.meter, talk.token)
    found = (messages.leftover(leftover) for leftover in one.leftovers(_roots(request)))
    number = talk.tell_all("found", "leftovers", found, _AT_ONCE)
    return {"found": number, "folders": one.folders, "unreadable": one.unreadable}


def watch(session: Session, request: Json, talk: Talk) -> Json:
    """Find leftovers, and go on until cancelled."""
    from core.leftovers.watch import Watcher  # watchdog is not for workers that only apply

    Watcher(_roots(request), _identifier(), _Teller(talk), talk.token).run()
    raise AssertionError  # it ends by being cancelled


def restore(session: Session, request: Json, talk: Talk) -> Json:
    """Say which operations restore an original from a leftover."""
    return {"operations": restoring.operations(str(request["path"]), str(request["original"]))}


def trash(session: Session, request: Json, talk: Talk) -> Json:
    """Move leftovers to the desktop's trash, each only while it is what was shown."""
    trashed, failed = [], []
    for one in request["leftovers"]:
        talk.token.check()
        why = desktop.move(one["path"], one["size"], one["mtime"])
        if why:
            failed.append({"path": one["path"], "code": why})
        else:
            trashed.append(one["path"])
    return {"trashed": trashed, "failed": failed}


class _Teller:
    """Tells what a watch hears, in parts."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def found(self, leftovers: list[Leftover]) -> None:
        self._talk.tell_all("found", "leftovers", map(messages.leftover, leftovers), _AT_ONCE)

    def gone(self, paths: list[str]) -> None:
        self._talk.tell_all("gone", "paths", paths, _AT_ONCE)

    def covered(self, coverage: Coverage) -> None:
        self._talk.tell("coverage", **messages.coverage(coverage))


def _identifier() -> Identifier:
    return Identifier(lambda: [(batch.txn, batch.alive) for batch in api.pending()])


def _roots(request: Json) -> list[str]:
    return outermost(os.path.abspath(str(root)) for root in request["roots"])
