"""What one journal says, as far as the calls that wrote it show, and how much of that is durable."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from core import names
from core.errors import JournalDamaged
from core.fs.api import FileSystem, Handle
from core.journal.reader import State, View
from core.journal.records import Identity, Step, StepKind, Type

JOURNAL = re.compile(r"([a-z2-7]{10})\.(new|journal|abort)", re.ASCII)

Place = tuple[str, str]  # (path of a folder, name in it)


@dataclass(frozen=True)
class Entry:
    """A step with its number, and what was staged for it."""

    number: int
    step: Step
    staged: Identity | None


@dataclass
class Book:
    """A journal that this process writes: `live` when it began the batch too, else it recovers somebody's."""

    txn: str
    handle: Handle
    live: bool
    is_forward: bool = False  # this process does steps, and does not only take them back
    written: list[Type] = field(default_factory=list)
    durable: set[Type] = field(default_factory=set)
    length: int = 0
    durable_length: int = 0
    is_named: bool = False
    is_name_durable: bool = False
    is_poisoned: bool = False
    is_mark_durable: bool = False
    swapped: set[int] = field(default_factory=set)
    disturbed: set[int] = field(default_factory=set)
    view: View | None = None
    sides: dict[Place, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    targets: dict[Place, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    moves: dict[tuple[Place, Place], Entry] = field(default_factory=dict)
    originals: dict[int, Entry] = field(default_factory=dict)

    @classmethod
    def adopted(cls, fs: FileSystem, txn: str, handle: Handle) -> Book:
        """Read the journal of an interrupted batch; what cannot be believed names nothing."""
        book = cls(txn, handle, live=False, is_named=True, is_name_durable=True)
        try:
            book.index(fs)
        except JournalDamaged:
            return book
        assert book.view is not None
        book.written, book.durable = list(book.view.seen), set(book.view.seen)
        book.length = book.durable_length = book.view.end
        return book

    def index(self, fs: FileSystem) -> None:
        """Read which names the journal gives to which steps."""
        self.view = View.read(fs, self.handle)
        for index in (self.sides, self.targets, self.moves, self.originals):
            index.clear()
        for entry in self.entries():
            self._index(entry)

    def entries(self) -> list[Entry]:
        """Return all steps."""
        return [Entry(*row) for row in self.view.steps()] if self.view is not None else []

    def draft_of(self, entry: Entry) -> Entry | None:
        """Return the step whose draft is written into the file of an in-place step, if there is one."""
        of = (entry.step.folder, entry.step.name)
        drafts = (one for one in self.entries() if one.step.kind is StepKind.DRAFT)
        return next((one for one in drafts if (one.step.folder, one.step.name) == of), None)

    def paths(self, number: int) -> list[str]:
        """Return the path that a folder has before the batch, and the one after it."""
        assert self.view is not None
        ref = self.view.folders[number]
        after = self.view.folders[ref.after] if ref.after < len(self.view.folders) else ref  # a crafted journal's
        return list(dict.fromkeys((ref.path, after.path)))

    @property
    def roots(self) -> list[str]:
        """Return the attics that it names."""
        return [root for ref in self.view.attics for root in ref.roots] if self.view is not None else []

    @property
    def state(self) -> State:
        """How far the batch is, as the durable records say."""
        return next((state for kind, state in _STATES if kind in self.durable), State.BEGINNING)

    @property
    def is_committed(self) -> bool:
        """Whether nothing may go back any more."""
        return Type.COMMIT in self.durable and not self.is_mark_durable

    def _index(self, entry: Entry) -> None:
        step = entry.step
        sources, goals = self.paths(step.folder), self.paths(step.to_folder)
        side = names.side(self.txn, step.side)
        for path in {*sources, *goals, *self.paths(step.stage_folder)}:
            self.sides[path, side].append(entry)
            self.sides[path, names.side(self.txn, step.side, old=True)].append(entry)
        for paths, name in ((sources, step.name), (goals, step.to_name)):
            for path in paths if name else ():
                if entry not in self.targets[path, name]:
                    self.targets[path, name].append(entry)
        if step.kind in (StepKind.EVICT, StepKind.PLACE, StepKind.CARRY):
            for source in sources:
                for goal in goals:
                    self.moves[(source, step.name or side), (goal, step.to_name or side)] = entry
        if step.original is not None and step.kind not in (StepKind.INPLACE, StepKind.DRAFT):
            self.originals[step.original.ino] = entry


_STATES = (
    (Type.END, State.ENDED),
    (Type.ABORT, State.ABORTED),
    (Type.COMMIT, State.COMMITTED),
    (Type.PREPARED, State.SWITCHING),
    (Type.BEGUN, State.PREPARING),
)
