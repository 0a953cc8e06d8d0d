"""Files that are not as they were seen: which operations about them may be left out, and which are stale in a preview."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.errors import ProblemCode
from core.fs import files
from core.fs.api import Kind
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


def stale(plan: Plan) -> Iterator[str]:
    """Yield the files of a plan that are not on the disk as they were when it was made, by size and time.

    That is for a preview, which should not wait for contents to be read; apply looks closer.
    """
    for _, node in plan.changed():
        before = plan.facts(node).before
        if before is None or before.kind != Kind.FILE or not node.origin:
            continue
        if files.stamp(node.origin) != (before.size, before.mtime_ns):
            yield node.origin
