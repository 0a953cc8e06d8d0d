"""Everything that a plan says, to be compared with what another one says."""

from __future__ import annotations

from core import api
from core.journal.records import Identity


def all_of(plan: api.Plan) -> object:
    """Return changes, facts, problems and counts, without the times at which files were read; close the plan."""
    known = [plan.facts(node) for _, node in plan.changed()]
    facts = [
        one._replace(
            before=_timeless(one.before),
            displaced=tuple(gone._replace(read_ns=0) for gone in one.displaced),
            noted=None,
        )
        for one in known
    ]
    problems = [(one.code, one.path, one.operation, one.values, one.fixes) for one in plan.problems]
    told = list(plan.changes()), facts, problems, plan.files, plan.bytes, plan.matches, dict(plan.found)
    plan.close()
    return told


def _timeless(known: Identity | None) -> Identity | None:
    return None if known is None else known._replace(read_ns=0)
