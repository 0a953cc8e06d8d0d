"""Clearing is a batch of deletions: what goes rests in History, from where it can be brought back.

What is cleared is what was shown, and nothing else. So each is identified and judged anew; the plan must have met that
very file; and the transaction, which moves first and looks afterwards, puts back whatever came out instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core.fs import walk
from core.fs.api import FileSystem, Kind
from core.journal.records import Identity
from core.leftovers.identify import Identifier, Leftover
from core.leftovers.shown import Fate, Left, Shown, hindrance
from core.plan.evaluate import evaluate
from core.plan.operations import Delete
from core.plan.plan import Plan
from core.progress import CancelToken, Meter

# More than this at once is a person's decision: a wrong guess about one kind would be a wrong guess about all of them.
FILES_AT_MOST = 1_000
BYTES_AT_MOST = 1 << 30


class Clearing(NamedTuple):
    """A plan that deletes what may go, and what is left where it is."""

    plan: Plan
    left: list[Fate]


def preselected(found: Iterable[Leftover]) -> tuple[list[Leftover], list[int]]:
    """Return what may be cleared without being chosen, and the kinds of which there is too much to do that."""
    by_kind: dict[int, list[Leftover]] = {}
    for one in found:
        if one.preselected:
            by_kind.setdefault(one.number, []).append(one)
    too_much = [
        number
        for number, group in by_kind.items()
        if len(group) > FILES_AT_MOST or sum(one.size for one in group) > BYTES_AT_MOST
    ]
    chosen = [one for number, group in by_kind.items() if number not in too_much for one in group]
    return chosen, sorted(too_much)


def clear(
    fs: FileSystem, identifier: Identifier, wanted: Iterable[Shown], meter: Meter, token: CancelToken, *, name: str = ""
) -> Clearing:
    """Plan the clearing of what was shown. Raises `Cancelled` through `token`."""
    left: list[Fate] = []
    going: dict[str, Shown] = {}
    for one in wanted:
        token.check()
        why = hindrance(identifier, one)
        if why is None:
            going[one.path] = one
        else:
            left.append(Fate(one.path, why))
    while True:
        paths = list(going)
        plan = evaluate(fs, map(Delete, paths), name=name or _name(paths), meter=meter, token=token)
        refused = list(_refused(plan, paths)) + list(_mistaken(plan, going))
        if not refused:
            return Clearing(plan, left)
        plan.close()
        left += [one for one in refused if going.pop(one.path, None) is not None]


def _name(paths: list[str]) -> str:
    return f"Clear {len(paths):,} leftovers" if len(paths) != 1 else f"Clear {paths[0].rpartition('/')[2]}"


def _refused(plan: Plan, paths: list[str]) -> Iterator[Fate]:
    """Yield what the disk does not let go, or what another batch has a hand on."""
    for problem in plan.problems:
        if problem.operation is not None:
            yield Fate(paths[problem.operation], Left.REFUSED, problem.code.value)


def _mistaken(plan: Plan, going: dict[str, Shown]) -> Iterator[Fate]:
    """Yield what the plan has met at a path and is not what was shown there: another file, or behind another folder."""
    met = {
        path: plan.facts(node).displaced for path, node in plan.tree.touched() if node is not None and node.is_settled
    }
    for path, one in going.items():
        if not (path in met and all(_is_it(one, identity) for identity in met[path])) or not _is_untouched(one):
            yield Fate(path, Left.CHANGED)


def _is_it(one: Shown, identity: Identity) -> bool:
    is_symlink = identity.kind != Kind.FILE.value
    same = is_symlink or (identity.size, walk.seconds(identity.mtime_ns)) == (one.size, one.mtime)
    return same and (0 in (one.ino, identity.ino) or one.ino == identity.ino)


def _is_untouched(one: Shown) -> bool:
    """Whether nothing about a file has changed from when it was shown until after the plan met it."""
    now = walk.look(one.path)
    return now is not None and one.changed in (0.0, now.changed)
