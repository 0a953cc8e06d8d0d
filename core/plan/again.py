"""Operations about files that are not as they were seen: which of them may be left out, by number and with their path."""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import ProblemCode
from core.plan.operations import Operation, Rename
from core.plan.plan import Plan

_GONE = (ProblemCode.CHANGED, ProblemCode.MISSING)


def changed(plan: Plan, operations: Iterable[Operation]) -> dict[int, str]:
    """Return the operations whose file is not there any more, or not as `expect` says."""
    suspects = {one.operation: one.path for one in plan.problems if one.code in _GONE}
    return {
        number: suspects[number]
        for number, operation in enumerate(operations)
        if number in suspects and not isinstance(operation, Rename) and operation.options.expect
    }
