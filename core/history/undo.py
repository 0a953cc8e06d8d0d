"""Undo: the steps of a batch, backwards, as the operations of a new one.

Every step becomes what brings its names back: what was created is deleted, what was moved moves back, and a pre-image
leaves its attic for the name it had. That is a plan like any other, so it is previewed, applied, cancelled, recovered
and undone like any other; what it displaces is its own pre-image. Content is moved, never copied, so a file comes back
with everything it had.

Before each one the disk is looked at. A file that is not as the batch left it is a problem, with the choices to leave
it alone or to bring the previous version back all the same:

    edited_since · gone_since · replaced_since   what the batch left is another one by now, not there, or no file
    taken_since                                  something else has the name to which a file has to return
    later_batch                                  a later batch that is in force did it; `values` has `txn` and `name`
    not_held                                     there is no previous version (any more); it can only be left alone
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from core import names
from core.errors import CannotUndo, Fix, JournalDamaged, Problem, ProblemCode
from core.fs.api import Kind
from core.history import Choice, Choices, Drift, Hindrance
from core.history.drift import Differ
from core.history.entries import History
from core.history.later import Later
from core.history.returned import Returned
from core.history.track import Track, track
from core.journal import records
from core.journal.home import Home
from core.journal.records import Identity, Step, StepKind
from core.plan.evaluate import evaluate
from core.plan.operations import Delete, Move, Operation, Options, Restore
from core.plan.plan import Plan
from core.progress import CancelToken, Meter

_CODES = {
    Drift.EDITED: ProblemCode.EDITED_SINCE,
    Drift.GONE: ProblemCode.GONE_SINCE,
    Drift.REPLACED: ProblemCode.REPLACED_SINCE,
    Drift.TAKEN: ProblemCode.TAKEN_SINCE,
}


def plan(home: Home, txn: str, choices: Choices, meter: Meter, token: CancelToken) -> Plan:
    """Return the plan that takes a batch back.

    Raises:
        CannotUndo: see `core.memory.undo_plan`.
        Cancelled: through `token`.
    """
    history = History(home)
    if txn not in history.known:
        raise CannotUndo(txn=txn, why="unknown")
    (entry,) = history.entries([txn])
    if entry.hindrance is not Hindrance.NONE:
        raise CannotUndo(txn=txn, why=entry.hindrance.value)
    head = history.head(txn)
    try:
        with track(home, head) as steps:
            undoing = _Undoing(steps, choices, Later(home, history, head), token)
            found = evaluate(home.fs, undoing.operations(), name=entry.name, meter=meter, token=token)
    except JournalDamaged as error:
        raise CannotUndo(txn=txn, why=Hindrance.DAMAGED.value) from error
    found.undo, found.undoes, found.partial = True, head, undoing.skipped > 0
    found.problems[:0] = undoing.problems
    return found


def _is_folder(known: Identity | None) -> bool:
    return known is not None and known.kind == Kind.FOLDER.value


class _Undoing:
    """Makes operations of steps. `skipped`: how many files stay as they are because somebody chose so."""

    def __init__(self, steps: Track, choices: Choices, later: Later, token: CancelToken) -> None:
        self.problems: list[Problem] = []
        self.skipped = 0
        self._track = steps
        self._choices = choices
        self._later = later
        self._token = token
        self._differ = Differ(steps)
        self._leaving: set[str] = set()  # names that are free once the operations so far are done
        self._staying: set[int] = set()  # side numbers of what was moved, and stays where it is
        self._drafts: dict[tuple[int, str], Identity | None] = {}
        self._returned = Returned()

    def operations(self) -> Iterator[Operation]:
        """Yield what takes each step back, the last step first."""
        for number, step, staged in self._track.view.steps(backwards=True):
            self._token.check()
            yield from map(self._returned.follow, self._of(number, step, staged))
        yield from self._returned.deletions()

    def _of(self, number: int, step: Step, staged: Identity | None) -> Iterator[Operation]:
        match step.kind:
            case StepKind.EXCHANGE:
                yield from self._exchange(step, staged)
            case StepKind.PLACE | StepKind.CARRY:
                yield from self._place(step, staged)
            case StepKind.EVICT:
                yield from self._evict(step)
            case StepKind.DRAFT:
                self._drafts[step.folder, step.name] = staged
            case StepKind.INPLACE:
                yield from self._in_place(number, step, staged)

    def _exchange(self, step: Step, staged: Identity | None) -> Iterator[Operation]:
        path, now = self._track.path(step.folder, step.name), self._track.now(step.folder, step.name)
        if self._is_back(step.original, now, path) or self._differ.is_content(now, step.original):
            return  # somebody has brought it back already, perhaps an undo of a part
        if self._goes_on(now, self._differ.drift(now, staged), path):
            yield from self._restored(path, now, step.folder, step)

    def _evict(self, step: Step) -> Iterator[Operation]:
        if self._track.is_held_elsewhere(step) or step.side in self._staying:
            return
        path, now = self._track.path(step.folder, step.name), self._track.now(step.folder, step.name)
        if step.side in self._track.placed:
            yield Move(self._side(step.to_folder, step), path)
        elif self._is_back(step.original, now, path):
            return
        elif self._goes_on(now, None if self._is_free(now) else Drift.TAKEN, path):
            yield from self._restored(path, now, step.to_folder, step)

    def _in_place(self, number: int, step: Step, pre_image: Identity | None) -> Iterator[Operation]:
        path, now = self._track.path(step.folder, step.name), self._track.now(step.folder, step.name)
        after = self._drafts.get((step.folder, step.name), self._track.view.done.get(number))
        if pre_image is None or self._differ.is_content(now, pre_image):
            return
        drift = self._differ.drift(now, after)
        if self._goes_on(now, drift, path):
            yield from self._restored(
                path, now, step.to_folder, step, in_place=drift not in (Drift.GONE, Drift.REPLACED)
            )

    def _restored(self, path: str, now: str, number: int, step: Step, *, in_place: bool = False) -> Iterator[Operation]:
        """Yield what brings a pre-image back, if it is there and still what was put away."""
        held, original = self._track.held(number, step.side), step.original
        stat = self._track.look(held) if held else None
        if original is None or not records.is_same(stat, original._replace(ino=0)):
            if self._choices.of(now) is Choice.SKIP:
                self.skipped += 1
            else:
                self.problems.append(Problem(ProblemCode.NOT_HELD, now, fixes=(Fix.SKIP,)))
            return
        yield Restore(path, held, in_place, Options(expect=original.digest))

    def _place(self, step: Step, staged: Identity | None) -> Iterator[Operation]:
        path, now = self._track.path(step.to_folder, step.to_name), self._track.now(step.to_folder, step.to_name)
        source = step if step.kind is StepKind.CARRY else self._track.evicted.get(step.side, step)
        if not step.staged and self._track.is_held_elsewhere(source) and _is_folder(step.original):
            yield from self._brought(path, now, source, step)
            return
        if step.staged or self._track.is_held_elsewhere(source):
            yield from self._made(path, now, staged if step.staged else step.original)
            return
        back = self._track.now(source.folder, source.name)
        if self._is_back(step.original, back):
            self._staying.add(step.side)
            return
        drift = self._differ.drift(now, step.original, content=False)
        if not self._goes_on(now, drift, path, may_take=drift is not Drift.GONE) or not self._may_return(back):
            self._staying.add(step.side)
            return
        if not self._is_free(back):
            yield Delete(back)
        self._leaving.add(now)
        via = source is not step
        yield Move(path, self._side(step.folder, step) if via else self._track.path(source.folder, source.name))

    def _brought(self, path: str, now: str, source: Step, step: Step) -> Iterator[Operation]:
        """Yield what removes a folder that the batch brought back from an attic, being an undo itself.

        Its name may be needed before everything that the batch put into it has left it, so it waits aside until then: in
        the next folder above that the batch has not made, since that one may go.
        """
        before = self._track.path(source.folder, source.name)
        if self._track.look(now) is None:
            return  # gone already, which is what is wanted
        if not self._goes_on(now, self._differ.drift(now, step.original), path):
            self._returned.stays(before, path)
            return
        self._leaving.add(now)
        self._returned.leaves(before, path)
        above = os.path.dirname(path)
        while above in self._track.names:
            above = os.path.dirname(above)
        yield Move(path, f"{above}/{names.side(self._track.txn, step.side)}")

    def _made(self, path: str, now: str, known: Identity | None) -> Iterator[Operation]:
        """Yield what removes something that the batch has made, or a file that it brought back, being an undo itself."""
        stat = self._track.look(now)
        if stat is None:
            return  # gone already, which is what is wanted
        if _is_folder(known):
            if not self._is_emptied(now, stat.kind):
                return  # it is needed for what stays in it
        elif not self._goes_on(now, self._differ.drift(now, known), path):
            return
        self._leaving.add(now)
        yield Delete(path)

    def _is_back(self, original: Identity | None, *paths: str) -> bool:
        """Whether the very file that had a name before the batch has it again; its folder may be back, too."""
        if original is None or not original.ino:
            return False
        return any(records.is_same_inode(self._track.look(path), original) for path in paths)

    def _is_emptied(self, folder: str, kind: Kind) -> bool:
        entries = self._differ.entries(folder) if kind is Kind.FOLDER else None
        return entries is not None and all(f"{folder}/{name}" in self._leaving for name in entries)

    def _side(self, folder: int, step: Step) -> str:
        return self._track.path(folder, names.side(self._track.txn, step.side))

    def _is_free(self, now: str) -> bool:
        """Whether nothing has a name, or only what leaves it: what the batch has put there, or what goes with its folder."""
        return self._leaves(now) or now in self._track.names or self._track.look(now) is None

    def _leaves(self, now: str) -> bool:
        parts = now.split("/")
        paths = ("/".join(parts[:count]) for count in range(len(parts), 1, -1))
        return any(path in self._leaving or path in self._track.folders for path in paths)

    def _may_return(self, back: str) -> bool:
        return self._is_free(back) or self._goes_on(back, Drift.TAKEN, back)

    # choices

    def _goes_on(self, now: str, drift: Drift | None, path: str, *, may_take: bool = True) -> bool:
        """Whether a file is to be brought back; where it is not as the batch left it, that is a matter of choice.

        It is known by its name now, and by the one it gets again.
        """
        chosen = self._choices.by_path.get(now, self._choices.by_path.get(path, Choice.ASK if drift is None else None))
        chosen = chosen or self._choices.rest
        if chosen is Choice.SKIP:
            self.skipped += 1
            return False
        if drift is None or (may_take and chosen is Choice.TAKE):
            return True
        self.problems.append(self._problem(now, drift, (Fix.SKIP, Fix.TAKE) if may_take else (Fix.SKIP,)))
        return False

    def _problem(self, now: str, drift: Drift, fixes: tuple[Fix, ...]) -> Problem:
        by = self._later.touching(now)
        if by is None:
            return Problem(_CODES[drift], now, fixes=fixes)
        return Problem(ProblemCode.LATER_BATCH, now, None, {"txn": by.txn, "name": by.name}, (*fixes, Fix.UNDO_LATER))
