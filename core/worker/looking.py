"""Requests that look closer: at what one operation would do, at single matches, at contents, and at saved plans.

None of them changes a file of the user but `save_plan`, which writes the plan.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from core import api
from core.content import diff
from core.fs import files
from core.plan import again, planfile, planwriter, preview
from core.plan.lineedit import edit_of_line
from core.worker import asked, messages
from core.worker.asked import Failed
from core.worker.batch import Batch
from core.worker.messages import Json

if TYPE_CHECKING:
    from core.worker.requests import Session
    from core.worker.server import Talk

_HUNKS_AT_MOST = 20_000
_HUNKS_AT_ONCE = 500
_FILES_AT_MOST = 200
_CONTENT_AT_MOST = 8 << 20
_FIGURED_AT_MOST = 1 << 20


def sample(session: Session, request: Json, talk: Talk) -> Json:
    """Try one operation by itself, and show the first of what it would do."""
    told = _Sample(talk, asked.number(request, "at_most", 40))
    batch = Batch([asked.mapping(request, "operation")], talk.meter, talk.token, told)
    try:
        for change in batch.plan.changes():
            if told.next >= _FILES_AT_MOST:
                break
            if change.index >= told.next:
                told(batch.plan, change)
        problems = [messages.problem(one) for one in batch.plan.problems[:_FILES_AT_MOST]]
        return {"files": batch.plan.files, "matches": batch.plan.matches, "problems": problems}
    finally:
        batch.close()


class _Sample:
    """Shows changes while a search goes on, each as soon as it is found, up to two hundred files and so many rows."""

    def __init__(self, talk: Talk, rows: int) -> None:
        self._talk = talk
        self._rows = rows
        self.next = 0  # the first index of which nothing was shown

    def __call__(self, plan: api.Plan, change: api.Change) -> None:
        """Show a change."""
        if change.index >= _FILES_AT_MOST:
            return
        self.next = change.index + 1
        touched = (row for row in preview.rows(api.file_system(), plan, change) if row.kind in "~-+")
        rows = [messages.row(one) for one in islice(touched, self._rows)]
        self._rows -= len(rows)
        self._talk.tell("sample", change=messages.change(change), rows=rows)


def hunks(session: Session, request: Json, talk: Talk) -> Json:
    """Name the single matches of searches and the parts of diffs in one change, those that are left out as well."""
    batch, index = session.demand(request), asked.number(request, "index")
    found = islice(_hunks(batch, index), _HUNKS_AT_MOST)
    return {"hunks": talk.tell_all("hunks", "hunks", found, _HUNKS_AT_ONCE)}


def _hunks(batch: Batch, index: int) -> Iterator[list[object]]:
    for number, operation in batch.with_parts():
        for one in api.hunks(batch.plan, index, operation):
            old, new = (text.decode("utf-8", "surrogateescape") for text in (one.old, one.new))
            yield [number, one.id, one.line, old, new, one.id in operation.skip]


def figures(session: Session, request: Json, talk: Talk) -> Json:
    """Say of some changes how many lines come and go, and how their texts are written."""
    batch = session.demand(request)
    found = []
    for index in asked.items(request, "indices"):
        talk.token.check()
        change = batch.plan.change(index) if isinstance(index, int) else None
        if change is not None:
            size = max(change.size_before or 0, change.size_after or 0)
            found.append([index, _figures(batch.plan, change) if size <= _FIGURED_AT_MOST else None])
    return {"figures": found}


def _figures(plan: api.Plan, change: api.Change) -> preview.Figures | None:
    try:
        return preview.figures(api.file_system(), plan, change)
    except (OSError, ValueError):  # it has changed or gone since; the row will say so
        return None


def content(session: Session, request: Json, talk: Talk) -> Json:
    """Give a change's content before and after, as it is on the disk and as it will be."""
    batch = session.demand(request)
    both = preview.raw(api.file_system(), batch.plan, _change(batch, request))
    if both is None:
        raise Failed("too_large")
    if max(map(len, both)) > _CONTENT_AT_MOST:
        raise Failed("too_large")
    return {key: base64.b64encode(one).decode("ascii") for key, one in zip(("before", "after"), both, strict=True)}


def typed(session: Session, request: Json, talk: Talk) -> Json:
    """Say which operation puts a typed text in the place of a line of what a file will be."""
    batch = session.demand(request)
    change = _change(batch, request)
    both = preview.raw(api.file_system(), batch.plan, change)
    if both is None:
        raise Failed("too_large")
    codec = batch.codec(change)
    if codec.width == 1 and diff.is_binary(both[1]):
        raise Failed("binary")
    try:
        line, text = asked.number(request, "line"), asked.text(request, "text")
        find, put = edit_of_line(codec.decode(both[1]), line, text)
    except ValueError as error:
        raise Failed("no_such_line", reason=str(error)) from error
    path = change.to or change.path
    if codec.name == "utf-8":
        return {"operation": {"op": "edit", "path": path, "find": find, "replace": put}}
    search = {"op": "find_replace", "roots": [path], "find": find, "replace": put, "encoding": codec.name}
    return {"operation": search}


def stale(session: Session, request: Json, talk: Talk) -> Json:
    """Name the files that another program has saved since the plan was made."""
    batch = session.demand(request)
    return {"files": talk.tell_all("stale", "paths", again.stale(batch.plan), _HUNKS_AT_ONCE)}


def open_plan(session: Session, request: Json, talk: Talk) -> Json:
    """Read a plan file, for somebody who goes on with its operations."""
    with planfile.read(asked.path(request.get("path"))) as plan:
        if plan.root:
            raise Failed("confined_plan")
        return {"name": plan.name, "operations": list(plan.elements())}


def save_plan(session: Session, request: Json, talk: Talk) -> Json:
    """Write a plan file."""
    operations = asked.items(request, "operations")
    lines = planwriter.lines(operations, asked.text(request, "name", ""))
    files.write_whole(asked.path(request.get("path")), (f"{line}\n".encode("ascii") for line in lines))
    return {"operations": len(operations)}


def _change(batch: Batch, request: Json) -> api.Change:
    change = batch.plan.change(asked.number(request, "index"))
    if change is None:
        raise Failed("bad_request", reason="there is no change with that index")
    return change
