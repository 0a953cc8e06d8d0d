"""Operations become a plan. Every problem is found, none is raised, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace

from core.fs import files
from core.fs.api import FileSystem
from core.plan.acting import Actor
from core.plan.bounds import Bounds
from core.plan.disk import Disk
from core.plan.operations import Convert, FindReplace, Links, Operation, Rename
from core.plan.plan import Change, Plan
from core.plan.settle import Settler
from core.plan.tree import Tree
from core.progress import CancelToken, Meter

Told = Callable[[Plan, Change], None]


def evaluate(
    fs: FileSystem,
    operations: Iterable[Operation],
    *,
    name: str = "",
    root: str = "",
    spared: str = "",
    links: Links | None = None,
    without: Container[int] = (),
    meter: Meter | None = None,
    token: CancelToken | None = None,
    told: Told | None = None,
    processes: int = 1,
) -> Plan:
    """Return the plan for operations whose paths are absolute.

    `root` confines all of them, and nothing changes what is ours in `spared`, the state directory; `links` overrides what
    they say about hard links, and the operations with the numbers in `without` are left out. `told` is called with
    changes, in the order of their indices, while a search goes on; not with all of them, where others have to be known
    first. Many files are read by so many `processes`. Raises `Cancelled` through `token`.
    """
    plan = Plan(Tree(Disk(fs)), files.scratch(), name=name)
    meter, token = meter or Meter(), token or CancelToken()
    with plan.tree.disk.staying() as near:
        bounds = Bounds(*(fs.resolve(one) if one else "" for one in (root, spared)))
        actor = Actor(near, plan, bounds, links, meter, token, processes)
        settler = Settler(near, plan, meter, token)
        for number, operation, is_last in _with_last(operations):
            token.check()
            if number not in without:
                settler.told = told if number == 0 and _comes_in_order(operation) else None
                actor.take(number, _sparing(operation, bounds.spared), settler.settle_at_once if is_last else None)
        settler.run(processes)
    plan.problems.sort(key=lambda problem: (problem.operation is None, problem.operation or 0))
    return plan


def _sparing(operation: Operation, folder: str) -> Operation:
    """Let an operation over a tree leave a folder alone that it need not know of."""
    if not folder or not isinstance(operation, FindReplace | Convert | Rename) or folder in operation.scope.roots:
        return operation
    return replace(operation, scope=replace(operation.scope, without=operation.scope.without | {folder}))


def _with_last(operations: Iterable[Operation]) -> Iterator[tuple[int, Operation, bool]]:
    """Yield the operations with their numbers, and whether it is the last one."""
    before: tuple[int, Operation] | None = None
    for item in enumerate(operations):
        if before is not None:
            yield *before, False
        before = item
    if before is not None:
        yield *before, True


def _comes_in_order(operation: Operation) -> bool:
    """Whether files are found in the order in which a plan lists them: folder by folder."""
    return isinstance(operation, FindReplace | Convert) and len(operation.scope.roots) == 1
