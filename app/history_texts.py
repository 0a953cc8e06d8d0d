"""Words for history: what became of batches, why one cannot be undone, and how files differ from what one left."""

from __future__ import annotations

import time

from app.texts import count, shown, size
from core.history import Deed, Difference, Drift, Entry, Expired, FileEntry, Hindrance, State, Stats

STATES = {
    State.APPLIED: "applied",
    State.UNDONE: "undone",
    State.CANCELLED: "cancelled and put back",
    State.FAILED: "failed and put back",
    State.RECOVERED: "interrupted and put back",
    State.RUNNING: "still running",
    State.NEEDS_ATTENTION: "needs attention",
}

HINDRANCES = {
    "unknown": "no batch has that id",
    Hindrance.NOT_IN_FORCE.value: "it is not in force: it was undone already, or put back when it ended",
    Hindrance.NOT_KEPT.value: "no previous versions were kept",
    Hindrance.EXPIRED.value: "its previous versions have expired",
    Hindrance.NOT_ENDED.value: "it is still running, or was interrupted; run `holdfast recover` first",
    Hindrance.OUT_OF_REACH.value: "the disk that holds its previous versions is not here",
}

DRIFTS = {
    Drift.EDITED: "changed since",
    Drift.GONE: "deleted or moved since",
    Drift.REPLACED: "not a file any more, or another one",
    Drift.TAKEN: "its old name is taken",
    Drift.LATER: "changed by a later batch",
}

DEEDS = {
    Deed.CREATE: "created",
    Deed.EDIT: "edited",
    Deed.DELETE: "deleted",
    Deed.MOVE: "renamed",
    Deed.FOLDER: "made folder",
}

_REASONS = {
    "cancelled": "cancelled",
    "conflict": "a file was changed meanwhile",
    "error": "an error",
    "recovered": "interrupted",
}


def when(seconds: float) -> str:
    """Say a moment in local time."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds)) if seconds else "unknown time"


def cannot_undo(why: str) -> str:
    """Say why a batch cannot be undone."""
    return f"This batch cannot be undone: {HINDRANCES.get(why, why)}."


def line(entry: Entry) -> str:
    """Say in one line what a batch was and what became of it."""
    name = entry.name or "(no name)"
    if entry.undoes:
        name = f"undo of {entry.undoes}: {name}" if entry.name else f"undo of {entry.undoes}"
    parts = [count(entry.files, "file", "files"), STATES[entry.state]]
    if entry.can_undo:
        parts.append(f"can be undone{_until(entry)}")
    return f"{entry.txn}  {when(entry.started)}  {name}: {', '.join(parts)}"


def _until(entry: Entry) -> str:
    if entry.is_pinned:
        return ", pinned"
    return f" until {when(entry.expires)[:10]}" if entry.expires else ""


def details(entry: Entry) -> list[str]:
    """Say the rest of what is known of a batch."""
    lines = []
    if entry.ended:
        lines.append(f"Ended {when(entry.ended)}, {size(entry.bytes)} written.")
    if entry.undone_by:
        lines.append(f"Undone by {entry.undone_by}; undoing that brings it back.")
    elif entry.hindrance is not Hindrance.NONE:
        lines.append(cannot_undo(entry.hindrance.value))
    if entry.held:
        lines.append(f"Previous versions take {size(entry.held)}.")
    lines += [f"Kept for you to look at: {shown(path)}" for path in entry.kept]
    return lines


def file_line(file: FileEntry) -> str:
    """Say in one line what a batch did to a file."""
    to = f" -> {shown(file.to)}" if file.to else ""
    return f"  {DEEDS[file.deed]:11} {shown(file.path)}{to}"


def difference(one: Difference) -> str:
    """Say in one line how a file differs from what a batch left."""
    by = f" ({one.by})" if one.by else ""
    return f"  {shown(one.path)}: {DRIFTS[one.drift]}{by}"


def dropped(one: Expired) -> list[str]:
    """Say that previous versions were dropped, or why not."""
    why = "they were older than the limit" if one.too_old else "they took more space than the limit"
    name = f"{one.txn} ({one.name})" if one.name else one.txn
    lines = [f"Previous versions of {name} were dropped, because {why}: {size(one.bytes)}."]
    if one.failed:
        lines = [f"Previous versions of {name} should have been dropped: {reason}." for _, reason in one.failed]
    return lines + [f"A program had written into one; that is kept for you: {shown(path)}" for path in one.kept]


def stats(found: Stats) -> list[str]:
    """Say figures over all batches."""
    if not found.batches:
        return ["No batch has been applied yet."]
    reasons = [f"{number:,} × {_REASONS.get(why, why)}" for why, number in sorted(found.put_back.items())]
    undos = count(found.undos, "was an undo", "were undos")
    files = f"{count(found.files, 'file', 'files')}, {size(found.bytes)} written"
    why = f": {', '.join(reasons)}" if reasons else ""
    return [
        f"{count(found.batches, 'batch', 'batches')} since {when(found.first)}.",
        f"Applied: {found.applied:,} ({found.undone:,} undone since; {undos}), {files}.",
        f"Put back: {sum(found.put_back.values()):,} ({found.rollback_rate:.1%}){why}.",
        f"Recovered after an interruption: {found.recoveries:,}. Need attention: {found.needs_attention:,}.",
        f"Previous versions take {size(found.held)}.",
    ]
