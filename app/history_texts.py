"""Words for history: what became of batches, why one cannot be undone, and how files differ from what one left."""

from __future__ import annotations

from app.reason_texts import told
from app.short_texts import in_a_line
from app.texts import shown, size
from app.words import _, counted, day, moment, number, percent
from core.history import Deed, Difference, Drift, Entry, Expired, FileEntry, Hindrance, State, Stats

STATES = {
    State.APPLIED: _("applied"),
    State.UNDONE: _("undone"),
    State.CANCELLED: _("cancelled and put back"),
    State.FAILED: _("failed and put back"),
    State.RECOVERED: _("interrupted and put back"),
    State.RUNNING: _("still running"),
    State.NEEDS_ATTENTION: _("needs attention"),
}

HINDRANCES = {
    "unknown": _("no batch has that id"),
    Hindrance.NOT_IN_FORCE.value: _("it is not in force: it was undone already, or put back when it ended"),
    Hindrance.NOT_KEPT.value: _("no previous versions were kept"),
    Hindrance.EXPIRED.value: _("its previous versions have expired"),
    Hindrance.NOT_ENDED.value: _("it is still running, or was interrupted; run `holdfast recover` first"),
    Hindrance.OUT_OF_REACH.value: _("the disk that holds its previous versions is not here"),
    Hindrance.NEWER.value: _("a newer version of Holdfast has written its record"),
    Hindrance.DAMAGED.value: _("its record is damaged"),
}

DRIFTS = {
    Drift.EDITED: _("changed since"),
    Drift.GONE: _("deleted or moved since"),
    Drift.REPLACED: _("not a file any more, or another one"),
    Drift.TAKEN: _("its old name is taken"),
    Drift.LATER: _("changed by a later batch"),
}

DEEDS = {
    Deed.CREATE: _("created"),
    Deed.EDIT: _("edited"),
    Deed.DELETE: _("deleted"),
    Deed.MOVE: _("renamed"),
    Deed.FOLDER: _("made folder"),
}

REASONS = {
    "cancelled": _("cancelled"),
    "conflict": _("a file was changed meanwhile"),
    "error": _("an error"),
    "recovered": _("interrupted"),
}


def when(seconds: float) -> str:
    """Say a moment in local time."""
    return moment(seconds) if seconds else _("unknown time")


def undoing(entry: Entry) -> str:
    """Say which batch is about to be taken back."""
    name = in_a_line(entry.name) or _("(no name)")
    return _("Undo of {batch}: {name}, {when}.", batch=entry.txn, name=name, when=when(entry.started))


def cannot_undo(why: str) -> str:
    """Say why a batch cannot be undone."""
    return _("This batch cannot be undone: {reason}.", reason=HINDRANCES.get(why, why))


def line(entry: Entry) -> str:
    """Say in one line what a batch was and what became of it."""
    name = entry.name or _("(no name)")
    if entry.undoes:
        name = (
            _("undo of {batch}: {name}", batch=entry.undoes, name=name)
            if entry.name
            else _("undo of {batch}", batch=entry.undoes)
        )
    parts = [counted(entry.files, "{n} file", "{n} files"), STATES[entry.state]]
    if entry.can_undo:
        parts.append(_until(entry))
    return f"{entry.txn}  {when(entry.started)}  {name}: {', '.join(parts)}"


def _until(entry: Entry) -> str:
    if entry.is_pinned:
        return _("can be undone, pinned")
    return _("can be undone until {day}", day=day(entry.expires)) if entry.expires else _("can be undone")


def details(entry: Entry) -> list[str]:
    """Say the rest of what is known of a batch."""
    lines = []
    if entry.ended:
        lines.append(_("Ended {when}, {size} written.", when=when(entry.ended), size=size(entry.bytes)))
    if entry.undone_by:
        lines.append(_("Undone by {batch}; undoing that brings it back.", batch=entry.undone_by))
    elif entry.hindrance is not Hindrance.NONE:
        lines.append(cannot_undo(entry.hindrance.value))
    if entry.held:
        lines.append(_("Previous versions take {size}.", size=size(entry.held)))
    lines += [_("Kept for you to look at: {path}", path=shown(path)) for path in entry.kept]
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
    why = _("they were older than the limit") if one.too_old else _("they took more space than the limit")
    name = f"{one.txn} ({one.name})" if one.name else one.txn
    lines = [
        _("Previous versions of {name} were dropped, because {why}: {size}.", name=name, why=why, size=size(one.bytes))
    ]
    if one.failed:
        lines = [
            _("Previous versions of {name} should have been dropped: {reason}.", name=name, reason=told(reason))
            for __, reason in one.failed
        ]
    return lines + [
        _("A program had written into one; that is kept for you: {path}", path=shown(path)) for path in one.kept
    ]


def stats(found: Stats) -> list[str]:
    """Say figures over all batches."""
    if not found.batches:
        return [_("No batch has been applied yet.")]
    reasons = [f"{number(many)} × {REASONS.get(why, why)}" for why, many in sorted(found.put_back.items())]
    undos = counted(found.undos, "{n} was an undo", "{n} were undos")
    files, written = counted(found.files, "{n} file", "{n} files"), size(found.bytes)
    why = f": {', '.join(reasons)}" if reasons else ""
    return [
        _(
            "{batches} since {when}.",
            batches=counted(found.batches, "{n} batch", "{n} batches"),
            when=when(found.first),
        ),
        _(
            "Applied: {applied} ({undone} undone since; {undos}), {files}, {size} written.",
            applied=found.applied,
            undone=found.undone,
            undos=undos,
            files=files,
            size=written,
        ),
        _(
            "Put back: {number} ({share}){why}.",
            number=sum(found.put_back.values()),
            share=percent(found.rollback_rate),
            why=why,
        ),
        _(
            "Recovered after an interruption: {recoveries}. Need attention: {needs_attention}.",
            recoveries=found.recoveries,
            needs_attention=found.needs_attention,
        ),
        _("Previous versions take {size}.", size=size(found.held)),
    ]
