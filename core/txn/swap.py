"""Step 3 of the protocol: names change. Every step verifies what came out *after* it moved it.

A check before a rename can always be overtaken by another program; what came out under our side name cannot. If it is
not the file that was previewed, it goes back where it was, and the batch ends as a conflict: a true compare-and-swap.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from core import names
from core.errors import Conflict
from core.fs.api import FileSystem, Handle, Stat
from core.journal import records
from core.journal.reader import Chunk
from core.journal.records import Identity, Step, StepKind
from core.progress import CancelToken, Meter
from core.txn import inplace
from core.txn.folders import Folders
from core.txn.look import NO_LINKS, Eyes, copy_durably, keep_visibly

_NO_EXCHANGE = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTTY})


class Swapped(NamedTuple):
    """How many steps were done, and the paths of what had to be kept in sight."""

    steps: int
    kept: Sequence[str] = ()


class Swapper:
    """Does one step after the other. `kept` collects the paths of files that had to be kept under a visible name.

    `moved` is the number of the last move (a step without an exchange) that was made, as far as is known; -1 for none.
    `begun` is the number of the last step that was begun.
    """

    def __init__(self, fs: FileSystem, folders: Folders, txn: str) -> None:
        self._fs = fs
        self._folders = folders
        self._txn = txn
        self._eyes = Eyes(fs)
        self._pre_images: dict[tuple[int, str], int] = {}  # side number, by (folder number, name)
        self.kept: list[str] = []
        self.moved = self.begun = -1

    def demand_original(self, step: Step) -> None:
        """Raise `Conflict` if what a step will move is not at its name (any more)."""
        if step.kind in (StepKind.EVICT, StepKind.CARRY) and step.original is not None:
            stat = self._eyes.at(self._folders.handle(step.folder), step.name)
            if not records.is_same_inode(stat, step.original):
                raise self._conflict(step)

    def run(self, chunks: Iterable[Chunk], meter: Meter, token: CancelToken) -> Iterator[Swapped]:
        """Do the steps of some chunks; yield after each how far that went, and what had to be kept in sight.

        Raises what `do` does, and `Cancelled` between two steps.
        """
        try:
            for first, steps, staged in chunks:
                for number, (step, identity) in enumerate(zip(steps, staged, strict=True), first):
                    token.check()
                    meter.path = step.name or step.to_name
                    self.do(number, step, identity)
                    meter.files_done += 1
                yield Swapped(len(steps))
        except Conflict:
            yield Swapped(0, self.kept)
            raise

    def do(self, number: int, step: Step, staged: Identity | None) -> None:
        """Do the step with that number.

        Raises:
            Conflict: the file is not the one that was previewed, or a name that should be free is taken.
            OSError: the disk refuses; the step is not done.
        """
        self.begun = number
        match step.kind:
            case StepKind.EXCHANGE:
                self._exchange(step, staged)
            case StepKind.EVICT | StepKind.PLACE | StepKind.CARRY:
                self._move(number, step, staged)
            case StepKind.DRAFT:
                self._overwrite(step)
            case StepKind.INPLACE:
                # Its pre-image is there; what writes into it is a draft, or a callable of the seed's doors.
                self._pre_images[step.folder, step.name] = step.side

    def _overwrite(self, step: Step) -> None:
        pre_image = self._pre_images.pop((step.folder, step.name))
        try:
            folder, beside = self._folders.handle(step.folder), self._folders.handle(step.to_folder)
            inplace.overwrite(self._fs, folder, beside, step, self._txn, pre_image)
        except (FileNotFoundError, Conflict) as error:
            raise self._conflict(step) from error

    def _exchange(self, step: Step, staged: Identity | None) -> None:
        folder = self._folders.handle(step.folder)
        side = names.side(self._txn, step.side)
        otherwise = self._save_and_replace if step.staged else self._make_way
        if not self._folders.may_exchange(step.folder):
            otherwise(folder, side, step)
            return
        try:
            self._fs.exchange(folder, side, step.name)
        except FileNotFoundError as error:
            raise self._conflict(step) from error
        except OSError as error:
            if error.errno not in _NO_EXCHANGE:
                raise
            otherwise(folder, side, step)
            return
        if self._came_out(folder, side, step.original):
            return
        self._exchange_back(folder, side, step, staged)
        raise self._conflict(step)

    def _exchange_back(self, folder: Handle, side: str, step: Step, staged: Identity | None) -> None:
        self._fs.exchange(folder, side, step.name)
        now = self._eyes.at(folder, side)
        if staged is not None and records.is_same(now, staged):
            return
        # Yet another save replaced our content in between: it is the newest, so it gets the name, and the save
        # before it stays in sight.
        self._fs.exchange(folder, side, step.name)
        kept = keep_visibly(self._fs, folder, side, like=step.name, txn=self._txn)
        self.kept.append(self._folders.path(step.folder, kept))

    def _save_and_replace(self, folder: Handle, side: str, step: Step) -> None:
        """Edit where exchange is missing: a second name or a copy holds the original, then rename replaces it.

        What another program renames into place between the check and the rename is lost to us: the window that
        `doctor` names for such folders.
        """
        old = names.side(self._txn, step.side, old=True)
        if not self._came_out(folder, step.name, step.original):
            raise self._conflict(step)
        with contextlib.suppress(FileNotFoundError):
            self._fs.unlink(folder, old)  # what an interrupted try to finish this batch has left
        looked_at = old
        try:
            self._fs.link(folder, step.name, folder, old)
        except FileNotFoundError as error:
            raise self._conflict(step) from error
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            copy_durably(self._fs, folder, step.name, old)
            looked_at = step.name  # a copy does not show what it is a copy of
        if not self._came_out(folder, looked_at, step.original):
            self._fs.unlink(folder, old)
            raise self._conflict(step)
        self._fs.replace(folder, side, step.name)

    def _make_way(self, folder: Handle, side: str, step: Step) -> None:
        """Exchange two originals where there is no exchange: for a moment the name is free. Neither is ever replaced."""
        old = names.side(self._txn, step.side, old=True)
        try:
            self._fs.rename(folder, step.name, folder, old)
            if not self._came_out(folder, old, step.original):
                self._fs.rename(folder, old, folder, step.name)
                raise self._conflict(step)
            self._fs.rename(folder, side, folder, step.name)
        except (FileNotFoundError, FileExistsError) as error:
            raise self._conflict(step) from error

    def _move(self, number: int, step: Step, staged: Identity | None) -> None:
        side = names.side(self._txn, step.side)
        name, to_name = step.name or side, step.to_name or side
        folder = self._folders.handle(step.folder)
        to_folder = self._folders.handle(step.to_folder)
        before, self.moved = (
            self.moved,
            number,
        )  # first: whatever else ends the call, the disk tells whether it was done
        try:
            self._fs.rename(folder, name, to_folder, to_name)
        except (FileNotFoundError, FileExistsError) as error:
            self.moved = before
            raise self._conflict(step) from error
        known = staged if step.staged else step.original
        if step.kind is StepKind.PLACE or self._came_out(to_folder, to_name, known):
            return
        try:
            self._fs.rename(to_folder, to_name, folder, name)
        except FileExistsError:
            kept = to_name
            if not step.to_name:
                kept = keep_visibly(self._fs, to_folder, to_name, like=step.name, txn=self._txn)
            self.kept.append(self._folders.path(step.to_folder, kept))
        raise self._conflict(step)

    def _came_out(self, folder: Handle, name: str, known: Identity | None) -> bool:
        stat: Stat | None = self._eyes.at(folder, name)
        return self._eyes.is_unchanged(folder, name, stat, known)

    def _conflict(self, step: Step) -> Conflict:
        number, name = (step.folder, step.name) if step.name else (step.to_folder, step.to_name)
        return Conflict(path=self._folders.path(number, name))
