"""A plan's net map becomes the steps of a transaction, in the order of `core.plan.phases`.

A side file lies in the folder that will hold its target, or in the nearest one above that exists; or, where no names can
be made in that folder and the target is written in place, in one aside (`core.journal.home`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

from core.errors import Conflict
from core.fs.api import FileSystem, Kind
from core.journal import records
from core.journal.records import FolderRef, Identity, Step, StepKind
from core.plan import phases, render
from core.plan.node import ALIKE, APART, KEEP_TIMES, Node
from core.plan.plan import Plan
from core.txn.script import Content, Donor, Maker

_IN_ITS_PLACE = {"exchange": StepKind.EXCHANGE, "pre-image": StepKind.INPLACE, "draft": StepKind.DRAFT}


class PlanScript:
    """A `core.txn.script.Script` made of a plan. `aside`: a folder for what finds no place beside its target."""

    def __init__(self, fs: FileSystem, plan: Plan, *, name: str = "", undo: bool = False, aside: str = "") -> None:
        self._aside = aside
        self.name = name or plan.name
        self.files = plan.files
        self.bytes = plan.bytes
        self.undo = undo
        self.undoes = plan.undoes
        self.partial = plan.partial
        self._fs = fs
        self._plan = plan
        self._tree = plan.tree
        self._refs: list[FolderRef] = []
        self._numbers: dict[tuple[str, bool], int] = {}
        self._before_moves: dict[str, int] = {}
        self._phases = phases.sort(plan)
        self._sides = self._phases.sides()
        self._leaving = dict(self._phases.folders_leaving)
        self._listing = True
        self._list_folders()
        self._listing = False

    def folders(self) -> list[FolderRef]:
        """Return all folders, numbered by position."""
        return self._refs

    def steps(self) -> Iterator[Step]:
        """Yield the steps in the order of the swap."""
        for side, (kind, what) in enumerate(self._phases.order()):
            yield self._step(side, kind, what)

    def contents(self) -> Iterator[Maker | None]:
        """Yield for every step, in their order, what tells its content, if it has any."""
        for kind, what in self._phases.order():
            if kind == "pre-image":
                yield partial(self._pre_image, what)
            elif kind == "take over":
                yield partial(self._known, what)
            elif kind in ("exchange", "draft") or (kind in ("place", "late") and self._is_new(what)):
                yield partial(self._content, what)
            else:
                yield None

    def _leaves(self, origin: str) -> bool:
        return origin in self._phases.leaving or origin in self._leaving

    def _is_new(self, path: str) -> bool:
        node = self._tree.names[path]
        return node is not None and node.is_new

    # what each entry of the order means

    def _step(self, side: int, kind: str, what: str) -> Step:
        # An evicted thing keeps its side number until it is placed; staged things have numbers above all of those.
        if kind == "leave":
            return self._leaving_step(what, self._sides.get(what, side))
        number = len(self._phases.leaving) + len(self._phases.folders_leaving) + side
        node = self._tree.names[what]
        assert node is not None
        before = self._before(node)
        parent, name = os.path.split(what)
        if kind in _IN_ITS_PLACE:
            folder = self._number_of(parent)
            if node.flags & APART:
                beside = self._number(self._aside)
                return Step(_IN_ITS_PLACE[kind], folder, name, beside, "", number, True, beside, before)
            return Step(_IN_ITS_PLACE[kind], folder, name, folder, name, number, True, folder, before)
        if kind == "take over":
            folder = self._number(os.path.dirname(what))
            displaced = None if self._listing else self._plan.facts(node).displaced[0]
            return Step(
                StepKind.EXCHANGE, folder, name, folder, name, self._sides[node.origin], False, folder, displaced
            )
        late = kind == "late"
        to_folder = self._number(parent if late else self._tree.before(parent), after=late)
        home = self._home(what) if self._is_new(what) else self._resting(node.origin, what)
        if self._is_new(what):
            source = self._number(self._tree.after(home) or home, after=True) if late else self._number(home)
            return Step(StepKind.PLACE, source, "", to_folder, name, number, True, self._number(home), None)
        if node.origin in self._sides:
            source = self._number(self._tree.after(home) or home, after=True) if late else self._number(home)
            evicted = self._sides[node.origin]
            return Step(StepKind.PLACE, source, "", to_folder, name, evicted, False, source, before)
        folder = self._number(os.path.dirname(node.origin))
        origin_name = os.path.basename(node.origin)
        return Step(StepKind.CARRY, folder, origin_name, to_folder, name, number, False, folder, before)

    def _leaving_step(self, origin: str, side: int) -> Step:
        folder = self._number(os.path.dirname(origin))
        target = self._leaving[origin] if origin in self._leaving else self._phases.leaving[origin]
        to_folder = self._number(self._resting(origin, target)) if target else folder
        name = os.path.basename(origin)
        return Step(StepKind.EVICT, folder, name, to_folder, "", side, False, to_folder, self._identities(origin))

    def _before(self, node: Node) -> Identity | None:
        """Read what is known of a node's original; nobody asks for that while only the folders are numbered."""
        return None if self._listing else self._plan.facts(node).before

    def _identities(self, origin: str) -> Identity | None:
        """Find what is known of an original that leaves its name."""
        if self._listing:
            return None
        path = self._owners.get(origin, origin)
        node = self._tree.names[path]
        assert node is not None
        facts = self._plan.facts(node)
        if origin == node.origin and facts.before is not None:
            return facts.before
        return facts.displaced[node.displaced.index(origin)]

    def _content(self, path: str) -> Content:
        node = self._tree.names[path]
        assert node is not None
        facts = self._plan.facts(node)
        if node.kind is Kind.FOLDER:
            return Content(path, Kind.FOLDER, donor=self._like(node.source) if node.source else None)
        if node.kind is Kind.SYMLINK:
            return Content(path, Kind.SYMLINK, target=self._tree.target(path))
        donor = None
        if node.flags & ALIKE:
            donor = self._like(node.source)._replace(times=True)
        elif node.origin and facts.before is not None:
            folder, name = os.path.split(node.origin)
            donor = Donor(folder, name, facts.before, times=bool(node.flags & KEEP_TIMES))
        scratch = self._plan.scratch
        is_made_of_it = bool(node.flags & ALIKE) or node.source in ("", node.origin)  # the donor
        return Content(
            path,
            Kind.FILE,
            chunks=lambda fs, opened: render.chunks(fs, node, scratch, opened=opened if is_made_of_it else None),
            regions=(lambda: self._plan.regions(facts) or iter(())) if facts.noted else None,
            size=facts.size_after or 0,
            digest=facts.digest_after,
            mode=self._mode(node),
            runnable=node.runnable,
            donor=donor,
        )

    def _known(self, path: str) -> Content:
        """Return what takes over a name, which is there already."""
        node = self._tree.names[path]
        assert node is not None
        return Content(path, node.kind, known=self._plan.facts(node).before)

    def _like(self, path: str) -> Donor:
        stat = self._tree.disk.look(path)
        if stat is None:
            raise Conflict(path=path)
        return Donor(*os.path.split(path), records.identity(stat))

    def _pre_image(self, path: str) -> Content:
        node = self._tree.names[path]
        assert node is not None
        before = self._plan.facts(node).before
        assert before is not None
        return Content(path, Kind.FILE, donor=Donor(*os.path.split(node.origin), before, times=True, content=True))

    def _mode(self, node: Node) -> int:
        """Return the mode of a new file: a copy of what only its owner may read is not for everybody to read."""
        source = self._tree.disk.look(node.source) if node.source else None
        return 0o666 if source is None else source.mode & 0o777

    # folders

    def _home(self, path: str) -> str:
        """Return the folder (by its path before the batch) that holds the side file for `path`."""
        parent = os.path.dirname(path)
        while self._tree.is_made(parent):
            parent = os.path.dirname(parent)
        return self._tree.before(parent) or parent

    def _resting(self, origin: str, path: str) -> str:
        """Return the folder in which something evicted waits for its new name.

        For a folder that must be one which no folder move of the batch touches: the folder that holds the new name
        may have left by then.
        """
        if origin not in self._leaving:
            return self._home(path)
        highest = parent = origin
        while parent != "/":
            if parent in self._leaving:
                highest = parent
            parent = os.path.dirname(parent)
        return os.path.dirname(highest)

    def _list_folders(self) -> None:
        """Number every folder that a step will name, so that BEGIN can list them before the steps."""
        self._owners: dict[str, str] = {}
        for path, node in self._tree.names.items():
            if node is not None and node.is_settled:
                originals = (node.origin, *node.displaced)
                self._owners.update((one, path) for one in originals if one != path and self._leaves(one))
        for _ in self.steps():
            pass
        for ref in list(self._refs):
            if not ref.stage and not self._tree.is_made(ref.path):
                self._number(self._tree.before(ref.path))  # where it is again once it was put back
        for number, ref in enumerate(self._refs):
            moved = self._tree.after(ref.path) if ref.stage else ref.path
            after = self._numbers.get((moved, True)) if moved and moved != ref.path else None
            if moved and moved != ref.path and after is None:
                after = self._number(moved, after=True)
            self._refs[number] = ref._replace(after=number if after is None else after)

    def _number_of(self, parent: str) -> int:
        """Return the number of the folder that has a path after the batch, by where it is before; most hold many files."""
        number = self._before_moves.get(parent)
        if number is None:
            number = self._before_moves[parent] = self._number(self._tree.before(parent))
        return number

    def _number(self, path: str, *, after: bool = False) -> int:
        path = path or "/"
        if after and self._tree.before(path) == path and not self._tree.is_made(path):
            after = False  # the folder stays where it is
        key = (path, after)
        if key not in self._numbers:
            self._numbers[key] = len(self._refs)
            self._refs.append(self._ref(path, after=after))
        return self._numbers[key]

    def _ref(self, path: str, *, after: bool) -> FolderRef:
        if after and self._tree.is_made(path):
            volume = self._plan.folders[self._home(path + "/.")].volume
            return FolderRef(path, volume, 0, False, 0)
        origin = self._tree.before(path) if after else path
        known = self._plan.folders.get(origin)
        volume, ino = (known.volume, known.ino) if known else self._look(origin)
        return FolderRef(path, volume, ino, not after, 0)

    def _look(self, folder: str) -> tuple[str, int]:
        handle = self._fs.open_folder(folder)
        try:
            return self._fs.volume(handle).ident, self._fs.fstat(handle).lasting_ino
        finally:
            self._fs.close(handle)
