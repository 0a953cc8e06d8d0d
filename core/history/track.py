"""What the steps of an ended batch did to names, and where its pre-images rest now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core import names
from core.errors import HoldfastError
from core.fs.api import FileSystem, Kind, Stat
from core.history import Deed, FileEntry
from core.journal.home import Home
from core.journal.reader import View
from core.journal.records import Identity, Step, StepKind
from core.plan.disk import Disk


@contextmanager
def track(home: Home, txn: str) -> Iterator[Track]:
    """Open the journal of a batch that has ended. Raises KeyError where there is none, `JournalDamaged`."""
    try:
        handle = home.peek_ended(txn)
    except (FileNotFoundError, HoldfastError) as error:
        raise KeyError(txn) from error
    try:
        yield Track(home.fs, txn, View.read(home.fs, handle))
    finally:
        home.fs.close(handle)


class Track:
    """The steps of one batch. Paths are those from before its folder moves, or after them, as the step has them."""

    def __init__(self, fs: FileSystem, txn: str, view: View) -> None:
        self.fs = fs
        self.txn = txn
        self.view = view
        self._disk = Disk(fs)
        self.placed: dict[int, Step] = {}  # by side number: what was evicted and got a name again
        self.evicted: dict[int, Step] = {}  # by side number: the same, where it was
        self.names: set[str] = set()  # every name that the batch gave to something, as it is now
        self.folders: set[str] = set()  # those among them of folders that were there before, which leave as a whole
        self._look_ahead()

    def _look_ahead(self) -> None:
        for _, step, _ in self.view.steps(backwards=True):
            if step.kind in (StepKind.PLACE, StepKind.CARRY):
                now = self.now(step.to_folder, step.to_name)
                self.names.add(now)
                if not step.staged and step.original is not None and step.original.kind == Kind.FOLDER.value:
                    self.folders.add(now)
            if not step.staged and step.kind in (StepKind.PLACE, StepKind.EXCHANGE):
                self.placed[step.side] = step
            elif step.kind is StepKind.EVICT and step.side in self.placed:
                self.evicted[step.side] = step

    @property
    def ended_ns(self) -> int:
        """When the batch ended, in nanoseconds since 1970."""
        at = self.view.last.get("at")
        return int(at * 1e9) if isinstance(at, (int, float)) else 0

    @property
    def started_ns(self) -> int:
        """When the batch began, in nanoseconds since 1970."""
        return int(self.view.header.started * 1e9) if self.view.header is not None else 0

    def holds_the_same(self, held: str, known: Identity) -> bool:
        """Whether a deleted folder is put away with all that was in it, and nothing else. Raises OSError."""
        return not known.digest or self._disk.inside(held, known.read_ns) == known.digest

    def path(self, folder: int, name: str) -> str:
        """Return a path as a step has it."""
        return f"{self.view.folders[folder].path.rstrip('/')}/{name}"

    def now(self, folder: int, name: str) -> str:
        """Return the path that something has after the batch."""
        return self.path(self.view.folders[folder].after, name)

    def is_held_elsewhere(self, step: Step) -> bool:
        """Whether what a step moves came out of an attic: the batch is an undo itself."""
        return names.parse_side(step.name) is not None

    def held(self, number: int, side: int) -> str:
        """Return the path of a pre-image that left the folder with that number, "" where there is none (any more)."""
        ref = self.view.folders[number]
        for attic in self.view.attics:
            if attic.is_for(ref):
                for root in attic.roots:
                    path = f"{root}/{names.holding(self.txn)}/{names.side(self.txn, side)}"
                    if self.look(path) is not None:
                        return path
        return ""

    def pre_images(self) -> Iterator[tuple[str, Identity, str]]:
        """Yield (path of the file now, what was put away, where it rests or "") of everything that was."""
        for _, step, staged in self.view.steps():
            known = staged if step.kind is StepKind.INPLACE else step.original
            leaves = step.kind in (StepKind.EXCHANGE, StepKind.INPLACE)
            if known is not None and (leaves or (step.kind is StepKind.EVICT and step.side not in self.placed)):
                yield self.now(step.folder, step.name), known, self.held(step.to_folder, step.side)

    def look(self, path: str) -> Stat | None:
        """Stat a path; None where there is nothing, or nobody may look."""
        try:
            return self._disk.look(path)
        except OSError:
            return None

    def files(self) -> Iterator[FileEntry]:
        """Yield what was done to each file."""
        in_place: dict[tuple[int, str], Step] = {}
        for number, step, staged in self.view.steps():
            if step.kind is StepKind.INPLACE and number in self.view.done:  # by one of the seed's doors
                yield self._edited(step, self.view.done[number])
            elif step.kind is StepKind.INPLACE:
                in_place[step.folder, step.name] = step
            elif step.kind is StepKind.DRAFT:
                yield self._edited(in_place.pop((step.folder, step.name)), staged)
            elif (found := self._file(step, staged)) is not None:
                yield found

    def _file(self, step: Step, staged: Identity | None) -> FileEntry | None:
        if step.kind is StepKind.EXCHANGE:
            return self._edited(step, staged)
        if step.kind is StepKind.EVICT:
            if step.side in self.placed:
                return None
            held = self.held(step.to_folder, step.side)
            return _entry(Deed.DELETE, self.path(step.folder, step.name), "", step.original, None, held)
        to = self.now(step.to_folder, step.to_name)
        if step.staged:
            is_folder = staged is not None and staged.kind == Kind.FOLDER.value
            return _entry(Deed.FOLDER if is_folder else Deed.CREATE, to, "", None, staged)
        source = step if step.kind is StepKind.CARRY else self.evicted.get(step.side, step)
        if self.is_held_elsewhere(source):
            return _entry(Deed.CREATE, to, "", None, step.original)
        return _entry(Deed.MOVE, self.path(source.folder, source.name), to, step.original, step.original)

    def _edited(self, step: Step, after: Identity | None) -> FileEntry:
        held = self.held(step.to_folder, step.side)
        return _entry(Deed.EDIT, self.now(step.folder, step.name), "", step.original, after, held)


def _entry(
    deed: Deed, path: str, to: str, before: Identity | None, after: Identity | None, held: str = ""
) -> FileEntry:
    known = before or after
    return FileEntry(
        deed,
        known.kind if known else Kind.FILE.value,
        path,
        to,
        before.size if before else None,
        after.size if after else None,
        before.digest if before else "",
        after.digest if after else "",
        held,
    )
