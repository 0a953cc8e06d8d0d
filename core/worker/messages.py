"""Values of the engine as JSON objects, as the protocol in `core.worker` writes them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.api import Committed, NeedsRecovery, Outcome, Pending, Recovered, Refused, RolledBack
from core.content.diff import Row
from core.errors import Problem
from core.plan.plan import Change
from core.progress import Progress

if TYPE_CHECKING:  # a worker that only applies batches does not need them
    from core.leftovers.identify import Leftover
    from core.leftovers.news import Coverage
    from core.leftovers.shown import Fate

Json = dict[str, Any]


def change(value: Change) -> Json:
    """Return a CHANGE."""
    return {
        "index": value.index,
        "op": value.operation,
        "action": value.action.value,
        "kind": value.kind.value,
        "path": value.path,
        "to": value.to or None,
        "size_before": value.size_before,
        "size_after": value.size_after,
        "matches": value.matches,
        "level": value.level.value,
    }


def problem(value: Problem) -> Json:
    """Return a PROBLEM."""
    return {
        "op": value.operation,
        "path": value.path,
        "code": value.code.value,
        "values": value.values,
        "fixes": [fix.value for fix in value.fixes],
    }


def row(value: Row) -> list[object]:
    """Return a ROW."""
    return list(value)


def progress(value: Progress) -> Json:
    """Return the members of a `progress` event."""
    return {**asdict(value), "phase": value.phase.value}


def outcome(value: Outcome) -> Json:
    """Return the members of the `done` of an `apply`."""
    match value:
        case Committed():
            return {"outcome": "committed", **asdict(value)}
        case Refused():
            return {"outcome": "refused", "problems": [problem(one) for one in value.problems]}
        case RolledBack():
            return {"outcome": "rolled_back", **asdict(value)}
        case NeedsRecovery():
            return {"outcome": "needs_recovery", **asdict(value)}


def pending(value: Pending) -> Json:
    """Return a BATCH."""
    return asdict(value)


def recovered(value: Recovered) -> Json:
    """Return the members of the `done` of a `recover`."""
    return {**asdict(value), "result": value.result.value}


def leftover(value: Leftover) -> Json:
    """Return a LEFTOVER."""
    return {
        "path": value.path,
        "kind": value.kind.value,
        "made_by": value.made_by,
        "size": value.size,
        "mtime": value.mtime,
        "ino": value.ino,
        "original": value.original or None,
        "same": value.same,
        "txn": value.txn or None,
        "advice": value.advice.value,
        "reason": value.reason.value,
        "changed": value.changed,
        "number": value.number,
        "meaning": value.meaning,
        "who": value.who,
        "due": value.due,
    }


def coverage(value: Coverage) -> Json:
    """Return the members of a `coverage` event."""
    return asdict(value)


def trashed(values: list[Fate]) -> Json:
    """Return the members of the `done` of a `trash`."""
    failed = [{"path": one.path, "code": one.left.value, "reason": one.detail} for one in values if one.left]
    return {"trashed": [one.path for one in values if not one.left], "failed": failed}
