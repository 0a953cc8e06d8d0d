"""Files that are changed in place: a callable of the seed's doors demands it, or all their hard links are to be kept.

A synced pre-image lies under the side name before the first byte is written. Roll back writes it into the same inode,
so hard links survive. After a crash, content that differs may be half of ours or all of somebody's:

* where a draft lies beside it, that one tells. What is a part of the draft is ours, anything else is a user's newest
  save: it stays, and the pre-image is kept in sight;
* foreign code has no draft. What was never recorded as done is kept in sight before the pre-image is written over it.
"""

from __future__ import annotations

from core import names
from core.errors import Conflict
from core.fs.api import FileSystem, Handle, Kind, Stat
from core.journal import records
from core.journal.records import Identity, Step
from core.txn.folders import Folders
from core.txn.look import NO_LINKS, NOT_EMPTY, Eyes, copy_durably, keep_visibly

_BLOCK = 4096  # what a power cut has left of a write is whole blocks, and zeros where one never arrived


def overwrite(fs: FileSystem, folder: Handle, beside: Handle, step: Step, txn: str, pre_image: int) -> None:
    """Write a draft into the file that has the step's name, content and metadata, and make it durable.

    `beside` is the folder of the side files, `pre_image` a side number. Where another file has taken the name meanwhile,
    the pre-image is written back at once, for the sake of the names that the file still has; a second name of ours is
    for the case that we die before that.

    Raises:
        Conflict: the file is not the one that was previewed; or another one took its name while it was written.
        OSError: the disk refuses. The file may hold a part of the draft.
    """
    eyes = Eyes(fs)
    target = fs.open(folder, step.name, write=True)
    try:
        if not eyes.is_unchanged(folder, step.name, fs.fstat(target), step.original):
            raise Conflict
        _hold(fs, folder, step.name, target, beside, names.side(txn, pre_image, old=True))
        try:
            _write_from(fs, beside, names.side(txn, step.side), target)
        finally:
            now = eyes.at(folder, step.name)
            is_replaced = now is None or now.ino != fs.fstat(target).ino
            if is_replaced:
                _write_from(fs, beside, names.side(txn, pre_image), target)
        if is_replaced:
            raise Conflict
    finally:
        fs.close(target)


def _hold(fs: FileSystem, folder: Handle, name: str, target: Handle, beside: Handle, second: str) -> None:
    """Give a file that has other names one of ours, by which recovery finds it whatever becomes of the one we know.

    Where that cannot be, a save by renaming that is followed by our death before we notice it leaves the other names with
    the new content.
    """
    if fs.fstat(target).nlink < 2:
        return
    try:
        fs.link(folder, name, beside, second)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        return
    if fs.stat(beside, second).ino != fs.fstat(target).ino:
        raise Conflict
    fs.sync_folder(beside)


def _write_from(fs: FileSystem, folder: Handle, side: str, target: Handle, *, content: bool = True) -> None:
    """Write a side file into an open file, content if told, and metadata, and make it durable."""
    source = fs.open(folder, side)
    try:
        if content:
            fs.truncate(target, 0)
            fs.copy_content(source, target)
        fs.copy_metadata(source, target, times=True, owner=False)
        fs.sync_file(target)
    finally:
        fs.close(source)


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
        self._drafts: dict[tuple[int, str], int] = {}  # side number, by (folder number, name)
        self.kept: list[str] = []

    def note_draft(self, step: Step) -> None:
        """Remember that a draft was to be written into a file; called before that file is restored."""
        self._drafts[step.folder, step.name] = step.side

    def restore(self, number: int, step: Step, pre_image: Identity | None) -> None:
        """Bring the file back to its pre-image, or away if there was none."""
        if step.original is None and self._folders.need(step.folder) is None:
            return  # its folder was never made
        folder = self._folders.handle(step.folder)
        target = self._eyes.at(folder, step.name)
        ours = self._is_ours(number, step, folder, target)
        if step.original is None or pre_image is None:
            self._remove(step, folder, target, ours=ours)
            return
        if not _is_apart(step) and records.is_same_inode(target, pre_image):
            return  # brought back by name, in an earlier try
        if not _is_file_of(target, step):
            self._restore_other_names(step)
        if target is not None and self._is_untouched(folder, step, target, pre_image):
            self._copy_into(step, folder, step.name, content=False)
            return
        if not ours and (step.folder, step.name) in self._drafts:
            self._keep_pre_image(step)
            return
        if target is not None and not ours:
            self._keep_copy(step, folder, target)
        self._bring_back(step, folder, target, pre_image)

    def _is_ours(self, number: int, step: Step, folder: Handle, target: Stat | None) -> bool:
        """Whether nothing of what the file holds now was written by another program."""
        draft = self._drafts.get((step.folder, step.name))
        if draft is None:
            done = number in self._done
            if self._live or (done and self._eyes.is_unchanged(folder, step.name, target, self._done[number])):
                return True
        if target is None or target.kind is not Kind.FILE or not _is_file_of(target, step):
            return False
        return self._holds_ours(step, folder, step.name)

    def _holds_ours(self, step: Step, folder: Handle, name: str) -> bool:
        """Whether a name of the file that the step wrote into shows nothing but what we have written."""
        draft = self._drafts.get((step.folder, step.name))
        # A part of the pre-image is what an earlier try to bring it back has left.
        sides = [names.side(self._txn, side) for side in (draft, step.side) if side is not None]
        beside = self._folders.handle(step.to_folder)
        return any(self._is_part(folder, name, beside, side) for side in sides)

    def _restore_other_names(self, step: Step) -> None:
        """Bring the file back through our own name of it: another file has taken, or nothing has, the one it had."""
        beside, second = self._folders.handle(step.to_folder), names.side(self._txn, step.side, old=True)
        if _is_file_of(self._eyes.at(beside, second), step) and self._holds_ours(step, beside, second):
            self._copy_into(step, beside, second, content=True)

    def _is_part(self, folder: Handle, name: str, beside: Handle, draft: str) -> bool:
        """Whether a file begins as the draft does, and ends there or holds nothing but zeros."""
        if self._eyes.at(beside, draft) is None:
            return False
        ours = self._fs.open(beside, draft)
        try:
            theirs = self._fs.open(folder, name)
            try:
                while block := self._fs.read(theirs, _BLOCK):
                    if block != self._fs.read(ours, _BLOCK)[: len(block)] and block.strip(b"\0"):
                        return False
                return True
            finally:
                self._fs.close(theirs)
        finally:
            self._fs.close(ours)

    def _keep_pre_image(self, step: Step) -> None:
        side, beside = names.side(self._txn, step.side), self._folders.handle(step.to_folder)
        if self._eyes.at(beside, side) is not None:
            kept = keep_visibly(self._fs, beside, side, like=step.name, txn=self._txn)
            self.kept.append(self._folders.path(step.to_folder, kept))

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
            except OSError as error:
                if error.errno not in NOT_EMPTY:
                    raise
                self.kept.append(self._folders.path(step.folder, step.name))
            return
        if ours:
            self._fs.unlink(folder, step.name)
            return
        kept = keep_visibly(self._fs, folder, step.name, like=step.name, txn=self._txn)
        self.kept.append(self._folders.path(step.folder, kept))

    def _bring_back(self, step: Step, folder: Handle, target: Stat | None, pre_image: Identity) -> None:
        side = names.side(self._txn, step.side)
        if self._eyes.at(self._folders.handle(step.to_folder), side) is None:
            return  # brought back by name already, in an earlier try
        if _is_file_of(target, step):
            self._copy_into(step, folder, step.name, content=True)
            return
        if _is_apart(step):
            self._keep_pre_image(step)
            return
        if target is None:
            self._fs.rename(folder, side, folder, step.name)
            return
        # The callable replaced the file; its product goes and the pre-image takes the name.
        if target.kind in (Kind.FILE, Kind.SYMLINK):
            self._fs.replace(folder, side, step.name)
        else:
            kept = keep_visibly(self._fs, folder, step.name, like=step.name, txn=self._txn)
            self.kept.append(self._folders.path(step.folder, kept))
            self._fs.rename(folder, side, folder, step.name)

    def _copy_into(self, step: Step, folder: Handle, name: str, *, content: bool) -> None:
        """Write the pre-image into the inode that has the name: content if told, and metadata."""
        side, beside = names.side(self._txn, step.side), self._folders.handle(step.to_folder)
        if self._eyes.at(beside, side) is None or self._is_symlink(beside, side):
            return
        try:
            target = self._fs.open(folder, name, write=content)
        except PermissionError:  # it was made read-only meanwhile: the content matters more than the inode
            if _is_apart(step):
                raise
            self._fs.replace(folder, side, name)
            return
        try:
            _write_from(self._fs, beside, side, target, content=content)
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
        copy_durably(self._fs, folder, step.name, kept)


def _is_apart(step: Step) -> bool:
    """Whether the side files lie in another folder than the file, from which nothing can be renamed to it."""
    return step.to_folder != step.folder


def _is_file_of(target: Stat | None, step: Step) -> bool:
    """Whether it is the file that the step wrote into, whatever its content; where inodes do not last, any file is."""
    if target is None or step.original is None or target.kind.value != step.original.kind:
        return False
    return not step.original.ino or target.ino == step.original.ino
