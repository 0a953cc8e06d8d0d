"""Finishing an interrupted batch instead of putting it back: only when the user asks and nothing stands against it."""

from __future__ import annotations

import time

from core import names
from core.errors import HoldfastError
from core.fs.api import FileSystem, Handle, Kind
from core.journal import records
from core.journal.home import Home
from core.journal.reader import View
from core.journal.records import Identity, Step, StepKind, Type
from core.journal.writer import Writer
from core.progress import Meter
from core.txn.barrier import Barrier
from core.txn.ending import Ending
from core.txn.folders import Folders
from core.txn.look import Eyes, is_one_name
from core.txn.swap import Swapper


def is_ready_to_finish(home: Home, view: View) -> bool:
    """Whether every staged digest verifies now, nothing was in place, and nothing conflicts."""
    folders = Folders(home.fs, view.folders)
    try:
        return all(
            step.kind not in (StepKind.INPLACE, StepKind.DRAFT)
            and (not step.staged or _verifies(home.fs, folders, view, step, staged))
            for _, step, staged in view.steps()
        )
    except (OSError, HoldfastError):
        return False
    finally:
        folders.forget()


def _verifies(fs: FileSystem, folders: Folders, view: View, step: Step, staged: Identity | None) -> bool:
    """Find the staged thing under its side name or already in place, and read all of it."""
    assert view.header is not None
    if staged is None:
        return False
    eyes = Eyes(fs)
    spots = [
        (folders.find(step.stage_folder), names.side(view.header.txn, step.side)),
        (folders.find(step.to_folder), step.to_name or step.name),
    ]
    for folder, name in spots:
        stat = eyes.at(folder, name)
        if folder is not None and records.is_same(stat, staged):
            return staged.kind != Kind.FILE.value or eyes.digest(folder, name) == staged.digest
    return False


def roll_forward(home: Home, handle: Handle, view: View) -> None:
    """Do the steps that are not done yet, then COMMIT. FORWARD is durable before the first of them.

    Raises:
        Conflict: a file changed meanwhile; the journal still allows putting everything back.
        OSError: the disk refuses; the same holds.
    """
    assert view.header is not None
    fs = home.fs
    folders = Folders(fs, view.folders)
    barrier = Barrier(fs, folders, view.header.files)
    try:
        barrier.flush(sorted(view.outline.resting))
        fs.truncate(handle, view.end)
        fs.seek(handle, view.end)
        writer = Writer(fs, handle, position=view.end, sequence=view.sequence)
        writer.commit_to({"t": Type.FORWARD})
        swapper = Swapper(fs, folders, view.header.txn)
        for number, step, staged in view.steps():
            _take_old_name(fs, folders, view.header.txn, step, staged)
            if not _is_done(fs, folders, step, staged):
                swapper.do(number, step, staged)
        ending = Ending(home, handle, view, Meter(), live=False, folders=folders)
        barrier.flush(ending.touched())
        writer.commit_to({"t": Type.COMMIT, "at": time.time()})
        view.catch_up()
    finally:
        barrier.close()
        folders.forget()


def _take_old_name(fs: FileSystem, folders: Folders, txn: str, step: Step, staged: Identity | None) -> None:
    """Take the old name from a file that has both: a move that a power cut, or a death before its unlink, left half done.

    The old name is looked for wherever its folder is now, since a folder moves after what leaves it.
    """
    known = _known(step, staged)
    folder = folders.find_now(step.folder)
    to_folder = folder if step.kind is StepKind.EXCHANGE else folders.find_now(step.to_folder)
    if known is None or known.kind == Kind.FOLDER.value or folder is None or to_folder is None:
        return
    side = names.side(txn, step.side)
    name, to_name = step.name or side, step.to_name or side
    if step.kind is StepKind.EXCHANGE:
        name, to_name = side, step.name
    eyes = Eyes(fs)
    old, new = eyes.at(folder, name), eyes.at(to_folder, to_name)
    has_both = old is not None and new is not None and old.ino == new.ino and records.is_same_inode(new, known)
    if has_both and not is_one_name(fs, folder, name, to_folder, to_name):
        fs.sync_folder(to_folder)  # else the next power cut might take the new name, too
        fs.unlink(folder, name)


def _known(step: Step, staged: Identity | None) -> Identity | None:
    """Return what is to have the new name."""
    return staged if step.staged or step.kind is StepKind.EXCHANGE else step.original


def _is_done(fs: FileSystem, folders: Folders, step: Step, staged: Identity | None) -> bool:
    known = _known(step, staged)
    if known is None:
        return False
    if step.kind is StepKind.EXCHANGE:
        return records.is_same_inode(Eyes(fs).at(folders.find(step.folder), step.name), known)
    name = step.name
    source = Eyes(fs).at(folders.find(step.folder), name) if name else None
    return not records.is_same_inode(source, known) if name else _is_placed(fs, folders, step, known)


def _is_placed(fs: FileSystem, folders: Folders, step: Step, known: Identity) -> bool:
    return records.is_same_inode(Eyes(fs).at(folders.find(step.to_folder), step.to_name), known)
