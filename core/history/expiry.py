"""Dropping previous versions that are too old, or too many: the oldest first, what is pinned never.

It is said before it is done (I10): a mark beside the entry is durable before the first pre-image goes. What another
program wrote into one after it was put away is nobody's previous version but somebody's newest save: it gets a name in
sight first, beside the file that it was.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from core import names
from core.attic.store import remove_root
from core.errors import Busy, HoldfastError, JournalDamaged
from core.fs.api import FileSystem, Kind
from core.history import Entry, Expired, Limits, State
from core.history.drift import Differ
from core.history.entries import History
from core.history.track import Track, track
from core.journal import records
from core.journal.home import Home
from core.journal.records import Identity
from core.plan.evaluate import evaluate
from core.plan.fold import PlanScript
from core.plan.operations import Move
from core.progress import CancelToken, Meter
from core.txn.lock import FolderLocks
from core.txn.run import Committed, run
from core.txn.tidy import remove_tree


def expire(home: Home, limits: Limits, *, dry: bool) -> list[Expired]:
    """Drop what is beyond the limits, and what an earlier try has left half dropped; `dry`: only say what."""
    history = History(home)
    return [due if dry else _drop(home, history, due) for due in _due(home, history, limits)]


def _due(home: Home, history: History, limits: Limits) -> list[Expired]:
    """Return what is beyond the limits, newest first."""
    now, total, due = time.time(), 0, []
    newest = True
    for entry in history.entries():
        if not entry.ended or not history.roots(entry.txn) or not _holds(home.fs, history, entry):
            continue
        held = history.held(entry.txn) if entry.state is State.APPLIED else 0
        total += held
        too_old = bool(limits.age) and now - entry.ended > limits.age
        too_many = bool(limits.size) and total > limits.size and not newest
        newest = False
        if home.is_expired(entry.txn) or ((too_old or too_many) and not entry.is_pinned):
            total -= held
            due.append(Expired(entry.txn, entry.name, entry.started, held, too_old))
    return due


def _holds(fs: FileSystem, history: History, entry: Entry) -> bool:
    for root in history.roots(entry.txn):
        try:
            fs.close(fs.open_folder(f"{root}/{names.holding(entry.txn)}"))
        except OSError:
            continue
        return True
    return False


def _drop(home: Home, history: History, due: Expired) -> Expired:
    """Drop the pre-images of one batch; while an undo uses them, or where the disk refuses, they stay for another time."""
    locks = FolderLocks(home.fs)
    folders = [f"{root}/{names.holding(due.txn)}" for root in history.roots(due.txn)]
    try:
        kept = _bring_out(home, due)
        locks.acquire(folders, CancelToken(), wait=False)
        home.mark_expired(due.txn)
        for root in history.roots(due.txn):
            _remove(home.fs, root, names.holding(due.txn))
    except Busy:
        return replace(due, failed=((folders[0], os.strerror(errno.EBUSY)),))
    except JournalDamaged:
        return replace(due, failed=((folders[0], "its record is damaged"),))
    except (OSError, HoldfastError) as error:
        return replace(due, failed=((str(getattr(error, "filename", "") or folders[0]), str(error)),))
    finally:
        locks.release()
    return replace(due, kept=kept)


def _bring_out(home: Home, due: Expired) -> tuple[str, ...]:
    """Give what was written after it was put away a name in sight, as a batch; return those names."""
    with track(home, due.txn) as steps:
        is_begun = home.is_expired(due.txn)
        late = [(held, _in_sight(steps, due.txn, path)) for path, held in _written_late(steps, is_begun=is_begun)]
    if not late:
        return ()
    plan = evaluate(home.fs, [Move(held, kept) for held, kept in late], name=due.name)
    try:
        outcome = run(home, PlanScript(home.fs, plan), Meter(), CancelToken()) if not plan.problems else None
    finally:
        plan.close()
    if not isinstance(outcome, Committed):
        raise OSError(errno.EBUSY, "what a program wrote into a previous version cannot be brought out", late[0][1])
    return tuple(kept for _, kept in late)


def _written_late(steps: Track, *, is_begun: bool) -> Iterator[tuple[str, str]]:
    """Yield (path of the file, where its pre-image rests) of everything that is not what was put away any more.

    `is_begun`: some of it may be dropped already, so what is missing in a folder says nothing.
    """
    for path, known, held in steps.pre_images():
        stat = steps.look(held) if held else None
        if stat is None:
            continue
        if stat.kind is Kind.FOLDER:
            yield from _changed_in(steps, path, held, known, is_begun=is_begun)
        elif not records.is_same(stat, known._replace(ino=0)):
            yield path, held


def _changed_in(steps: Track, path: str, held: str, known: Identity, *, is_begun: bool) -> Iterator[tuple[str, str]]:
    """Do the same for a folder: the files that were written, else all of it where something else is not as it was."""
    if not known.digest:  # put away by a version that did not look into it
        yield from _written_in(steps, path, held, steps.ended_ns)
        return
    if is_begun:
        yield from _written_in(steps, path, held, steps.started_ns)
    elif not steps.holds_the_same(held, known):
        yield from list(_written_in(steps, path, held, steps.started_ns)) or [(path, held)]


def _written_in(steps: Track, path: str, held: str, since_ns: int) -> Iterator[tuple[str, str]]:
    """Do the same for a folder, of whose files nothing is known but when the batch ended."""
    for name in Differ(steps).entries(held) or ():
        stat = steps.look(f"{held}/{name}")
        if stat is None:
            continue
        if stat.kind is Kind.FOLDER:
            yield from _written_in(steps, f"{path}/{name}", f"{held}/{name}", since_ns)
        elif stat.kind is Kind.FILE and stat.mtime_ns > since_ns:
            yield f"{path}/{name}", f"{held}/{name}"


def _in_sight(steps: Track, txn: str, path: str) -> str:
    """Return a free name that a person can find, beside where a file was, or in the nearest folder above."""
    folder, name = os.path.split(path)
    while (stat := steps.look(folder)) is None or stat.kind is not Kind.FOLDER:
        folder = os.path.dirname(folder)
    free = (f"{folder.rstrip('/')}/{names.visible(name, txn, attempt)}" for attempt in count(1))
    return next(one for one in free if steps.look(one) is None)


def _remove(fs: FileSystem, root: str, name: str) -> None:
    try:
        handle = fs.open_folder(root)
    except FileNotFoundError:
        return
    try:
        with contextlib.suppress(FileNotFoundError):
            remove_tree(fs, handle, name)
        fs.sync_folder(handle)
    finally:
        fs.close(handle)
    remove_root(fs, root)
