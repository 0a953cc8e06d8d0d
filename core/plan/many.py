"""Operations that are about many files: each becomes small ones, and a problem with one file does not hide the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from core.content.edit import Rewrite
from core.errors import Fix, Problem, ProblemCode
from core.fs.api import FileSystem, Kind
from core.plan import renaming, render
from core.plan.disk import Finding
from core.plan.node import Node
from core.plan.operations import DEFAULTS, Convert, FindReplace, Operation, Options, Patch, Rename
from core.plan.patching import Now, Patcher, Rewritten, Step
from core.plan.plan import Plan
from core.plan.searching import TreeSearch
from core.plan.seen import Seen
from core.progress import CancelToken, Meter

_FIXES = {
    ProblemCode.UNREADABLE: (Fix.CHANGE_PERMISSIONS,),
    ProblemCode.COLLISION: (Fix.RENAME,),
    ProblemCode.EXISTS: (Fix.RENAME,),
    ProblemCode.UNENCODABLE: (Fix.CONVERT,),
    ProblemCode.UNKNOWN_SKIP: (Fix.PREVIEW_AGAIN,),
}


DoneWith = Callable[[str, Seen | None], None]  # a file, and what the search knows of it


class Single(NamedTuple):
    """What can be done with one file: an operation, a look, and new content by rewrites. All raise `Finding`."""

    act: Callable[[Operation], None]
    existing: Callable[[str, Options], tuple[str, Node]]
    rewrite: Callable[[str, Node, tuple[Rewrite, ...], Options], None]


class Many:
    """Takes operations apart."""

    def __init__(
        self, fs: FileSystem, plan: Plan, meter: Meter, token: CancelToken, single: Single, processes: int
    ) -> None:
        self._processes = processes
        self._fs = fs
        self._plan = plan
        self._meter = meter
        self._token = token
        self._single = single
        self._number = 0
        self._same: dict[tuple[Rewrite, ...], tuple[Rewrite, ...]] = {}

    def take(self, number: int, operation: FindReplace | Convert | Rename | Patch, done_with: DoneWith | None) -> None:
        """Let it act on the tree; `done_with` is told of each file that a search has changed.

        Raises `Finding` for what concerns the operation as a whole.
        """
        self._number = number
        match operation:
            case FindReplace() | Convert():
                self._search(operation, done_with)
            case Rename():
                self._rename(operation)
            case Patch():
                self._patch(operation)

    def _search(self, operation: FindReplace | Convert, done_with: DoneWith | None) -> None:
        search = TreeSearch(self._fs, self._plan, self._meter, self._token, self._processes)
        rewrites: tuple[Rewrite, ...] = ()
        try:
            for file, found, seen in search.run(operation, settles=done_with is not None):
                if found is not rewrites:  # plans that name their files one by one ask the same of many
                    rewrites = self._same.setdefault(found, found)
                node = file.node or Node(Kind.FILE, origin=file.origin)
                self._single.rewrite(file.path, node, rewrites, operation.options)
                self._plan.found[self._number] += 1
                if done_with is not None:
                    done_with(file.path, seen)
        finally:
            self._report(search.problems)

    def _rename(self, operation: Rename) -> None:
        findings: list[Finding] = []
        for move in list(renaming.moves(self._plan.tree, operation, self._token, findings)):
            self._step(move, findings, DEFAULTS)
        self._report(one.problem for one in findings)

    def _patch(self, operation: Patch) -> None:
        operation = replace(operation, without=frozenset(map(self._plan.tree.canonical, operation.without)))
        patcher = Patcher(operation, Now(self._content, self._link, self._runnable, self._plan.tree.canonical))
        for step in list(patcher.steps()):
            self._step(step, patcher.findings, operation.options)
        self._report(one.problem for one in patcher.findings)
        self._plan.notes += (replace(one, operation=self._number) for one in patcher.notes)

    def _step(self, step: Step, findings: list[Finding], options: Options) -> None:
        try:
            if isinstance(step, Rewritten):
                path, node = self._single.existing(step.path, options)
                self._single.rewrite(path, node, (step.splices,), options)
            else:
                self._single.act(step)
        except Finding as finding:
            findings.append(finding)

    def _content(self, given: str) -> bytes:
        """Return what a file holds by now."""
        _, node = self._single.existing(given, DEFAULTS)
        return b"".join(render.chunks(self._fs, node, self._plan.scratch))

    def _link(self, given: str) -> str | None:
        """Return what a symlink says by now, None where there is none."""
        path = self._plan.tree.canonical(given)
        node = self._plan.tree.at(path)
        return self._plan.tree.target(path) if node is not None and node.kind is Kind.SYMLINK else None

    def _runnable(self, given: str) -> bool:
        """Whether a file is a program by now."""
        _, node = self._single.existing(given, DEFAULTS)
        stat = self._plan.tree.disk.stat(node.origin) if node.origin else None
        return node.runnable if node.runnable is not None else stat is not None and bool(stat.mode & 0o100)

    def _report(self, problems: Iterable[Problem]) -> None:
        for one in problems:
            fixes = (Fix.REMOVE, *_FIXES.get(one.code, ()))
            self._plan.problems.append(replace(one, operation=self._number, fixes=fixes))
