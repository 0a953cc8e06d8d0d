"""Side files of other transactions in the folders that a batch is about to touch.

They may be the only original of somebody's file, so a batch never works around them: they are recovered first. Only a
batch that deletes them goes on, and only where the journal they belong to has ended.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from core import names
from core.errors import Fix, Problem, ProblemCode
from core.journal.home import Home
from core.journal.records import FolderRef, StepKind
from core.txn.script import Script

_AT_MOST = 20

# Transactions of this process that are under way: the seed's doors may be used inside one another.
under_way: set[str] = set()


def find_remains(
    home: Home, refs: list[FolderRef], leaving: Callable[[], frozenset[str]] = frozenset
) -> tuple[Problem, ...]:
    """Return a problem for each such side file, at most 20. `leaving`: paths of what the batch itself takes away."""
    problems: list[Problem] = []
    unresolved = None
    away: frozenset[str] | None = None
    for ref in refs:
        # What an attic holds waits for nothing, and what lies aside is in nobody's way.
        if not ref.stage or names.parse_holding(os.path.basename(ref.path)) or ref.path == home.aside:
            continue
        handle = home.fs.open_folder(ref.path)
        try:
            for name in home.fs.list(handle):
                found = names.parse_side(name)
                if found is None or found[0] in under_way:
                    continue
                if unresolved is None:
                    unresolved = set(home.unresolved())
                known = found[0] in unresolved
                code = ProblemCode.UNRESOLVED if known else ProblemCode.REMAINS
                path = f"{ref.path.rstrip('/')}/{name}"
                away = leaving() if away is None else away
                if path in away and not known and home.has_ended(found[0]):
                    continue
                problems.append(Problem(code, path, values={"txn": found[0]}, fixes=(Fix.RECOVER,)))
                if len(problems) == _AT_MOST:
                    return tuple(problems)
        finally:
            home.fs.close(handle)
    return tuple(problems)


def leaving(script: Script) -> frozenset[str]:
    """Return the paths of what a script takes away from its name."""
    refs = script.folders()
    steps = (step for step in script.steps() if step.kind is StepKind.EVICT)
    return frozenset(f"{refs[step.folder].path.rstrip('/')}/{step.name}" for step in steps)
