"""Whether a batch is still in force, and whether what is held of it is still what was put away."""

from __future__ import annotations

from collections.abc import Iterator

from core.errors import JournalDamaged, JournalNewer
from core.fs.api import Kind
from core.history import Difference, Drift, Hindrance, State, Verified
from core.history.drift import Differ
from core.history.entries import History
from core.history.later import Later
from core.history.track import Track, track
from core.journal import records
from core.journal.home import Home
from core.journal.records import MOVES, Identity, StepKind
from core.progress import CancelToken

_UNREADABLE = {Hindrance.NEWER: JournalNewer, Hindrance.DAMAGED: JournalDamaged}


def verify(home: Home, txn: str, token: CancelToken) -> Verified:
    """Compare every file of a batch with what the batch left.

    Raises KeyError where none has that id, `JournalDamaged` where its record cannot be read.
    """
    history = History(home)
    (entry,) = history.entries([txn] if txn in history.known else _unknown(txn))
    if entry.hindrance in _UNREADABLE:
        raise _UNREADABLE[entry.hindrance](txn=txn)
    if entry.state is not State.APPLIED:
        return Verified(txn, False, entry.state, 0)
    head = history.head(txn)
    later = Later(home, history, head)
    checked, found = 0, []
    with track(home, head) as steps:
        differ = Differ(steps, thorough=True)
        for path, drift in _drifts(steps, differ):
            token.check()
            checked += 1
            if drift is not None:
                by = later.touching(path)
                found.append(Difference(path, Drift.LATER if by else drift, by.txn if by else ""))
    return Verified(txn, not found, entry.state, checked, tuple(found))


def _unknown(txn: str) -> list[str]:
    raise KeyError(txn)


def _drifts(steps: Track, differ: Differ) -> Iterator[tuple[str, Drift | None]]:
    """Yield how each name of a batch differs from what the batch left."""
    for number, step, staged in steps.view.steps():
        now = steps.now(step.to_folder, step.to_name) if step.kind in MOVES else steps.now(step.folder, step.name)
        match step.kind:
            case StepKind.EXCHANGE | StepKind.DRAFT:
                yield now, differ.drift(now, staged)
            case StepKind.INPLACE if number in steps.view.done:
                yield now, differ.drift(now, steps.view.done[number])
            case StepKind.PLACE | StepKind.CARRY:
                yield now, differ.drift(now, staged if step.staged else step.original, content=step.staged)
            case StepKind.EVICT if step.side not in steps.placed and not steps.is_held_elsewhere(step):
                gone = steps.now(step.folder, step.name)
                if gone not in steps.names:
                    yield gone, Drift.TAKEN if steps.look(gone) is not None else None


def check_held(home: Home, txn: str, token: CancelToken) -> list[str]:
    """Return the files whose pre-image is not what was put away. Raises KeyError where none has that id."""
    with track(home, txn) as steps:
        differ = Differ(steps)
        return [
            path
            for path, known, held in steps.pre_images()
            if _goes_on(token) and not _is_whole(steps, differ, held, known)
        ]


def _goes_on(token: CancelToken) -> bool:
    token.check()
    return True


def _is_whole(steps: Track, differ: Differ, held: str, known: Identity) -> bool:
    stat = steps.look(held) if held else None
    if not records.is_same(stat, known._replace(ino=0)):
        return False
    if known.kind == Kind.FOLDER.value:
        return steps.holds_the_same(held, known)
    return known.kind != Kind.FILE.value or not known.digest or differ.digest(held) == known.digest
