"""Takes single steps back. The disk alone says whether a step was done: memory and order of writing prove nothing.

Every decision is made from what lies at the step's names now, so it does not matter whether the process lives, died
in the middle, or died while taking back. Whatever is neither the old nor the new thing belongs to the user: it stays.
"""

from __future__ import annotations

from core import names
from core.fs.api import FileSystem, Handle, Kind, Stat
from core.journal import records
from core.journal.records import Identity, Step, StepKind
from core.txn.folders import Folders
from core.txn.inplace import InPlace
from core.txn.look import NOT_EMPTY, Eyes, is_one_name, keep_visibly


class Undoer:
    """Takes back one step after the other, last first. `kept` and `lost` collect paths for the report."""

    def __init__(
        self,
        fs: FileSystem,
        folders: Folders,
        txn: str,
        done: dict[int, Identity | None],
        *,
        live: bool,
    ) -> None:
        self._fs = fs
        self._folders = folders
        self._txn = txn
        self._eyes = Eyes(fs)
        self._in_place = InPlace(fs, folders, txn, done, live=live)
        self.kept: list[str] = self._in_place.kept
        self.lost: list[str] = []

    def undo(self, number: int, step: Step, staged: Identity | None) -> None:
        """Take a step back if it was done; finding it undone already is fine."""
        match step.kind:
            case StepKind.EXCHANGE:
                self._exchange(step, staged)
            case StepKind.EVICT | StepKind.PLACE | StepKind.CARRY:
                self._move(step, staged)
            case StepKind.INPLACE:
                self._in_place.restore(number, step, staged)
            case StepKind.DRAFT:
                self._in_place.note_draft(step)  # it never left its side name

    def _exchange(self, step: Step, staged: Identity | None) -> None:
        folder = self._folders.handle(step.folder)
        side, old = names.side(self._txn, step.side), names.side(self._txn, step.side, old=True)
        target, beside = self._eyes.at(folder, step.name), self._eyes.at(folder, side)
        linked = self._eyes.at(folder, old)
        if linked is not None:
            self._unlink_or_replace(folder, step, staged, target, linked)
        elif self._eyes.is_unchanged(folder, step.name, target, staged):
            if beside is not None:  # the original, or what another program saved last: either way it gets its name
                self._fs.exchange(folder, side, step.name)
            else:
                self.lost.append(self._folders.path(step.folder, step.name))
        elif beside is None or (staged is not None and records.is_same_inode(beside, staged)):
            pass  # not swapped; or another program moved the original away and the side file is our own
        elif target is None:
            self._fs.rename(folder, side, folder, step.name)
        elif target.ino == beside.ino:
            self._fs.unlink(folder, side)
        else:
            self._keep(step.folder, folder, side, step.name)

    def _unlink_or_replace(
        self, folder: Handle, step: Step, staged: Identity | None, target: Stat | None, linked: Stat
    ) -> None:
        """Take back an edit by link or copy, and rename.

        Never rename one name of an inode over the other: it does nothing. A copy may have been left half made.
        """
        old = names.side(self._txn, step.side, old=True)
        is_back = target is not None and (target.ino == linked.ino or self._is_original(folder, step, target))
        if is_back or not self._is_whole(folder, old, linked, step.original):
            self._fs.unlink(folder, old)
        elif target is None:
            self._fs.rename(folder, old, folder, step.name)
        elif self._eyes.is_unchanged(folder, step.name, target, staged):
            side = names.side(self._txn, step.side)
            if not step.staged and self._eyes.at(folder, side) is None:  # an original, too, which goes back from there
                self._fs.rename(folder, step.name, folder, side)
                self._fs.rename(folder, old, folder, step.name)
            else:  # what is staged is needed no more; an original may have been linked, and not yet unlinked
                self._fs.replace(folder, old, step.name)
        else:
            self._keep(step.folder, folder, old, step.name)

    def _is_original(self, folder: Handle, step: Step, target: Stat) -> bool:
        return self._eyes.is_unchanged(folder, step.name, target, step.original)

    def _is_whole(self, folder: Handle, name: str, linked: Stat, original: Identity | None) -> bool:
        """Whether a second name, or a copy, holds all of the original."""
        if original is None or (original.ino and linked.ino == original.ino):
            return True
        if linked.size != original.size:
            return False
        return linked.mtime_ns == original.mtime_ns or self._eyes.digest(folder, name) == original.digest

    def _move(self, step: Step, staged: Identity | None) -> None:
        known = staged if step.staged else step.original
        folder, to_folder = self._folders.need(step.folder), self._folders.need(step.to_folder)
        if folder is None or to_folder is None or known is None:
            return  # a folder that the batch makes or moves is not there: nothing was moved into or out of it
        side = names.side(self._txn, step.side)
        name, to_name = step.name or side, step.to_name or side
        source, target = self._eyes.at(folder, name), self._eyes.at(to_folder, to_name)
        if not records.is_same_inode(target, known):
            return  # not done; or the user put something else there, which is the user's
        if step.staged and known.kind == Kind.FOLDER.value:
            self._remove_made(step, to_folder, to_name)
        elif step.staged and not self._eyes.is_unchanged(to_folder, to_name, target, known):
            # Somebody wrote into the file that we created: it is theirs now, so it stays.
            self.kept.append(self._folders.path(step.to_folder, to_name))
        elif source is None:
            self._fs.rename(to_folder, to_name, folder, name)
        elif target is not None and source.ino == target.ino and source.kind is not Kind.FOLDER:
            if not is_one_name(self._fs, folder, name, to_folder, to_name):  # a move that a power cut left with both
                self._fs.sync_folder(folder)  # an earlier try to put it back may have made that name just now
                self._fs.unlink(to_folder, to_name)
        elif not step.to_name:
            self._keep(step.to_folder, to_folder, to_name, name)
        else:
            self.kept.append(self._folders.path(step.to_folder, to_name))

    def _remove_made(self, step: Step, folder: Handle, name: str) -> None:
        """Remove a folder that the batch has made, in its place: then nothing can get into it on the way."""
        try:
            self._fs.remove_folder(folder, name)
        except OSError as error:
            if error.errno not in NOT_EMPTY:
                raise
            self.kept.append(self._folders.path(step.to_folder, name))
        else:
            self._folders.forget()  # one handle may be that folder's; to sync what is gone is refused on some FUSE

    def _keep(self, number: int, folder: Handle, name: str, like: str) -> None:
        kept = keep_visibly(self._fs, folder, name, like=like, txn=self._txn)
        self.kept.append(self._folders.path(number, kept))
