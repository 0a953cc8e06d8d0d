"""The door to what is remembered of batches: history, undo, verify, expiry. `core.api` is the one to batches.

    for entry in history():                  # newest first
        ...
    plan = undo_plan(entry.txn)              # a plan like any other: `api.preview_lines`, `api.apply`

The words are those of `core.history`. Everything is read from the state directory when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from core import api
from core.api import Plan
from core.attic.finder import Finder
from core.history import (
    Choices,
    Entry,
    Expired,
    FileEntry,
    Format,
    Limits,
    Stats,
    Verified,
    entries,
    expiry,
    limits,
    reports,
    undo,
    verification,
)
from core.history.track import track
from core.progress import CancelToken, Meter


def history(state: str | None = None) -> Iterator[Entry]:
    """Yield every batch, newest first, also those that were put back and those that wait to be put right."""
    with api.opened(state) as home:
        yield from entries.all_of(home)


def entry(txn: str, *, state: str | None = None) -> Entry | None:
    """Return one batch; None where none has that id."""
    with api.opened(state) as home:
        return entries.one_of(home, txn)


def entry_files(txn: str, *, state: str | None = None) -> Iterator[FileEntry]:
    """Yield the files of a batch. Raises KeyError where none has that id, `JournalDamaged` where it cannot be read."""
    with api.opened(state) as home, track(home, txn) as steps:
        yield from steps.files()


def undo_plan(
    txn: str,
    choices: Choices | None = None,
    *,
    state: str | None = None,
    meter: Meter | None = None,
    token: CancelToken | None = None,
) -> Plan:
    """Return the plan that brings back what was before a batch; it is previewed, applied and undone like any other.

    A file that is not as the batch left it is a problem of the plan, unless `choices` says what becomes of it; see
    `core.history.undo` for the codes.

    Raises:
        CannotUndo: there is nothing to bring back; `values` has `why`, a `Hindrance`, or "unknown".
        Cancelled: through `token`.
    """
    with api.opened(state) as home:
        return undo.plan(home, txn, choices or Choices(), meter or Meter(), token or CancelToken())


def verify(txn: str, *, state: str | None = None, token: CancelToken | None = None) -> Verified:
    """Say whether a batch is still in force, reading every file of it of which a digest is known.

    Raises KeyError where none has that id, `JournalDamaged` where its record cannot be read.
    """
    with api.opened(state) as home:
        return verification.verify(home, txn, token or CancelToken())


def check_held(txn: str, *, state: str | None = None, token: CancelToken | None = None) -> list[str]:
    """Return the paths of files whose previous version is not what was put away, by digest. Raises KeyError."""
    with api.opened(state) as home:
        return verification.check_held(home, txn, token or CancelToken())


def report(txn: str, how: Format, *, state: str | None = None) -> Iterator[str]:
    """Yield the lines of a report on a batch. Raises KeyError where none has that id."""
    with api.opened(state) as home:
        yield from reports.lines(home, txn, how)


def stats(state: str | None = None) -> Stats:
    """Return figures over all batches."""
    with api.opened(state) as home:
        return entries.stats(home)


def expire(beyond: Limits | None = None, *, dry: bool = False, state: str | None = None) -> list[Expired]:
    """Drop previous versions that are too old, or too many; `dry`: only say which. The entries themselves stay.

    `beyond`: those limits, else the ones in force.
    """
    with api.opened(state) as home:
        return expiry.expire(home, beyond or limits.in_force(home.path), dry=dry)


def limits_in_force(state: str | None = None) -> Limits:
    """Return how long previous versions are kept, and how many, as the settings say."""
    return limits.in_force(state)


def unkept(plan: Plan, *, state: str | None = None) -> list[str]:
    """Return the folders in which the previous versions of files that a plan replaces or deletes find no place.

    What the batch does there cannot be undone after it; it is put back like everything else as long as it runs.
    """
    with api.opened(state) as home:
        finder = Finder(home.fs, home.attic)
        return [folder for folder in plan.losing() if not finder.has_place(folder, plan.folders[folder].volume)]


def pin(txn: str, *, pinned: bool = True, state: str | None = None) -> bool:
    """Keep the previous versions of a batch for good, or no longer; False where no ended batch has that id."""
    with api.opened(state) as home:
        return home.pin(txn, pinned=pinned)
