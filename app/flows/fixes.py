"""What a person can do about a problem where it is shown, as a change of the queue."""

from __future__ import annotations

from dataclasses import replace

from app.flows import operations
from app.flows.operations import Card, card
from app.values import Json
from core.errors import Fix, Problem

# These only need another look, after the person has done something elsewhere.
LOOK_AGAIN = frozenset({Fix.PREVIEW_AGAIN, Fix.FREE_SPACE, Fix.CHANGE_PERMISSIONS, Fix.WAIT, Fix.RECOVER})
_OPTIONS: dict[Fix, Json] = {
    Fix.SPLIT_LINKS: {"links": "split"},
    Fix.KEEP_LINKS: {"links": "keep"},
    Fix.BREAK_FORMAT: {"guard": False},
}


def possible(problem: Problem, cards: list[Card]) -> list[Fix]:
    """Return the fixes that can be made in the window."""
    operation = _operation(problem, cards)
    if any(queued.kind == "undo" for queued in cards):
        return [fix for fix in problem.fixes if fix in (Fix.SKIP, Fix.TAKE)]
    kinds = {Fix.OVERWRITE: ("create", "move"), Fix.RENAME: ()}
    if operation is None:
        return [fix for fix in problem.fixes if fix in LOOK_AGAIN]
    return [fix for fix in problem.fixes if operation["op"] in kinds.get(fix, (operation["op"],))]


def fixed(problem: Problem, fix: Fix, cards: list[Card]) -> list[Card]:
    """Return the cards after a fix."""
    number, operation = problem.operation, _operation(problem, cards)
    if number is None or operation is None or fix in LOOK_AGAIN:
        return cards
    if fix is Fix.REMOVE:
        return operations.left_out(cards, {number: {problem.path}})
    if fix in _OPTIONS:
        return _exchanged(cards, operation, [{**operation, **_OPTIONS[fix]}])
    if fix is Fix.CONVERT:
        return _exchanged(cards, operation, [_to_utf8(problem.path), operation])
    if fix is Fix.OVERWRITE and operation["op"] == "create":
        return _exchanged(cards, operation, [{**operation, "op": "write"}])
    if fix is Fix.OVERWRITE:
        return _exchanged(cards, operation, [{"op": "delete", "path": operation["to"]}, operation])
    return cards


def _to_utf8(path: str) -> Json:
    return {"op": "convert", "roots": [path], "encoding": "utf-8"}


def _operation(problem: Problem, cards: list[Card]) -> Json | None:
    every = [one for queued in cards if queued.is_on for one in queued.operations]
    return every[problem.operation] if problem.operation is not None and problem.operation < len(every) else None


def _exchanged(cards: list[Card], old: Json, new: list[Json]) -> list[Card]:
    """Return cards with other operations in the place of one; those of another kind become cards of their own."""
    found: list[Card] = []
    for queued in cards:
        if not any(one is old for one in queued.operations):
            found.append(queued)
        elif len(new) == 1 and new[0]["op"] == old["op"]:
            every = tuple(new[0] if one is old else one for one in queued.operations)
            found.append(replace(queued, operations=every))
        else:
            at = next(number for number, one in enumerate(queued.operations) if one is old)
            parts = (queued.operations[:at], queued.operations[at + 1 :])
            found += [replace(queued, operations=parts[0])] if parts[0] else []
            found += map(card, new)
            found += [replace(queued, operations=parts[1])] if parts[1] else []
    return found
