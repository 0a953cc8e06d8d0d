"""What has to leave its name before what takes one: the order in which a batch changes names.

Everything displaced leaves its name before anything new takes one, so chains, swaps and "move a to b, then create a"
need no case of their own. Folders go last, by one rename each, and carry what is in them along:

1. files that leave their name for a side name (deleted, displaced, or on the way to a name that is not free yet);
2. edits: exchanges with what was staged; exchanges with what an attic held, so that nobody ever finds the name free; then
   those that must be written into the file itself, each as a pre-image and a draft;
3. files that take a name in a folder that exists already;
4. folders leave, deepest first;
5. folders take their names, shallow first;
6. files that take a name in a folder that the batch makes.

Steps 1 to 4 use the paths from before the folder moves, 5 and 6 those from after them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from core.fs.api import Kind
from core.plan.node import HELD, IN_PLACE, Node
from core.plan.plan import Action, Plan


@dataclass(slots=True)
class Phases:
    """Names (by their path after the batch) in the order of the steps they need."""

    leaving: dict[str, str] = field(default_factory=dict)  # by origin: the path it goes to, "" to be deleted
    exchanged: list[str] = field(default_factory=list)
    taken_over: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    placed: list[str] = field(default_factory=list)
    folders_leaving: list[tuple[str, str]] = field(default_factory=list)
    folders_placed: list[str] = field(default_factory=list)
    placed_late: list[str] = field(default_factory=list)

    def order(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, path); for what leaves, the path is the original's."""
        yield from (("leave", origin) for origin in self.leaving)
        yield from (("exchange", path) for path in self.exchanged)
        yield from (("take over", path) for path in self.taken_over)
        yield from ((kind, path) for path in self.written for kind in ("pre-image", "draft"))
        yield from (("place", path) for path in self.placed)
        yield from (("leave", origin) for origin, _ in self.folders_leaving)
        yield from (("late", path) for path in self.folders_placed)
        yield from (("late", path) for path in self.placed_late)

    def sides(self) -> dict[str, int]:
        """Return side numbers, by origin, of evicted things that are placed again, and of folders.

        What is deleted needs no entry: its side number is its place among what leaves.
        """
        leaving = enumerate(chain(self.leaving.items(), self.folders_leaving))
        return {origin: side for side, (origin, path) in leaving if path or side >= len(self.leaving)}


def sort(plan: Plan) -> Phases:
    """Sort all changes of a plan into phases."""
    return _Sorter(plan).run()


class _Sorter:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._tree = plan.tree
        self._phases = Phases()
        self._vacated = self._find_vacated()
        self._taken = self._find_taken()

    def run(self) -> Phases:
        phases = self._phases
        for path, node in self._tree.names.items():
            if node is None or not node.is_settled:
                continue
            if self._takes_over(path, node):
                phases.leaving[node.origin] = path
                phases.taken_over.append(path)
                continue
            for origin in node.displaced:
                self._leave(origin, "")
            if node.is_deleted or self._tree.is_unchanged(path, node):
                continue
            if node.kind is Kind.FOLDER:
                phases.folders_placed.append(path)
                if node.origin:
                    phases.folders_leaving.append((node.origin, path))
            elif self._plan.action(path, node) is Action.EDIT or self._is_plain_replace(path, node):
                (phases.written if node.flags & IN_PLACE else phases.exchanged).append(path)
            else:
                self._sort_placed(path, node)
        phases.folders_leaving.sort(key=lambda item: -item[0].count("/"))
        phases.folders_placed.sort(key=lambda path: path.count("/"))
        return phases

    def _is_plain_replace(self, path: str, node: Node) -> bool:
        return bool(node.origin) and self._tree.before(path) == node.origin and node.has_new_content

    def _takes_over(self, path: str, node: Node) -> bool:
        """Whether a file comes out of an attic for the name of one that is displaced, in a folder that stays in its place."""
        if not node.flags & HELD or node.is_new or node.kind is Kind.FOLDER or len(node.displaced) != 1:
            return False
        folder = os.path.dirname(path)
        if node.displaced[0] != path or self._tree.is_made(folder) or self._tree.before(folder) != folder:
            return False
        stat = self._tree.disk.look(path)
        return stat is not None and stat.kind is not Kind.FOLDER

    def _sort_placed(self, path: str, node: Node) -> None:
        # A name that a folder leaves is free only after step 4.
        late = self._tree.is_made(os.path.dirname(path)) or not self._tree.before(path)
        if node.origin and node.is_new:  # moved, and edited or to another disk: create and delete
            self._leave(node.origin, "")
        elif node.origin and (late or self._must_wait(path, node)):
            self._phases.leaving[node.origin] = path
        (self._phases.placed_late if late else self._phases.placed).append(path)

    def _must_wait(self, path: str, node: Node) -> bool:
        """Whether a name is not free before something else has left it; upper and lower case may be the same name."""
        name = self._tree.before(path)
        return name in self._vacated or node.origin in self._taken or name.casefold() == node.origin.casefold()

    def _leave(self, origin: str, path: str) -> None:
        stat = self._tree.disk.look(origin)
        if stat is not None and stat.kind is Kind.FOLDER:
            self._phases.folders_leaving.append((origin, path))
        else:
            self._phases.leaving[origin] = path

    def _find_vacated(self) -> set[str]:
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

    def _find_taken(self) -> set[str]:
        """Return which of the vacated names something new or moved takes, as they are before the batch."""
        found: set[str] = set()
        for path, node in self._tree.names.items():
            if node is not None and node.is_settled and not node.is_deleted:
                name = self._tree.before(path)
                if name in self._vacated and name != node.origin:
                    found.add(name)
        return found
