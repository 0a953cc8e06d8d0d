"""A plan's net map becomes the steps of a transaction.

Everything displaced leaves its name before anything new takes one, so chains, swaps and "move a to b, then create a"
need no case of their own. Folders go last, by one rename each, and carry what is in them along:

1. files that leave their name for a side name (deleted, displaced, or on the way to a name that is not free yet);
2. edits: exchanges with what was staged; then those that must be written into the file itself, each as a pre-image
   and a draft;
3. files that take a name in a folder that exists already;
4. folders leave, deepest first;
5. folders take their names, shallow first;
6. files that take a name in a folder that the batch makes.

Steps 1 to 4 use the paths from before the folder moves, 5 and 6 those from after them. A side file lies in the folder
that will hold its target, or in the nearest one above that exists.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from core.fs.api import FileSystem, Kind
from core.journal.records import FolderRef, Identity, Step, StepKind
from core.plan import render
from core.plan.plan import Action, Plan
from core.plan.tree import IN_PLACE, KEEP_TIMES, Node
from core.txn.script import Content, Donor

_IN_ITS_PLACE = {"exchange": StepKind.EXCHANGE, "pre-image": StepKind.INPLACE, "draft": StepKind.DRAFT}


@dataclass(slots=True)
class _Phases:
    """Names (by their path after the batch) in the order of the steps they need."""

    leaving: dict[str, str] = field(default_factory=dict)  # by origin: the path it goes to, "" to be deleted
    exchanged: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    placed: list[str] = field(default_factory=list)
    folders_leaving: list[tuple[str, str]] = field(default_factory=list)
    folders_placed: list[str] = field(default_factory=list)
    placed_late: list[str] = field(default_factory=list)


class PlanScript:
    """A `core.txn.script.Script` made of a plan. `without`: paths of changes that are left out."""

    def __init__(self, fs: FileSystem, plan: Plan, *, name: str = "", undo: bool = False) -> None:
        self.name = name or plan.name
        self.files = plan.files
        self.bytes = plan.bytes
        self.undo = undo
        self._fs = fs
        self._plan = plan
        self._tree = plan.tree
        self._refs: list[FolderRef] = []
        self._numbers: dict[tuple[str, bool], int] = {}
        self._sides: dict[str, int] = {}  # by origin of an evicted thing that is placed again, or a folder
        self._phases = self._sort()
        self._leaving = dict(self._phases.folders_leaving)
        self._list_folders()

    def folders(self) -> list[FolderRef]:
        """Return all folders, numbered by position."""
        return self._refs

    def steps(self) -> Iterator[Step]:
        """Yield the steps in the order of the swap."""
        for side, (kind, what) in enumerate(self._order()):
            yield self._step(side, kind, what)

    def contents(self) -> Iterator[Content]:
        """Yield the content of every staged step, in the order of the steps."""
        for kind, what in self._order():
            if kind == "pre-image":
                yield self._pre_image(what)
            elif kind in ("exchange", "draft") or (kind in ("place", "late") and self._is_new(what)):
                yield self._content(what)

    # what goes into which phase

    def _sort(self) -> _Phases:
        phases = _Phases()
        vacated = self._vacated()
        taken = self._taken(vacated)
        for path, node in self._tree.names.items():
            if node is None or not node.is_settled:
                continue
            for origin in node.displaced:
                self._leave(phases, origin, "")
            if node.is_deleted or self._tree.is_unchanged(path, node):
                continue
            if node.kind is Kind.FOLDER:
                phases.folders_placed.append(path)
                if node.origin:
                    phases.folders_leaving.append((node.origin, path))
            elif self._plan.action(path, node) is Action.EDIT or self._is_plain_replace(path, node):
                (phases.written if node.flags & IN_PLACE else phases.exchanged).append(path)
            else:
                self._sort_placed(phases, path, node, vacated, taken)
        phases.folders_leaving.sort(key=lambda item: -item[0].count("/"))
        phases.folders_placed.sort(key=lambda path: path.count("/"))
        # What is deleted needs no entry: its side number is its place among what leaves.
        for side, (origin, path) in enumerate(chain(phases.leaving.items(), phases.folders_leaving)):
            if path or side >= len(phases.leaving):
                self._sides[origin] = side
        return phases

    def _is_plain_replace(self, path: str, node: Node) -> bool:
        return bool(node.origin) and self._tree.before(path) == node.origin and node.has_new_content

    def _sort_placed(self, phases: _Phases, path: str, node: Node, vacated: set[str], taken: set[str]) -> None:
        # A name that a folder leaves is free only after step 4.
        late = self._is_made(os.path.dirname(path)) or not self._tree.before(path)
        if node.origin and node.is_new:  # moved, and edited or to another disk: create and delete
            self._leave(phases, node.origin, "")
        elif node.origin and (late or self._must_wait(path, node, vacated, taken)):
            phases.leaving[node.origin] = path
        (phases.placed_late if late else phases.placed).append(path)

    def _must_wait(self, path: str, node: Node, vacated: set[str], taken: set[str]) -> bool:
        """Whether a name is not free before something else has left it; upper and lower case may be the same name."""
        name = self._tree.before(path)
        return name in vacated or node.origin in taken or name.casefold() == node.origin.casefold()

    def _leave(self, phases: _Phases, origin: str, path: str) -> None:
        stat = self._tree.stat(origin)
        if stat is not None and stat.kind is Kind.FOLDER:
            phases.folders_leaving.append((origin, path))
        else:
            phases.leaving[origin] = path

    def _vacated(self) -> set[str]:
        """Return the original names that become free in step 1, as far as something else takes them."""
        found: set[str] = set()
        for path, node in self._tree.names.items():
            if node is not None and node.is_settled:
                found.update(origin for origin in node.displaced if self._is_taken(origin))
                if node.origin and self._tree.before(path) != node.origin and self._is_taken(node.origin):
                    found.add(node.origin)
        return found

    def _is_taken(self, origin: str) -> bool:
        path = self._tree.after(origin)
        node = self._tree.names.get(path) if path else None
        return node is not None and node.is_settled and not node.is_deleted

    def _taken(self, vacated: set[str]) -> set[str]:
        """Return which of the names in `vacated` something new or moved takes, as they are before the batch."""
        found: set[str] = set()
        for path, node in self._tree.names.items():
            if node is not None and node.is_settled and not node.is_deleted:
                name = self._tree.before(path)
                if name in vacated and name != node.origin:
                    found.add(name)
        return found

    def _leaves(self, origin: str) -> bool:
        return origin in self._phases.leaving or origin in self._leaving

    def _is_made(self, folder: str) -> bool:
        node = self._tree.names.get(folder)
        return node is not None and node.kind is Kind.FOLDER and not node.origin

    def _is_new(self, path: str) -> bool:
        node = self._tree.names[path]
        return node is not None and node.is_new

    # the order, and what each entry means

    def _order(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, path); for what leaves, the path is the original's."""
        phases = self._phases
        yield from (("leave", origin) for origin in phases.leaving)
        yield from (("exchange", path) for path in phases.exchanged)
        yield from ((kind, path) for path in phases.written for kind in ("pre-image", "draft"))
        yield from (("place", path) for path in phases.placed)
        yield from (("leave", origin) for origin, _ in phases.folders_leaving)
        yield from (("late", path) for path in phases.folders_placed)
        yield from (("late", path) for path in phases.placed_late)

    def _step(self, side: int, kind: str, what: str) -> Step:
        # An evicted thing keeps its side number until it is placed; staged things have numbers above all of those.
        if kind == "leave":
            return self._leaving_step(what, self._sides.get(what, side))
        number = len(self._phases.leaving) + len(self._phases.folders_leaving) + side
        node = self._tree.names[what]
        assert node is not None
        facts = self._plan.facts(node)
        name = os.path.basename(what)
        if kind in _IN_ITS_PLACE:
            folder = self._number(self._tree.before(os.path.dirname(what)))
            return Step(_IN_ITS_PLACE[kind], folder, name, folder, name, number, True, folder, facts.before)
        late = kind == "late"
        parent = os.path.dirname(what)
        to_folder = self._number(parent if late else self._tree.before(parent), after=late)
        home = self._home(what) if self._is_new(what) else self._resting(node.origin, what)
        if self._is_new(what):
            source = self._number(self._tree.after(home) or home, after=True) if late else self._number(home)
            return Step(StepKind.PLACE, source, "", to_folder, name, number, True, self._number(home), None)
        if node.origin in self._sides:
            source = self._number(self._tree.after(home) or home, after=True) if late else self._number(home)
            evicted = self._sides[node.origin]
            return Step(StepKind.PLACE, source, "", to_folder, name, evicted, False, source, facts.before)
        folder = self._number(os.path.dirname(node.origin))
        origin_name = os.path.basename(node.origin)
        return Step(StepKind.CARRY, folder, origin_name, to_folder, name, number, False, folder, facts.before)

    def _leaving_step(self, origin: str, side: int) -> Step:
        folder = self._number(os.path.dirname(origin))
        target = self._leaving[origin] if origin in self._leaving else self._phases.leaving[origin]
        to_folder = self._number(self._resting(origin, target)) if target else folder
        name = os.path.basename(origin)
        return Step(StepKind.EVICT, folder, name, to_folder, "", side, False, to_folder, self._identities(origin))

    def _identities(self, origin: str) -> Identity:
        """Find what is known of an original that leaves its name."""
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
            return Content(path, Kind.FOLDER)
        if node.kind is Kind.SYMLINK:
            return Content(path, Kind.SYMLINK, target=self._tree.target(path))
        donor = None
        if node.origin and facts.before is not None:
            folder, name = os.path.split(node.origin)
            donor = Donor(folder, name, facts.before, times=bool(node.flags & KEEP_TIMES))
        scratch = self._plan.scratch
        return Content(
            path,
            Kind.FILE,
            chunks=lambda fs: render.chunks(fs, node, scratch),
            digest=facts.digest_after,
            mode=self._mode(node),
            donor=donor,
        )

    def _pre_image(self, path: str) -> Content:
        node = self._tree.names[path]
        assert node is not None
        before = self._plan.facts(node).before
        assert before is not None
        return Content(path, Kind.FILE, donor=Donor(*os.path.split(node.origin), before, times=True, content=True))

    def _mode(self, node: Node) -> int:
        """Return the mode of a new file: a copy of what only its owner may read is not for everybody to read."""
        source = self._tree.stat(node.source) if node.source else None
        return source.mode & 0o777 if source is not None else 0o666

    # folders

    def _home(self, path: str) -> str:
        """Return the folder (by its path before the batch) that holds the side file for `path`."""
        parent = os.path.dirname(path)
        while self._is_made(parent):
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
        for number, ref in enumerate(self._refs):
            moved = self._tree.after(ref.path) if ref.stage else ref.path
            after = self._numbers.get((moved, True)) if moved and moved != ref.path else None
            if moved and moved != ref.path and after is None:
                after = self._number(moved, after=True)
            self._refs[number] = ref._replace(after=number if after is None else after)

    def _number(self, path: str, *, after: bool = False) -> int:
        path = path or "/"
        if after and self._tree.before(path) == path and not self._is_made(path):
            after = False  # the folder stays where it is
        key = (path, after)
        if key not in self._numbers:
            self._numbers[key] = len(self._refs)
            self._refs.append(self._ref(path, after=after))
        return self._numbers[key]

    def _ref(self, path: str, *, after: bool) -> FolderRef:
        if after and self._is_made(path):
            volume = self._plan.folders[self._home(path + "/.")].volume
            return FolderRef(path, volume, 0, False, 0)
        origin = self._tree.before(path) if after else path
        known = self._plan.folders.get(origin)
        volume, ino = (known.volume, known.ino) if known else self._look(origin)
        return FolderRef(path, volume, ino, not after, 0)

    def _look(self, folder: str) -> tuple[str, int]:
        handle = self._fs.open_folder(folder)
        try:
            return self._fs.volume(handle).ident, self._fs.fstat(handle).ino
        finally:
            self._fs.close(handle)
