"""Files that are not as they were seen: operations about them may be left out, and a preview can look at them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from core.errors import ProblemCode
from core.fs import files
from core.fs.api import FileSystem, Kind
from core.plan.evaluate import evaluate
from core.plan.node import Node
from core.plan.operations import Convert, EditFile, FindReplace, Operation, Rename
from core.plan.plan import Plan
from core.progress import CancelToken, Meter

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


def refresh(
    fs: FileSystem,
    plan: Plan,
    operations: Sequence[Operation],
    paths: AbstractSet[str],
    *,
    spared: str = "",
    meter: Meter | None = None,
    token: CancelToken | None = None,
) -> bool:
    """Evaluate some files of a plan again, alone; what is known of the others stays, and so do the indices of its changes.

    False where that cannot be: a file may depend on others, or it cannot be told to which file a left-out match belonged.
    """
    if not all(_is_about_files_alone(one) for one in operations):
        return False
    others = {
        number
        for number, one in enumerate(operations)
        if isinstance(one, EditFile) and fs.resolve(one.path) not in paths
    }
    narrowed = (_narrowed(one, paths) for one in operations)
    fresh = evaluate(fs, narrowed, without=others, spared=spared, meter=meter, token=token)
    try:
        plan.folders.update(fresh.folders)
        plan.space.update(fresh.space)
        for path in paths:
            _exchange(plan, fresh, path)
        for old, new in ((plan.problems, fresh.problems), (plan.notes, fresh.notes)):
            old[:] = [one for one in old if one.path not in paths] + [one for one in new if one.path in paths]
    finally:
        fresh.close()
    return True


def _is_about_files_alone(operation: Operation) -> bool:
    """Whether an operation does with each file what it would do if there were no other."""
    return isinstance(operation, Convert | EditFile) or (isinstance(operation, FindReplace) and not operation.skip)


def _narrowed(operation: Operation, paths: AbstractSet[str]) -> Operation:
    if not isinstance(operation, FindReplace | Convert):
        return operation
    return replace(operation, scope=replace(operation.scope, only=frozenset(paths)))


def _exchange(plan: Plan, fresh: Plan, path: str) -> None:
    """Put what becomes of a file by now in the place of what was known of it."""
    _count(plan, plan.tree.names.get(path), -1)
    new = fresh.tree.names.get(path)
    if new is not None and new.is_settled:
        facts = fresh.facts(new)
        if facts.noted is not None:
            notes = b"".join(files.read_slice(fresh.scratch, *facts.noted))
            facts = facts._replace(noted=plan.store(notes))
        new.number = plan.remember(facts)
    if new is not None or path in plan.tree.names:
        plan.tree.names[path] = new  # None where nothing changes: what follows keeps its index
    _count(plan, new, 1)


def _count(plan: Plan, node: Node | None, sign: int) -> None:
    if node is not None and node.is_settled:
        facts = plan.facts(node)
        plan.files += sign
        plan.matches += sign * facts.matches
        plan.bytes += sign * (facts.size_after or 0)
