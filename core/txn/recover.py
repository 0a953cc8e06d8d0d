"""Puts right what a crash left: finds abandoned journals and ends them with the same routine as a live roll back.

A journal whose lock is held belongs to a living engine and is left alone. One from another machine, or whose folders
are not here or not the same, is kept as it is: nothing may be concluded from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.errors import Busy, Elsewhere, HoldfastError, JournalBusy, JournalDamaged, JournalNewer
from core.fs import places
from core.fs.api import Handle, Kind
from core.journal import records
from core.journal.home import Home
from core.journal.reader import State, View
from core.journal.records import Type
from core.progress import CancelToken, Meter, Phase
from core.txn.ending import Ending, Report
from core.txn.folders import Folders
from core.txn.forward import is_ready_to_finish, roll_forward
from core.txn.lock import FolderLocks
from core.txn.look import Eyes
from core.txn.pending import Pending
from core.txn.untouched import demand_untouched

_PATHS_SHOWN = 200


class How(StrEnum):
    """What to do with an abandoned batch."""

    PUT_BACK = "put_back"
    PUT_BACK_HERE = "put_back_here"  # without the folders that are not here: a person knows that they are gone for good
    FINISH = "finish"


class Result(StrEnum):
    """What became of it."""

    PUT_BACK = "put_back"
    FINISHED = "finished"
    BUSY = "busy"
    UNKNOWN = "unknown"
    NEEDS_ATTENTION = "needs_attention"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was done about one journal. `code` names why not, where it was not."""

    txn: str
    result: Result
    files: int = 0
    kept: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    code: str = ""


_STATE_WORDS = {
    State.BEGINNING: "preparing",
    State.PREPARING: "preparing",
    State.SWITCHING: "switching",
    State.COMMITTED: "finishing",
    State.ABORTED: "putting_back",
    State.ENDED: "finishing",
}


def pending(home: Home) -> Iterator[Pending]:
    """Yield every unresolved batch, reading only."""
    for txn in home.unresolved():
        try:
            handle = home.peek(txn)
        except FileNotFoundError:
            continue
        except (OSError, HoldfastError):
            yield Pending(txn, "", 0.0, "unreadable", 0, 0, alive=False, foreign=True, folders=(), paths=())
            continue
        try:
            yield _describe(home, txn, handle)
        except JournalDamaged as error:
            state = "newer" if isinstance(error, JournalNewer) else "unreadable"
            yield Pending(txn, "", 0.0, state, 0, 0, home.is_owned(txn), foreign=False, folders=(), paths=())
        finally:
            home.fs.close(handle)


def _describe(home: Home, txn: str, handle: Handle) -> Pending:
    view = View.read(home.fs, handle)
    if view.header is None:
        raise JournalDamaged(txn=txn)
    folders = Folders(home.fs, view.folders)
    switched = 0
    paths: list[str] = []
    try:
        foreign = is_elsewhere(view, folders)
        eyes = Eyes(home.fs)
        for _, step, staged in view.steps():
            number, name = (step.to_folder, step.to_name) if step.to_name else (step.folder, step.name)
            if len(paths) < _PATHS_SHOWN:
                paths.append(folders.path(number, name))
            if staged is not None and not foreign and view.state is State.SWITCHING:
                stat = eyes.at(folders.find(number), name)
                switched += records.is_same_inode(stat, staged)
    except Elsewhere:
        foreign = True
    finally:
        folders.forget()
    state = "putting_back" if home.is_marked_aborted(txn) else _STATE_WORDS[view.state]
    places_touched = tuple(dict.fromkeys(ref.path for ref in view.folders if ref.stage))
    return Pending(
        txn,
        view.header.name,
        view.header.started,
        state,
        view.header.files,
        switched,
        home.is_owned(txn),
        foreign,
        places_touched[:_PATHS_SHOWN],
        tuple(paths),
        view.header.boot != places.boot(),
    )


def is_elsewhere(view: View, folders: Folders, *, only_here: bool = False) -> bool:
    """Whether another machine wrote the journal, or one of its folders is not here or not the one it was.

    `only_here`: such folders are gone for good.
    """
    if view.header is None or view.header.host != places.host():
        return True
    if only_here:
        return False
    moved = [
        folders.path(step.folder, step.name)
        for _, step, _ in view.steps()
        if step.original is not None and step.original.kind == Kind.FOLDER.value and step.name
    ]
    for number, ref in enumerate(folders.refs):
        if not ref.stage:
            continue
        try:
            folders.handle(number)
        except (FileNotFoundError, Elsewhere):
            if not any(ref.path == path or ref.path.startswith(f"{path}/") for path in moved):
                return True
    return False


def recover(home: Home, txn: str, how: How, meter: Meter | None = None) -> Recovered:
    """End one abandoned batch. Safe beside a living engine, and safe to be interrupted and repeated."""
    try:
        handle = home.adopt(txn)
    except FileNotFoundError:
        return Recovered(txn, Result.UNKNOWN, code="unknown")
    except (OSError, HoldfastError) as error:
        return _failed(home, txn, error)
    locks = FolderLocks(home.fs)
    try:
        view = View.read(home.fs, handle)
        return _recover(home, txn, handle, view, locks, how, meter or Meter())
    except (OSError, HoldfastError) as error:  # one that cannot be ended must not keep the others from it
        return _failed(home, txn, error)
    finally:
        locks.release()
        home.fs.close(handle)


def _recover(home: Home, txn: str, handle: Handle, view: View, locks: FolderLocks, how: How, meter: Meter) -> Recovered:
    if view.header is None or view.header.txn != txn:
        raise JournalDamaged(txn=txn)
    if home.is_marked_aborted(txn):
        home.mark_aborted(txn)  # its sync may be what failed, and COMMIT must be beaten before the first step
    only_here = how is How.PUT_BACK_HERE
    folders = Folders(home.fs, view.folders, only_here=only_here)
    try:
        if view.state is not State.ENDED and is_elsewhere(view, folders, only_here=only_here):
            return Recovered(txn, Result.NEEDS_ATTENTION, view.header.files, code="elsewhere")
        if view.state is State.PREPARING:
            demand_untouched(home.fs, folders, view)
    finally:
        folders.forget()
    locks.acquire((ref.path for ref in view.folders if ref.stage), CancelToken())
    return _end(home, handle, view, folders, how, meter)


def _failed(home: Home, txn: str, error: OSError | HoldfastError) -> Recovered:
    if isinstance(error, Busy | JournalBusy):
        return Recovered(txn, Result.BUSY, code="busy")
    if isinstance(error, HoldfastError):
        return Recovered(txn, Result.NEEDS_ATTENTION, code=error.code)
    path = str(error.filename or home.journal_path(txn))
    return Recovered(txn, Result.NEEDS_ATTENTION, failed=((path, error.strerror or str(error)),), code="failed")


def recover_all(home: Home, meter: Meter | None = None) -> Iterator[Recovered]:
    """End every abandoned batch, newest first: one may have begun inside another that waited for it."""
    home.tidy()
    for txn in sorted(home.unresolved(), key=lambda txn: _started(home, txn), reverse=True):
        done = recover(home, txn, How.PUT_BACK, meter)
        if done.result is not Result.UNKNOWN:  # somebody else has just ended it
            yield done


def _started(home: Home, txn: str) -> float:
    try:
        handle = home.peek(txn)
    except (OSError, HoldfastError):
        return 0.0
    try:
        header = View.peek(home.fs, handle)
        return header.started if header else 0.0
    finally:
        home.fs.close(handle)


def _end(home: Home, handle: Handle, view: View, folders: Folders, how: How, meter: Meter) -> Recovered:
    assert view.header is not None
    txn, files = view.header.txn, view.header.files
    state = State.SWITCHING if home.is_marked_aborted(txn) else view.state
    ending = Ending(home, handle, view, meter, live=False, folders=folders)
    if state is State.ENDED:
        (home.retire if files else home.drop)(txn)
        return Recovered(txn, Result.FINISHED if view.last.get("result") == "applied" else Result.PUT_BACK, files)
    if state is State.COMMITTED:
        meter.enter(Phase.FINISH, files=files)
        return _report(txn, Result.FINISHED, files, ending.finish("recovered"))
    if how is How.FINISH and state is State.SWITCHING and not home.is_marked_aborted(txn):
        if not is_ready_to_finish(home, view):
            return Recovered(txn, Result.NEEDS_ATTENTION, files, code="cannot_finish")
        roll_forward(home, handle, view)
        return _report(txn, Result.FINISHED, files, ending.finish("recovered"))
    if how is How.FINISH and Type.PREPARED not in view.seen:
        return Recovered(txn, Result.NEEDS_ATTENTION, files, code="cannot_finish")
    return _report(txn, Result.PUT_BACK, files, ending.put_back("recovered"))


def _report(txn: str, result: Result, files: int, report: Report) -> Recovered:
    if not report.is_clean:
        failed = tuple((path, str(error)) for path, error in report.failed)
        return Recovered(txn, Result.NEEDS_ATTENTION, files, tuple(report.kept), failed, "failed")
    return Recovered(txn, result, files, tuple(report.kept))
