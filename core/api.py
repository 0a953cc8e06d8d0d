"""The one door to the engine, for the window's worker, the command line, and other programs.

    plan = read_plan("plan.json")          # operations become changes and problems; nothing is written
    outcome = apply(plan)                  # all of it, or none
    recover_all()                          # put right what a crash left

Functions return values: an outcome is never an exception. Exceptions are for misuse (`core.errors.BadPlan`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core import names
from core.content import diff
from core.errors import BadPlan, Problem
from core.fs import files, places
from core.fs.api import FileSystem, Kind
from core.fs.files import TooLarge
from core.fs.real import RealFileSystem
from core.journal.home import Home
from core.plan import planfile, preview
from core.plan.evaluate import evaluate as _evaluate
from core.plan.fold import PlanScript
from core.plan.operations import Links, Operation
from core.plan.plan import Action, Change, Level, Plan
from core.progress import CancelToken, Meter
from core.txn import recover as recovery
from core.txn.recover import How, Pending, Recovered, Result
from core.txn.run import Committed, NeedsRecovery, Outcome, Reason, Refused, RolledBack
from core.txn.run import run as _run

__all__ = [
    "Action",
    "BadPlan",
    "Change",
    "Committed",
    "How",
    "Kind",
    "Level",
    "Links",
    "NeedsRecovery",
    "Outcome",
    "Pending",
    "Plan",
    "Problem",
    "Promise",
    "Reason",
    "Recovered",
    "Refused",
    "Result",
    "RolledBack",
    "TooLarge",
    "apply",
    "evaluate",
    "files_below",
    "pending",
    "preview_lines",
    "promises",
    "read_plan",
    "read_small",
    "recover",
    "recover_all",
    "shown",
]


_UNMEANT = frozenset({".git", ".hg", ".svn", ".jj"})


def file_system() -> FileSystem:
    """Return this machine's file system."""
    return RealFileSystem()


def read_plan(
    path: str,
    *,
    links: Links | None = None,
    meter: Meter | None = None,
    token: CancelToken | None = None,
) -> Plan:
    """Read a plan file ("-": standard input) and evaluate it.

    Raises:
        BadPlan: it is not a plan; `values` has `line` and `reason`.
        OSError: it cannot be read.
        Cancelled: through `token`.
    """
    with planfile.read(path) as file:
        return _evaluate(
            file_system(),
            file.operations(),
            name=file.name,
            root=file.root,
            links=links,
            meter=meter,
            token=token,
        )


def evaluate(
    operations: Iterable[Operation],
    *,
    name: str = "",
    meter: Meter | None = None,
    token: CancelToken | None = None,
) -> Plan:
    """Evaluate operations whose paths are absolute. Raises `Cancelled` through `token`."""
    return _evaluate(file_system(), operations, name=name, meter=meter, token=token)


def preview_lines(plan: Plan) -> Iterator[str]:
    """Yield a unified diff of all changes, line by line."""
    return preview.unified(file_system(), plan)


def shown(path: str) -> str:
    """Return a path as it may stand in one line of text."""
    return preview.quoted(path)


def apply(
    plan: Plan,
    *,
    name: str = "",
    state: str | None = None,
    meter: Meter | None = None,
    token: CancelToken | None = None,
) -> Outcome:
    """Apply a plan: all of it, or none. A plan with problems is refused."""
    if plan.problems:
        return Refused(tuple(plan.problems))
    if plan.files == 0:
        return Committed("", 0, 0, 0.0)
    fs = file_system()
    home = Home.open(fs, state)
    try:
        return _run(home, PlanScript(fs, plan, name=name), meter or Meter(), token or CancelToken())
    finally:
        home.close()


def pending(state: str | None = None) -> list[Pending]:
    """Return the batches that were interrupted and wait, reading only."""
    home = Home.open(file_system(), state)
    try:
        return list(recovery.pending(home))
    finally:
        home.close()


def recover(txn: str, how: How = How.PUT_BACK, *, state: str | None = None, meter: Meter | None = None) -> Recovered:
    """End one interrupted batch."""
    home = Home.open(file_system(), state)
    try:
        return recovery.recover(home, txn, how, meter)
    finally:
        home.close()


def recover_all(state: str | None = None, meter: Meter | None = None) -> list[Recovered]:
    """Put every abandoned batch of this machine right; never asks."""
    home = Home.open(file_system(), state)
    try:
        return list(recovery.recover_all(home, meter))
    finally:
        home.close()


@dataclass(frozen=True, slots=True)
class Promise:
    """What a place can promise. None: only known once it is tried."""

    path: str
    filesystem: str
    exchange: bool | None
    writable: bool


def promises(path: str) -> Promise:
    """Say what the file system at a folder is known to be able to do. Raises OSError."""
    fs = file_system()
    real = fs.resolve(path)
    handle = fs.open_folder(real)
    try:
        volume = fs.volume(handle)
        known = True if volume.honours_syncfs else None
        return Promise(real, volume.type, known, fs.may_write(handle))
    finally:
        fs.close(handle)


def files_below(root: str) -> Iterator[str]:
    """Yield the regular files that a person means by a folder: no version-control folders, none of our side files."""
    for path in files.files_below(root, skip=_UNMEANT):
        if names.parse_side(os.path.basename(path)) is None:
            yield path


def read_small(path: str, at_most: int = diff.LARGE) -> bytes:
    """Return a file's content. Raises TooLarge above so many bytes, and OSError."""
    return files.read_small(path, at_most)


def state_folder(chosen: str | None = None) -> str:
    """Return the state directory that would be used."""
    return places.state_folder(chosen)
