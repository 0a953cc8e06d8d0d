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
from core.txn.look import Eyes
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
            if not _is_done(fs, folders, step, staged):
                swapper.do(number, step, staged)
        ending = Ending(home, handle, view, Meter(), live=False, folders=folders)
        barrier.flush(ending.touched())
        writer.commit_to({"t": Type.COMMIT, "at": time.time()})
        view.catch_up()
    finally:
        barrier.close()
        folders.forget()


def _is_done(fs: FileSystem, folders: Folders, step: Step, staged: Identity | None) -> bool:
    known = staged if step.staged or step.kind is StepKind.EXCHANGE else step.original
    if known is None:
        return False
    if step.kind is StepKind.EXCHANGE:
        return records.is_same_inode(Eyes(fs).at(folders.find(step.folder), step.name), known)
    name = step.name
    source = Eyes(fs).at(folders.find(step.folder), name) if name else None
    return not records.is_same_inode(source, known) if name else _is_placed(fs, folders, step, known)


def _is_placed(fs: FileSystem, folders: Folders, step: Step, known: Identity) -> bool:
    return records.is_same_inode(Eyes(fs).at(folders.find(step.to_folder), step.to_name), known)
