"""Files that are changed in place, because a callable of the seed's doors demands it.

A synced pre-image lies under the side name before the callable runs. Roll back writes it into the same inode, so hard
links survive. After a crash, content that differs and was never recorded as done may be half of ours or all of
somebody's: it is kept in sight before the pre-image is written over it.
"""

from __future__ import annotations

from core import names
from core.fs.api import FileSystem, Handle, Kind, Stat
from core.journal import records
from core.journal.records import Identity, Step
from core.txn.folders import Folders
from core.txn.look import Eyes, keep_visibly


class InPlace:
    """Restores single files from their pre-images."""

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
        self._done = done
        self._live = live
        self._eyes = Eyes(fs)
        self.kept: list[str] = []

    def restore(self, number: int, step: Step, pre_image: Identity | None) -> None:
        """Bring the file back to its pre-image, or away if there was none."""
        if step.original is None and self._folders.find(step.folder) is None:
            return  # its folder was never made
        folder = self._folders.handle(step.folder)
        target = self._eyes.at(folder, step.name)
        ours = self._live or (
            number in self._done and self._eyes.is_unchanged(folder, step.name, target, self._done[number])
        )
        if step.original is None or pre_image is None:
            self._remove(step, folder, target, ours=ours)
            return
        if records.is_same_inode(target, pre_image):
            return  # brought back by name, in an earlier try
        if target is not None and self._is_untouched(folder, step, target, pre_image):
            self._copy_into(folder, names.side(self._txn, step.side), step.name, content=False)
            return
        if target is not None and not ours:
            self._keep_copy(step, folder, target)
        self._bring_back(step, folder, target, pre_image)

    def _is_untouched(self, folder: Handle, step: Step, target: Stat, pre_image: Identity) -> bool:
        """Whether the content is still the original's; read, since a callable may write within one tick of the clock."""
        if step.original is None or not records.is_same(target, step.original):
            return False
        return target.kind is Kind.SYMLINK or self._eyes.digest(folder, step.name) == pre_image.digest

    def _remove(self, step: Step, folder: Handle, target: Stat | None, *, ours: bool) -> None:
        if target is None:
            return
        if target.kind is Kind.FOLDER:
            try:
                self._fs.remove_folder(folder, step.name)
            except OSError:  # not empty: what is in it was made by somebody else
                self.kept.append(self._folders.path(step.folder, step.name))
            return
        if ours:
            self._fs.unlink(folder, step.name)
            return
        kept = keep_visibly(self._fs, folder, step.name, like=step.name, txn=self._txn)
        self.kept.append(self._folders.path(step.folder, kept))

    def _bring_back(self, step: Step, folder: Handle, target: Stat | None, pre_image: Identity) -> None:
        side = names.side(self._txn, step.side)
        if self._eyes.at(folder, side) is None:
            return  # brought back by name already, in an earlier try
        if target is None:
            self._fs.rename(folder, side, folder, step.name)
            return
        if step.original is not None and records.is_same_inode(target, step.original):
            self._copy_into(folder, side, step.name, content=True)
            return
        # The callable replaced the file; its product goes and the pre-image takes the name.
        if target.kind in (Kind.FILE, Kind.SYMLINK):
            self._fs.replace(folder, side, step.name)
        else:
            kept = keep_visibly(self._fs, folder, step.name, like=step.name, txn=self._txn)
            self.kept.append(self._folders.path(step.folder, kept))
            self._fs.rename(folder, side, folder, step.name)

    def _copy_into(self, folder: Handle, side: str, name: str, *, content: bool) -> None:
        """Write the pre-image into the inode that has the name: content if told, and metadata."""
        if self._eyes.at(folder, side) is None or self._is_symlink(folder, side):
            return
        source = self._fs.open(folder, side)
        try:
            try:
                target = self._fs.open(folder, name, write=content)
            except PermissionError:  # it was made read-only meanwhile: the content matters more than the inode
                self._fs.replace(folder, side, name)
                return
            self._copy(source, target, content=content)
        finally:
            self._fs.close(source)

    def _copy(self, source: Handle, target: Handle, *, content: bool) -> None:
        try:
            if content:
                self._fs.truncate(target, 0)
                self._fs.copy_content(source, target)
            self._fs.copy_metadata(source, target, times=True)
            self._fs.sync_file(target)
        finally:
            self._fs.close(target)

    def _is_symlink(self, folder: Handle, name: str) -> bool:
        stat = self._eyes.at(folder, name)
        return stat is not None and stat.kind is Kind.SYMLINK

    def _keep_copy(self, step: Step, folder: Handle, target: Stat) -> None:
        """Copy the present content to a visible name, once; a second try after a crash finds it there."""
        kept = names.visible(step.name, self._txn, 1)
        self.kept.append(self._folders.path(step.folder, kept))
        if target.kind is not Kind.FILE or self._eyes.at(folder, kept) is not None:
            return
        source = self._fs.open(folder, step.name)
        try:
            copy = self._fs.create(folder, kept, 0o600)
            try:
                self._fs.copy_content(source, copy)
                self._fs.copy_metadata(source, copy, times=True)
                self._fs.sync_file(copy)
            finally:
                self._fs.close(copy)
        finally:
            self._fs.close(source)
        self._fs.sync_folder(folder)
