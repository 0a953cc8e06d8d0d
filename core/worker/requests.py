"""What the worker can be asked: one small function for each request of the protocol in `core.worker`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from core import api
from core.fs import files
from core.plan import preview
from core.plan.plan import Action, Change
from core.worker import asked, finding, looking, messages, plan_telling, remembering
from core.worker.asked import Failed
from core.worker.batch import Batch, UndoBatch
from core.worker.messages import Json

if TYPE_CHECKING:
    from core.content.diff import Row
    from core.worker.server import Talk

_FILES_AT_ONCE = 500
_ROWS_AT_ONCE = 2_000
_ROWS_AT_MOST = 50_000
_TEXT_AT_MOST = 8 << 20


class Session:
    """What a conversation remembers between requests: the current plan."""

    def __init__(self) -> None:
        self.batch: Batch | None = None
        self.number = 0

    def demand(self, request: Json) -> Batch:
        """Return the current batch; fails when the request is about an older one."""
        if self.batch is None or request.get("plan") != self.number:
            raise Failed("old_plan")
        return self.batch

    def close(self) -> None:
        """Forget the current plan."""
        if self.batch is not None:
            self.batch.close()
            self.batch = None


Handler = Callable[[Session, Json, "Talk"], Json]


def evaluate(session: Session, request: Json, talk: Talk) -> Json:
    """Make operations the current plan."""
    operations = asked.items(request, "operations")
    changed = {asked.path(one) for one in asked.items(request, "again", ())}
    old = session.batch
    if changed and old is not None and old.refresh(operations, changed, talk.meter, talk.token):
        session.number += 1
        return plan_telling.tell(session.number, old.plan, talk)
    told = plan_telling.Early(talk)
    return _tell_plan(session, talk, lambda: Batch(operations, talk.meter, talk.token, told), told)


def undo(session: Session, request: Json, talk: Talk) -> Json:
    """Make what takes a batch back the current plan."""
    txn, choices = asked.text(request, "txn"), remembering.choices(request)
    return _tell_plan(session, talk, lambda: UndoBatch(txn, choices, talk.meter, talk.token))


def _tell_plan(session: Session, talk: Talk, make: Callable[[], Batch], told: plan_telling.Early | None = None) -> Json:
    session.close()
    session.number += 1
    session.batch = batch = make()
    if told is not None:
        told.end()
    return plan_telling.tell(session.number, batch.plan, talk, told.next if told is not None else 0)


def diff(session: Session, request: Json, talk: Talk) -> Json:
    """Show one change."""
    batch = session.demand(request)
    change = batch.plan.change(asked.number(request, "index"))
    if change is None:
        raise Failed("bad_request", reason="there is no change with that index")
    both = preview.contents(api.file_system(), batch.plan, change, whole=request.get("whole") is True)
    if both is not None:
        answer = _compare(both, talk)
    elif preview.has_parts(batch.plan, change):
        answer = _tell_rows(preview.rows(api.file_system(), batch.plan, change), talk)
    else:
        answer = _figures(change)
    if change.action is Action.DELETE and answer["kind"] == "text":
        answer["kind"] = "delete"
    return answer


def compare(session: Session, request: Json, talk: Talk) -> Json:
    """Show how two files on the disk differ; null stands for nothing."""
    both = []
    for key in ("before", "after"):
        try:
            both.append(b"" if request.get(key) is None else api.read_small(asked.text(request, key)))
        except api.TooLarge:
            return {"kind": "large", "added": 0, "removed": 0, "truncated": False, "before": None, "after": None}
    return _compare((both[0], both[1]), talk)


def apply(session: Session, request: Json, talk: Talk) -> Json:
    """Apply the current plan."""
    batch = session.demand(request)
    without = {index for index in asked.items(request, "without", ()) if isinstance(index, int)}
    name = str(request.get("name", ""))

    def told(end: api.Committed | api.RolledBack) -> None:
        talk.tell("committed" if isinstance(end, api.Committed) else "put_back", **asdict(end))

    return messages.outcome(batch.apply(without, name, talk.meter, talk.token, told))


def pending(session: Session, request: Json, talk: Talk) -> Json:
    """Name the batches that wait."""
    return {"batches": [messages.pending(one) for one in api.pending()]}


def recover(session: Session, request: Json, talk: Talk) -> Json:
    """End an interrupted batch."""
    try:
        how = api.How(asked.text(request, "how"))
    except ValueError as error:
        raise Failed("bad_request", reason=str(error)) from error
    return messages.recovered(api.recover(asked.text(request, "txn"), how, meter=talk.meter))


def list_files(session: Session, request: Json, talk: Talk) -> Json:
    """Name the regular files below some folders."""
    roots = [str(root) for root in asked.items(request, "roots")]
    found = _files(roots, text_only=bool(request.get("text_only")))
    return {"files": talk.tell_all("files", "files", found, _FILES_AT_ONCE)}


def look(session: Session, request: Json, talk: Talk) -> Json:
    """Say what some names stand for."""
    paths = [str(path) for path in asked.items(request, "paths")]
    return {"entries": [{"path": path, "kind": files.kind_behind(path)} for path in paths]}


def read(session: Session, request: Json, talk: Talk) -> Json:
    """Give a file's text."""
    try:
        data = api.read_small(asked.text(request, "path"), _TEXT_AT_MOST)
    except api.TooLarge as error:
        raise Failed("too_large") from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Failed("missing") from error
    if b"\0" in data:
        raise Failed("binary")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Failed("encoding") from error
    return {"text": text, "digest": f"sha256:{files.digest(data)}"}


HANDLERS: dict[str, Handler] = {
    "evaluate": evaluate,
    "diff": diff,
    "compare": compare,
    "apply": apply,
    "pending": pending,
    "recover": recover,
    "list": list_files,
    "look": look,
    "read": read,
    "scan": finding.scan,
    "watch": finding.watch,
    "restore": finding.restore,
    "clear": finding.clear,
    "trash": finding.trash,
    "keep": finding.keep,
    "ignore": finding.ignore,
    "forget": finding.forget,
    "sample": looking.sample,
    "hunks": looking.hunks,
    "content": looking.content,
    "figures": looking.figures,
    "typed": looking.typed,
    "open_plan": looking.open_plan,
    "stale": looking.stale,
    "save_plan": looking.save_plan,
    "undo": undo,
    "history": remembering.history,
    "entry": remembering.entry,
    "verify": remembering.verify,
    "report": remembering.report,
    "save_report": remembering.save_report,
    "stats": remembering.stats,
    "expire": remembering.expire,
    "pin": remembering.pin,
}


def _files(roots: list[str], *, text_only: bool) -> Iterator[Json]:
    for root in roots:
        for path in api.files_below(root):
            with contextlib.suppress(OSError):
                if text_only and path != root and files.looks_binary(path):
                    continue
                size, mtime = files.size_and_time(path)
                yield {"path": path, "size": size, "mtime": mtime}


def _compare(both: tuple[bytes, bytes], talk: Talk) -> Json:
    from core.content import diff as content

    if any(map(content.is_binary, both)):
        figures = [{"size": len(one), "digest": f"sha256:{files.digest(one)}"} for one in both]
        return {
            "kind": "binary",
            "added": 0,
            "removed": 0,
            "truncated": False,
            "before": figures[0],
            "after": figures[1],
        }
    return _tell_rows(content.rows(*both), talk)


def _tell_rows(rows: Iterator[Row], talk: Talk) -> Json:
    counts = {"added": 0, "removed": 0}

    def counted() -> Iterator[list[object]]:
        for number, row in enumerate(rows):
            if number >= _ROWS_AT_MOST:
                return
            counts["added"] += row.kind in "~+"
            counts["removed"] += row.kind in "~-"
            yield messages.row(row)

    sent = talk.tell_all("rows", "rows", counted(), _ROWS_AT_ONCE)
    return {"kind": "text", **counts, "truncated": sent >= _ROWS_AT_MOST}


def _figures(change: Change) -> Json:
    kind = {Action.MOVE: "move", Action.FOLDER: "folder", Action.DELETE: "delete"}.get(change.action, "large")
    before = change.size_before, change.digest_before
    after = change.size_after, change.digest_after
    figures = [None if size is None else {"size": size, "digest": digest} for size, digest in (before, after)]
    return {
        "kind": kind,
        "added": 0,
        "removed": 0,
        "truncated": False,
        "before": figures[0],
        "after": figures[1],
    }
