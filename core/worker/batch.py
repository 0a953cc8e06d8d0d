"""The batch that a worker holds: a plan, what it was made of, and what was left out of it by unticking."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from core import api, helper, memory
from core.api import Change, Committed, Outcome, Plan, Refused, RolledBack
from core.content.encoding import UTF8, Codec
from core.content.search import Search
from core.errors import Fix, Problem, ProblemCode
from core.history import Choice, Choices
from core.plan import again, planfile
from core.plan.operations import FindReplace, Patch
from core.progress import CancelToken, Meter
from core.worker.messages import Json

Told = Callable[[Committed | RolledBack], None]


class Batch:
    """Operations as JSON objects, and their current plan."""

    def __init__(
        self, operations: list[Json], meter: Meter, token: CancelToken, told: Callable[[Plan, Change], None]
    ) -> None:
        self._operations = operations
        self.plan = self._evaluate(operations, meter, token, told)

    @staticmethod
    def _evaluate(
        operations: Iterable[Json],
        meter: Meter,
        token: CancelToken,
        told: Callable[[Plan, Change], None] | None = None,
    ) -> Plan:
        parsed = (planfile.parse(one, "/") for one in operations)
        return api.evaluate(parsed, meter=meter, token=token, told=told, processes=helper.processes())

    def refresh(self, operations: list[Json], paths: set[str], meter: Meter, token: CancelToken) -> bool:
        """Look again at some files alone; False where the operations are others by now, or all files count."""
        if operations != self._operations:
            return False
        parsed = [planfile.parse(one, "/") for one in operations]
        own = api.state_folder()
        return again.refresh(api.file_system(), self.plan, parsed, paths, spared=own, meter=meter, token=token)

    def apply(self, without: set[int], name: str, meter: Meter, token: CancelToken, told: Told) -> Outcome:
        """Apply the plan, without the changes that have these indices."""
        if not without:
            return api.apply(self.plan, name=name, meter=meter, token=token, told=told, processes=helper.processes())
        left_out = [change for change in self.plan.changes() if change.index in without]
        names = {path for change in left_out for path in (change.path, change.to) if path}
        plan = self._again(names, meter, token)
        try:
            problems = plan.problems or self._differences(plan, without)
            if problems:
                return Refused(tuple(problems))
            return api.apply(plan, name=name, meter=meter, token=token, told=told, processes=helper.processes())
        finally:
            plan.close()

    def with_parts(self) -> Iterator[tuple[int, FindReplace | Patch]]:
        """Yield the operations of which parts can be left out, with their numbers."""
        for number, one in enumerate(self._operations):
            if one.get("op") in ("find_replace", "patch"):
                parsed = planfile.parse(one, "/")
                assert isinstance(parsed, FindReplace | Patch)
                yield number, parsed

    def codec(self, change: Change) -> Codec:
        """Return the encoding that a search has found a file to be in; UTF-8 where none has looked."""
        _, node = self.plan.node(change.index)
        found = [one.codec for one in node.edits if isinstance(one, Search)] if node is not None else []
        return found[0] if found else UTF8

    def _again(self, names: set[str], meter: Meter, token: CancelToken) -> Plan:
        """Plan once more, without what has these names."""
        kept = (_without(one, names) for one in self._operations if not _touches(one, names))
        return self._evaluate(kept, meter, token)

    def _differences(self, plan: Plan, without: set[int]) -> list[Problem]:
        """Compare what is left with what was shown: only that may be written.

        Making a folder is shown with the first change that needs it, so folders may differ.
        """
        shown = {
            _essence(change)
            for change in self.plan.changes()
            if change.index not in without and change.action is not api.Action.FOLDER
        }
        for change in plan.changes():
            if change.action is not api.Action.FOLDER and _essence(change) not in shown:
                path = change.to or change.path
                return [Problem(ProblemCode.CHANGED, path, fixes=(Fix.PREVIEW_AGAIN,))]
            shown.discard(_essence(change))
        return [
            Problem(ProblemCode.DEPENDS, path or "", fixes=(Fix.PREVIEW_AGAIN,))
            for path in sorted(str(essence[1]) for essence in shown)[:20]
        ]

    def close(self) -> None:
        """Forget it."""
        self.plan.close()


class UndoBatch(Batch):
    """The undo of a batch, with what was chosen for single files."""

    def __init__(self, txn: str, choices: Choices, meter: Meter, token: CancelToken) -> None:
        self._txn, self._operations = txn, []
        self._choices = choices
        self.plan = memory.undo_plan(txn, choices, meter=meter, token=token)

    def _again(self, names: set[str], meter: Meter, token: CancelToken) -> Plan:
        by_path = {**self._choices.by_path, **dict.fromkeys(names, Choice.SKIP)}
        return memory.undo_plan(self._txn, Choices(self._choices.rest, by_path), meter=meter, token=token)


def _without(operation: Json, names: set[str]) -> Json:
    """Return an operation over many files with some left out of it; others as they are."""
    if operation.get("op") not in ("find_replace", "convert", "rename", "patch"):
        return operation
    return {**operation, "without": [*operation.get("without", ()), *sorted(names)]}


def _touches(operation: Json, names: set[str]) -> bool:
    """Whether an operation acts on one of these names, directly or through a symlink."""
    for key in ("path", "to"):
        path = operation.get(key)
        if isinstance(path, str) and not names.isdisjoint(_names_of(path)):
            return True
    return False


def _names_of(path: str) -> set[str]:
    folder, name = os.path.split(os.path.normpath(path))
    try:
        fs = api.file_system()
        return {path, fs.resolve(path), os.path.join(fs.resolve(folder), name)}
    except OSError:
        return {path}


def _essence(change: Change) -> tuple[object, ...]:
    return (
        change.action,
        change.path,
        change.to,
        change.digest_before,
        change.digest_after,
        change.size_after,
    )
