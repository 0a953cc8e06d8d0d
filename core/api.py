"""The one door to the engine, for the window's worker, the command line, and other programs.

    plan = read_plan("plan.json")          # operations become changes and problems; nothing is written
    outcome = apply(plan)                  # all of it, or none
    recover_all()                          # put right what a crash left

Functions return values: an outcome is never an exception. Exceptions are for misuse (`core.errors.BadPlan`).
What happens after a batch, history and undo, has a door of its own beside this one, `core.memory`; leftovers have
`core.cleaning`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from core import names
from core.content import diff
from core.errors import BadPlan, Problem
from core.fs import files, logs
from core.fs.abilities import Level
from core.fs.api import FileSystem, Kind
from core.fs.files import TooLarge
from core.fs.platforms import Platform, platform
from core.fs.real import RealFileSystem
from core.journal.home import Home
from core.keeping import crash_log, keep, kept_document, last_crash, shown, state_folder
from core.plan import again, planfile, preview
from core.plan.evaluate import evaluate as _evaluate
from core.plan.fold import PlanScript
from core.plan.hunks import Hunk, matches, parts
from core.plan.operations import FindReplace, Links, Operation, Patch
from core.plan.plan import Action, Change, Plan
from core.progress import CancelToken, Meter
from core.txn import recover as recovery
from core.txn.pending import Pending
from core.txn.recover import How, Recovered, Result
from core.txn.run import Committed, NeedsRecovery, Outcome, Reason, Refused, RolledBack
from core.txn.run import run as _run
from core.txn.trial import Promise, find_out

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
    "Platform",
    "Problem",
    "Promise",
    "Reason",
    "Recovered",
    "Refused",
    "Result",
    "RolledBack",
    "TooLarge",
    "apply",
    "crash_log",
    "evaluate",
    "files_below",
    "hunks",
    "keep",
    "kept_document",
    "last_crash",
    "note",
    "notes_to",
    "pending",
    "platform",
    "preview_lines",
    "promises",
    "read_plan",
    "read_small",
    "recover",
    "recover_all",
    "shown",
    "state_folder",
]


_UNMEANT = frozenset({".git", ".hg", ".svn", ".jj"})


def file_system() -> FileSystem:
    """Return this machine's file system."""
    return RealFileSystem()


@contextmanager
def opened(state: str | None = None) -> Iterator[Home]:
    """Open the state directory for a while; for `core.memory`, which is the other half of this door."""
    home = Home.open(file_system(), state)
    try:
        yield home
    finally:
        home.close()


def read_plan(
    path: str,
    *,
    links: Links | None = None,
    meter: Meter | None = None,
    token: CancelToken | None = None,
    left_out: list[str] | None = None,
    state: str | None = None,
    processes: int = 1,
) -> Plan:
    """Read a plan file ("-": standard input) and evaluate it; what would change the state directory is a problem.

    With `left_out`, operations whose `expect` no longer holds are dropped, and their paths are added to that list.
    `processes` as for `apply`.

    Raises:
        BadPlan: it is not a plan; `values` has `line` and `reason`.
        OSError: it cannot be read.
        Cancelled: through `token`.
    """
    with planfile.read(path) as file:
        make = partial(
            _evaluate,
            file_system(),
            name=file.name,
            root=file.root,
            spared=state_folder(state),
            links=links,
            meter=meter,
            token=token,
            processes=processes,
        )
        plan = make(file.operations())
        changed = again.changed(plan, file.operations()) if left_out is not None else {}
        if not changed or left_out is None:
            return plan
        plan.close()
        left_out += changed.values()
        return make(file.operations(), without=changed.keys())


def evaluate(
    operations: Iterable[Operation],
    *,
    name: str = "",
    meter: Meter | None = None,
    token: CancelToken | None = None,
    told: Callable[[Plan, Change], None] | None = None,
    state: str | None = None,
    processes: int = 1,
) -> Plan:
    """Evaluate operations whose paths are absolute; what would change the state directory is a problem.

    Raises `Cancelled` through `token`. `told` is called with changes as they are found, where a single search comes to
    them in the order of the plan. `processes`: how many may read the files, as for `apply`.
    """
    return _evaluate(
        file_system(),
        operations,
        name=name,
        spared=state_folder(state),
        meter=meter,
        token=token,
        told=told,
        processes=processes,
    )


def preview_lines(plan: Plan) -> Iterator[str]:
    """Yield a unified diff of all changes, line by line."""
    return preview.unified(file_system(), plan)


def hunks(plan: Plan, index: int, operation: FindReplace | Patch) -> Iterator[Hunk]:
    """Yield the matches of a search, or the parts of a diff, in the change with that index; `skip` leaves out by their ids."""
    if isinstance(operation, Patch):
        return parts(file_system(), plan, index, operation)
    return matches(file_system(), plan, index, operation)


def apply(
    plan: Plan,
    *,
    name: str = "",
    state: str | None = None,
    meter: Meter | None = None,
    token: CancelToken | None = None,
    undo: bool = True,
    told: Callable[[Committed | RolledBack], None] | None = None,
    processes: int = 1,
) -> Outcome:
    """Apply a plan: all of it, or none. A plan with problems is refused.

    `undo`: whether the files' previous versions are kept after it. `told` is called once everything is changed,
    durably, and before the previous versions are put away, or once everything is as it was, and before what was
    prepared is removed; nothing can go wrong any more with the files by then. `processes`: how many may work at a large
    batch (`helper.processes`); more than one are forked, which is not for a program with threads of other people's.
    """
    if plan.problems:
        return Refused(tuple(plan.problems))
    if plan.files == 0:
        return Committed("", 0, 0, 0.0)
    with opened(state) as home:
        script = PlanScript(home.fs, plan, name=name, undo=undo, aside=home.aside)
        outcome = _run(home, script, meter or Meter(), token or CancelToken(), told, processes)
    logs.note(f"apply: {plan.files} files, {plan.matches} matches, {plan.bytes} bytes: {_in_a_line(outcome)}", state)
    return outcome


def _in_a_line(outcome: Outcome) -> str:
    """Say how a batch ended, for the log: with the errors of the disk, but no content."""
    match outcome:
        case Committed():
            return f"committed {outcome.txn} in {outcome.seconds:.2f} s"
        case RolledBack():
            return f"put back {outcome.txn}: {outcome.reason.value} {shown(outcome.path)} {outcome.error}"
        case Refused():
            return f"refused: {', '.join(problem.code.value for problem in outcome.problems[:10])}"
        case NeedsRecovery():
            return f"needs recovery {outcome.txn}: {outcome.failed}"


def note(text: str, *, state: str | None = None) -> None:
    """Write a line into the log of the state directory; never fails."""
    logs.note(text, state)


def notes_to(listener: Callable[[str], object]) -> Callable[[], None]:
    """Hand every line that this process writes into the log to somebody else as well; return what ends that."""
    return logs.also_to(listener)


def pending(state: str | None = None) -> list[Pending]:
    """Return the batches that were interrupted and wait, reading only."""
    with opened(state) as home:
        return list(recovery.pending(home))


def recover(txn: str, how: How = How.PUT_BACK, *, state: str | None = None, meter: Meter | None = None) -> Recovered:
    """End one interrupted batch."""
    with opened(state) as home:
        done = recovery.recover(home, txn, how, meter)
    logs.note(f"recover {txn}: {done.result.value} {done.code}", state)
    return done


def recover_all(state: str | None = None, meter: Meter | None = None) -> list[Recovered]:
    """Put every abandoned batch of this machine right; never asks."""
    with opened(state) as home:
        found = list(recovery.recover_all(home, meter))
    for done in found:
        logs.note(f"recover {done.txn}: {done.result.value} {done.code}", state)
    return found


def promises(path: str, *, state: str | None = None) -> Promise:
    """Find out what the file system at a folder can do, with three small files that are gone again afterwards.

    Raises OSError where the folder cannot be looked at.
    """
    return find_out(file_system(), path, state)


def files_below(root: str) -> Iterator[str]:
    """Yield the regular files that a person means by a folder: no version-control folders, none of our side files."""
    for path in files.files_below(root, skip=_is_unmeant):
        if not names.is_ours(os.path.basename(path)):
            yield path


def _is_unmeant(folder: str) -> bool:
    return folder in _UNMEANT or names.is_ours(folder)


def read_small(path: str, at_most: int = diff.LARGE) -> bytes:
    """Return a file's content. Raises TooLarge above so many bytes, and OSError."""
    return files.read_small(path, at_most)
