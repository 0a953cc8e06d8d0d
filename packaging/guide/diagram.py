"""Draws the states of a transaction from the code that reads them: python packaging/guide/diagram.py

Which record leads to which state is asked of `core.journal.reader.View`, record by record. The page of the protocol has
the picture; a test says when the two differ.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from core.fs.real import RealFileSystem
from core.journal.reader import State, View
from core.journal.records import Type

TARGET = ROOT / "resources/guide/protocol.svg"
# The orders in which records are written: to the end, and put back before and after the swap has begun.
_FORWARD = (Type.BEGIN, Type.BEGUN, Type.PREPARED, Type.COMMIT, Type.END)
_BACK = (Type.BEGIN, Type.BEGUN, Type.PREPARED, Type.ABORT, Type.END)
_WIDTH, _HEIGHT, _GAP = 124, 40, 76
_AFTER_A_CRASH = {
    State.BEGINNING: "nothing was touched",
    State.PREPARING: "staged files go",
    State.SWITCHING: "all is put back",
    State.COMMITTED: "all is finished",
    State.ABORTED: "staged files go",
    State.ENDED: "nothing to do",
}


def transitions(order: tuple[Type, ...]) -> list[tuple[Type, State]]:
    """Return each record and the state that a journal is in once it is written."""
    view, found = View(RealFileSystem(), -1), []
    for record in order:
        view.seen.add(record)
        found.append((record, view.state))
    return found


def draw() -> str:
    """Return the picture."""
    places: dict[State, tuple[int, int]] = {}
    arrows = []
    for row, order in enumerate((_FORWARD, _BACK)):
        before: State | None = None
        for column, (record, state) in enumerate(transitions(order)):
            places.setdefault(state, (20 + column * (_WIDTH + _GAP), 30 + row * 110))
            if before is not None and (before, record, state) not in arrows:
                arrows.append((before, record, state))
            before = state
    lines = [_arrow(places[before], record, places[state]) for before, record, state in arrows]
    lines += [_box(state, *place) for state, place in places.items()]
    width = 40 + 5 * _WIDTH + 4 * _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="230" viewBox="0 0 {width} 230" '
        'font-family="sans-serif" font-size="13">\n'
        '<defs><marker id="end" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#0f6b6b"/></marker></defs>\n' + "\n".join(lines) + "\n</svg>\n"
    )


def _box(state: State, x: int, y: int) -> str:
    middle = x + _WIDTH // 2
    return (
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="#e8f2f2" stroke="#0f6b6b"/>'
        f'<text x="{middle}" y="{y + 25}" text-anchor="middle">{state.value}</text>'
        f'<text x="{middle}" y="{y + 57}" text-anchor="middle" font-size="11" fill="#666666">{_AFTER_A_CRASH[state]}</text>'
    )


def _arrow(start: tuple[int, int], record: Type, end: tuple[int, int]) -> str:
    x, y, to_x, to_y = start[0] + _WIDTH, start[1] + 20, end[0] - 2, end[1] + 20
    if start[1] == end[1]:
        label = (x + to_x) // 2, y - 8
    elif end[1] > start[1]:
        x, y, to_x, to_y = start[0] + _WIDTH - 12, start[1] + _HEIGHT, end[0] - 2, end[1] + 12
        label = (x + to_x) // 2 - 18, (y + to_y) // 2 + 26
    else:
        to_x, to_y = end[0] + 12, end[1] + _HEIGHT + 2
        label = (x + to_x) // 2 + 10, (y + to_y) // 2 + 26
    return (
        f'<path d="M{x} {y}L{to_x} {to_y}" stroke="#0f6b6b" fill="none" marker-end="url(#end)"/>'
        f'<text x="{label[0]}" y="{label[1]}" text-anchor="middle" font-size="11" fill="#0f6b6b">{record.value}</text>'
    )


if __name__ == "__main__":
    TARGET.write_text(draw())
