"""Everything that a plan says, to be compared with what another one says."""

from __future__ import annotations

from core import api


def all_of(plan: api.Plan) -> object:
    """Return changes, facts, problems and counts, without the times at which files were read; close the plan."""
    facts = [plan.facts(node)._replace(before=None, displaced=(), noted=None) for _, node in plan.changed()]
    known = [plan.facts(node).before for _, node in plan.changed()]
    before = [None if one is None else one._replace(read_ns=0) for one in known]
    problems = [(one.code, one.path, one.operation, one.values, one.fixes) for one in plan.problems]
    told = list(plan.changes()), facts, before, problems, plan.files, plan.bytes, plan.matches, dict(plan.found)
    plan.close()
    return told
