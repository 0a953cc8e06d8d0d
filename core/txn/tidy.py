"""Clears away what is ours when it is no longer needed: staged content after a roll back, pre-images after a commit.

Pre-images go to the attic, where there is one, else they are removed. Each thing only while it is still what the journal
says; anything else is somebody's and is kept in sight instead.
"""

from __future__ import annotations

import errno

from core import names
from core.attic.looks import size_of
from core.attic.store import Attic
from core.fs.api import FileSystem, Handle, Kind, Stat
from core.journal import records
from core.journal.records import Identity, Step, StepKind
from core.txn.folders import Folders
from core.txn.look import NOT_EMPTY, Eyes, keep_visibly


class Tidier:
    """Clears side files away. `kept` collects the paths of what was not ours to touch; `held`: bytes put away.

    `sync_failed`: a folder could not be synced, so it must not be asked again (I11).
    """

    def __init__(self, fs: FileSystem, folders: Folders, txn: str, attic: Attic | None = None) -> None:
        self._fs = fs
        self._folders = folders
        self._txn = txn
        self._attic = attic
        self._eyes = Eyes(fs)
        self.kept: list[str] = []
        self.held = 0
        self.sync_failed = False

    def remove_staged(self, step: Step, staged: Identity | None, *, prepared: bool) -> None:
        """Remove what was staged for a step that is not (or no longer) done.

        Before PREPARED nobody knows what the side file looks like in full, and nothing was swapped: the name, which
        only this transaction uses, is proof enough. But a pre-image whose file has changed stays: a PREPARED that was
        lost may have been there, and the new content ours.
        """
        if not step.staged:
            return
        folder = self._folders.need(step.stage_folder)
        name = names.side(self._txn, step.side)
        stat = self._eyes.at(folder, name)
        if step.kind is StepKind.INPLACE:
            self._let_go(step.stage_folder, folder, step)
        if folder is None or stat is None:
            return
        if self._may_remove(step, staged, stat, prepared=prepared):
            self._remove(step.stage_folder, folder, name, stat, like=step.name or step.to_name)
        else:
            self._keep(step.stage_folder, folder, name, step.name or step.to_name)

    def _may_remove(self, step: Step, staged: Identity | None, stat: Stat, *, prepared: bool) -> bool:
        if prepared:
            return staged is not None and records.is_same_inode(stat, staged)
        if step.kind is not StepKind.INPLACE or staged is None or step.original is None:
            return True
        return records.is_same(self._eyes.at(self._folders.need(step.folder), step.name), step.original)

    def clear_original(self, step: Step, gone: set[int]) -> None:
        """Put the pre-image away that a committed step left under its side name, or remove it.

        `gone`: side numbers of evicted things that a later step placed elsewhere.
        """
        side = names.side(self._txn, step.side)
        if step.kind is StepKind.EXCHANGE:
            folder = self._folders.find_now(step.folder)
            self._clear_if(folder, step, side, step.original)
            self._clear_saved(folder, step)
        elif step.kind is StepKind.EVICT and step.side not in gone:
            folder = self._folders.find_now(step.to_folder)
            stat = self._eyes.at(folder, side)
            if folder is not None and stat is None and self._is_doomed(folder, step):
                self.remove_tree(folder, names.side(self._txn, step.side, old=True))
            elif folder is not None and stat is not None and stat.kind is Kind.FOLDER:
                self._clear_tree(step, folder, side)
            else:
                self._clear_if(folder, step, side, step.original)
        elif step.kind in (StepKind.INPLACE, StepKind.DRAFT):
            folder = self._folders.find_now(step.to_folder)
            stat = self._eyes.at(folder, side)
            if step.kind is StepKind.INPLACE:
                self._let_go(step.to_folder, folder, step)
            if folder is not None and stat is not None:
                self._clear(step, folder, side, stat, needed=step.kind is StepKind.INPLACE)

    def _clear_saved(self, folder: Handle | None, step: Step) -> None:
        """Clear the second name of the original, or the copy of it; a copy is nobody else's."""
        old = names.side(self._txn, step.side, old=True)
        stat = self._eyes.at(folder, old)
        if folder is None or stat is None:
            return
        if step.original is not None and step.original.ino and stat.ino != step.original.ino:
            self._clear(step, folder, old, stat)
        else:
            self._clear_if(folder, step, old, step.original)

    def _let_go(self, number: int, folder: Handle | None, step: Step) -> None:
        """Remove our own second name of a file that was written in place."""
        second = names.side(self._txn, step.side, old=True)
        stat = self._eyes.at(folder, second)
        if folder is None or stat is None:
            return
        if stat.nlink > 1 or (step.original is not None and step.original.ino in (0, stat.ino)):
            self._fs.unlink(folder, second)
        else:
            self._keep(number, folder, second, step.name)

    def _clear_if(self, folder: Handle | None, step: Step, name: str, known: Identity | None) -> None:
        stat = self._eyes.at(folder, name)
        if folder is None or stat is None:
            return
        if known is not None and records.is_same(stat, known):
            self._clear(step, folder, name, stat)
        else:  # a program that still had the old file open wrote into it
            self._keep(step.to_folder, folder, name, step.name)

    def _clear(self, step: Step, folder: Handle, name: str, stat: Stat, *, needed: bool = True) -> None:
        number = step.to_folder  # where it has left its pre-image
        if self._attic is None or not needed or not self._attic.is_for(number):
            self._remove(number, folder, name, stat, like=step.name)
            return
        try:
            self._attic.take(number, folder, name, names.side(self._txn, step.side))
            self.held += stat.size
        except FileExistsError:
            self._keep(number, folder, name, step.name)

    def _clear_tree(self, step: Step, folder: Handle, side: str) -> None:
        """Put a folder that was deleted away as a whole, or remove it with everything in it.

        If anything was saved in it since it left its name, it is kept in sight instead.
        """
        if step.original is not None and not self._eyes.holds_the_same(folder, side, step.original):
            self._keep(step.to_folder, folder, side, step.name)
        elif self._attic is not None and self._attic.is_for(step.to_folder):
            self.held += size_of(self._fs, folder, side)
            self._attic.take(step.to_folder, folder, side, side)
        else:
            self._doom(step, folder, side)

    def _doom(self, step: Step, folder: Handle, side: str) -> None:
        """Remove a folder under another name of ours: what a crash leaves of that one was looked at before."""
        doomed = names.side(self._txn, step.side, old=True)
        self._fs.rename(folder, side, folder, doomed)
        try:
            self._fs.sync_folder(folder)
        except OSError:
            self.sync_failed = True
            raise
        self.remove_tree(folder, doomed)

    def _is_doomed(self, folder: Handle, step: Step) -> bool:
        stat = self._eyes.at(folder, names.side(self._txn, step.side, old=True))
        return stat is not None and step.original is not None and records.is_same_inode(stat, step.original)

    def _remove(self, number: int, folder: Handle, name: str, stat: Stat, *, like: str) -> None:
        if stat.kind is not Kind.FOLDER:
            self._fs.unlink(folder, name)
            return
        try:
            self._fs.remove_folder(folder, name)
        except OSError as error:
            if error.errno not in NOT_EMPTY:
                raise
            self._keep(number, folder, name, like)

    def remove_tree(self, folder: Handle, name: str) -> None:
        """Remove a folder that was deleted by a committed batch, and everything in it."""
        remove_tree(self._fs, folder, name)

    def _keep(self, number: int, folder: Handle, name: str, like: str) -> None:
        kept = keep_visibly(self._fs, folder, name, like=like, txn=self._txn)
        self.kept.append(self._folders.path(number, kept))


def remove_tree(fs: FileSystem, folder: Handle, name: str) -> None:
    """Remove a folder and everything in it, following no symlink. Raises EXDEV where something is mounted in it."""
    inner = fs.open_subfolder(folder, name)
    try:
        if fs.fstat(inner).dev != fs.fstat(folder).dev:
            raise OSError(errno.EXDEV, "another file system is mounted here", name)
        for entry in list(fs.list(inner)):
            if fs.stat(inner, entry).kind is Kind.FOLDER:
                remove_tree(fs, inner, entry)
            else:
                fs.unlink(inner, entry)
    finally:
        fs.close(inner)
    fs.remove_folder(folder, name)
