"""The door to what is remembered of batches: history, undo, verify, expiry. `core.api` is the one to batches.

    for entry in history():                  # newest first
        ...
    plan = undo_plan(entry.txn)              # a plan like any other: `api.preview_lines`, `api.apply`

The words are those of `core.history`. Everything is read from the state directory when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.api import Plan
from core.history import Choices, Entry, Expired, FileEntry, Format, Limits, Stats, Verified
from core.progress import CancelToken, Meter


def history(state: str | None = None) -> Iterator[Entry]:
    """Yield every batch, newest first, also those that were put back and those that wait to be put right."""
    raise NotImplementedError


def entry(txn: str, *, state: str | None = None) -> Entry | None:
    """Return one batch; None where none has that id."""
    raise NotImplementedError


def entry_files(txn: str, *, state: str | None = None) -> Iterator[FileEntry]:
    """Yield the files of a batch. Raises KeyError where none has that id, `JournalDamaged` where it cannot be read."""
    raise NotImplementedError


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
    raise NotImplementedError


def verify(txn: str, *, state: str | None = None, token: CancelToken | None = None) -> Verified:
    """Say whether a batch is still in force, reading every file of it. Raises KeyError where none has that id."""
    raise NotImplementedError


def check_held(txn: str, *, state: str | None = None, token: CancelToken | None = None) -> list[str]:
    """Return the paths of files whose previous version is not what was put away, by digest. Raises KeyError."""
    raise NotImplementedError


def report(txn: str, how: Format, *, state: str | None = None) -> Iterator[str]:
    """Yield the lines of a report on a batch. Raises KeyError where none has that id."""
    raise NotImplementedError


def stats(state: str | None = None) -> Stats:
    """Return figures over all batches."""
    raise NotImplementedError


def expire(limits: Limits | None = None, *, dry: bool = False, state: str | None = None) -> list[Expired]:
    """Drop previous versions that are too old, or too many; `dry`: only say which. The entries themselves stay."""
    raise NotImplementedError


def pin(txn: str, *, pinned: bool = True, state: str | None = None) -> bool:
    """Keep the previous versions of a batch for good, or no longer; False where no ended batch has that id."""
    raise NotImplementedError
