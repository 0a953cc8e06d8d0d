"""Runs a transaction to its outcome. Whatever happens on the way becomes a value; only misuse raises."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from core.errors import Busy, Conflict, Elsewhere, HoldfastError, Problem, ProblemCode
from core.errors import Fix as FixIt
from core.journal.home import Home
from core.progress import Cancelled, CancelToken, Meter
from core.txn.ending import Report
from core.txn.lock import FolderLocks
from core.txn.remains import find_remains, leaving
from core.txn.script import Script
from core.txn.transaction import Transaction


class Reason(StrEnum):
    """Why a batch was put back."""

    CANCELLED = "cancelled"
    CONFLICT = "conflict"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Committed:
    """Everything is changed, durably. `unfinished`: tidying up failed and is done at the next start."""

    txn: str
    files: int
    bytes: int
    seconds: float
    kept: tuple[str, ...] = ()
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was touched."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RolledBack:
    """Everything is as it was. `error`: what the disk said, `path`: where; `kept`: copies in sight of the user."""

    txn: str
    reason: Reason
    files: int
    path: str = ""
    error: str = ""
    errno: int = 0
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedsRecovery:
    """Something could not be put back yet. Nothing is lost; `recover` finishes it.

    `as_it_was`: every file is back, for good; only what is Holdfast's own could not be removed.
    """

    txn: str
    journal: str
    failed: tuple[tuple[str, str], ...]
    kept: tuple[str, ...] = ()
    as_it_was: bool = False


Outcome = Committed | Refused | RolledBack | NeedsRecovery
Told = Callable[[Committed | RolledBack], None]


class _Teller:
    """Tells of the end. Who cannot hear it must not keep what is left to do from being done: that is raised afterwards."""

    def __init__(self, told: Told | None) -> None:
        self._told = told
        self._error: Exception | None = None

    def __call__(self, end: Committed | RolledBack) -> None:
        if self._told is None:
            return
        try:
            self._told(end)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not ours
            self._error = error

    def done(self) -> None:
        if self._error is not None:
            raise self._error


def run(
    home: Home, script: Script, meter: Meter, token: CancelToken, told: Told | None = None, processes: int = 1
) -> Outcome:
    """Apply a script: all of it, or none. `told` is called as soon as the end is sure and durable.

    That is after COMMIT and before the pre-images are put away, or after ABORT and before what was staged is removed.
    """
    started = time.monotonic()
    locks = FolderLocks(home.fs)
    try:
        locks.acquire((ref.path for ref in script.folders() if ref.stage), token)
    except Busy as error:
        return Refused((Problem(ProblemCode.BUSY, str(error.values["path"]), fixes=(FixIt.WAIT,)),))
    except Cancelled:
        return RolledBack("", Reason.CANCELLED, script.files)
    transaction, teller = Transaction(home, script, meter, token, processes), _Teller(told)
    try:
        outcome = _hindrance(home, script) or _run(home, transaction, script, started, teller)
    finally:
        transaction.close()
        locks.release()
    teller.done()
    return outcome


def _hindrance(home: Home, script: Script) -> Refused | RolledBack | None:
    """Return what keeps the batch from being begun."""
    try:
        remains = find_remains(home, script.folders(), partial(leaving, script))
    except OSError as error:  # a folder of the plan is gone, or may not be read any more
        path, number = _where(error)
        return RolledBack("", Reason.ERROR, script.files, path, error.strerror or "", number)
    return Refused(remains) if remains else None


def _run(home: Home, transaction: Transaction, script: Script, started: float, told: Told) -> Outcome:
    try:
        transaction.begin()
        transaction.stage()
        transaction.prepare()
        transaction.swap()
        transaction.commit()
    except Cancelled:
        return put_back(home, transaction, script, Reason.CANCELLED, told=told)
    except (Conflict, Elsewhere) as error:
        return put_back(home, transaction, script, Reason.CONFLICT, error, told=told)
    except (OSError, HoldfastError) as error:
        return put_back(home, transaction, script, Reason.ERROR, error, told=told)
    except BaseException as error:
        put_back(home, transaction, script, Reason.ERROR, error)
        raise
    told(Committed(transaction.txn, script.files, script.bytes, time.monotonic() - started))
    return finish(transaction, script, started)


def finish(transaction: Transaction, script: Script, started: float) -> Committed:
    """Tidy up after COMMIT; from here on nothing can make it undone."""
    try:
        report = transaction.finish()
    except (OSError, HoldfastError) as error:
        report = Report(failed=[("", OSError(str(error)))])
    return Committed(
        transaction.txn,
        script.files,
        script.bytes,
        time.monotonic() - started,
        tuple(report.kept),
        unfinished=not report.is_clean,
    )


def put_back(
    home: Home,
    transaction: Transaction,
    script: Script,
    reason: Reason,
    error: BaseException | None = None,
    *,
    told: Told | None = None,
) -> RolledBack | NeedsRecovery:
    """Bring everything back and say how that went."""
    journal = home.journal_path(transaction.txn)
    path, number = _where(error)
    text = (error.strerror if isinstance(error, OSError) else str(error)) if error else ""
    end = RolledBack(transaction.txn, reason, script.files, path, text or "", number)
    try:
        report = transaction.put_back(reason.value, told=None if told is None else partial(told, end))
    except (OSError, HoldfastError) as failure:
        return NeedsRecovery(transaction.txn, journal, ((journal, str(failure)),))
    if not report.is_clean:
        failed = tuple((path, str(failure)) for path, failure in report.failed)
        return NeedsRecovery(transaction.txn, journal, failed, tuple(report.kept), as_it_was=report.is_back)
    return replace(end, kept=tuple(report.kept))


def _where(error: BaseException | None) -> tuple[str, int]:
    if isinstance(error, HoldfastError):
        return str(error.values.get("path", "")), 0
    if isinstance(error, OSError):
        return str(error.filename or ""), error.errno or 0
    return "", 0
