"""Reads entries: each from the first and the last record of its journal, and all of them for the chains of undo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core import names
from core.attic.looks import opened
from core.attic.store import Attic
from core.errors import HoldfastError, JournalDamaged, JournalNewer
from core.fs.api import Handle
from core.history import Entry, Hindrance, State, Stats, limits
from core.journal.codec import Record
from core.journal.home import Home
from core.journal.reader import State as JournalState
from core.journal.reader import View
from core.journal.records import Header

_STATES = {"cancelled": State.CANCELLED, "recovered": State.RECOVERED}


@dataclass(frozen=True, slots=True)
class Known:
    """What a journal says of one batch; `end` is empty where it has not ended, `header` None where nothing can be read.

    `hindrance`: what keeps one from being undone of which that is all that is known.
    """

    txn: str
    header: Header | None
    end: Record
    is_running: bool = False
    hindrance: Hindrance = Hindrance.NOT_ENDED

    @property
    def is_applied(self) -> bool:
        """Whether it ended with everything changed."""
        return self.end.get("result") == "applied"

    @property
    def reason(self) -> str:
        """Why it ended as it did: "" for nothing special."""
        return str(self.end.get("reason", ""))


class History:
    """All batches of a state directory, as they are when it is made."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._age = limits.in_force(home.path).age
        # The unresolved ones first: one that ends meanwhile is among the ended then, and that is what counts.
        unresolved = [self._open(txn) for txn in home.unresolved()]
        by_txn = {one.txn: one for one in (*unresolved, *map(self._ended, home.ended()))}
        found = sorted(by_txn.values(), key=lambda one: one.header.started if one.header else 0.0, reverse=True)
        self.known = {one.txn: one for one in found}
        self._undone: dict[str, list[str]] = {}
        for one in found:
            if one.header is not None and one.header.undoes and one.is_applied and not one.header.partial:
                self._undone.setdefault(one.header.undoes, []).append(one.txn)

    def _ended(self, txn: str) -> Known:
        try:
            handle = self._home.peek_ended(txn)
        except (OSError, HoldfastError):
            return Known(txn, None, {}, hindrance=Hindrance.DAMAGED)
        try:
            return self._read(txn, handle)
        except JournalNewer:
            return Known(txn, None, {}, hindrance=Hindrance.NEWER)
        except JournalDamaged:
            return Known(txn, None, {}, hindrance=Hindrance.DAMAGED)
        finally:
            self._home.fs.close(handle)

    def _open(self, txn: str) -> Known:
        try:
            handle = self._home.peek(txn)
        except (OSError, HoldfastError):
            return Known(txn, None, {})
        try:
            return Known(txn, View.peek(self._home.fs, handle), {}, self._home.is_owned(txn))
        finally:
            self._home.fs.close(handle)

    def _read(self, txn: str, handle: Handle) -> Known:
        found = View.glance(self._home.fs, handle)
        if found is None:  # a long list of what was kept
            view = View.read(self._home.fs, handle)
            found = (view.header, self._end_of(txn, handle, view)) if view.header is not None else None
        header, end = found or (None, {})
        if header is None or header.txn != txn:
            return Known(txn, None, {}, hindrance=Hindrance.DAMAGED)
        return Known(txn, header, end)

    def _end_of(self, txn: str, handle: Handle, view: View) -> Record:
        """Return END, or what it would say where the disk did not take it: only what has ended comes to be history."""
        if view.state is not JournalState.COMMITTED:
            return view.last
        there = [root for ref in view.attics for root in ref.roots if self._is_there(txn, root)]
        attic = Attic(self._home.fs, txn, view.attics, view.held, view.folders)
        attic.used = list(dict.fromkeys(there))
        at = self._home.fs.fstat(handle).mtime_ns / 1_000_000_000
        return {"result": "applied", "at": at, "held": attic.measure(), "roots": attic.used}

    def undone_by(self, txn: str) -> str:
        """Return the batch in force that undoes another, "" for none: one that is itself undone does not count."""
        return next((one for one in self._undone.get(txn, ()) if not self.undone_by(one)), "")

    def head(self, txn: str) -> str:
        """Return the batch that put the files as `txn` has them: itself, or the last that undid an undo of it."""
        for undo in self._undone.get(txn, ()):
            if again := self.undone_by(undo):
                return self.head(again)
        return txn

    def entries(self, among: Iterable[str] | None = None) -> Iterator[Entry]:
        """Yield entries, newest first."""
        for txn in self.known if among is None else among:
            yield self._entry(self.known[txn])

    def _entry(self, one: Known) -> Entry:
        if one.header is None or not one.end:
            state = State.RUNNING if one.is_running else State.NEEDS_ATTENTION
            header = one.header
            start = (header.name, header.started) if header else ("", 0.0)
            figures = (header.files, header.bytes) if header else (0, 0)
            return Entry(one.txn, *start, 0.0, state, *figures, hindrance=one.hindrance)
        undone_by = self.undone_by(one.txn) if one.is_applied else ""
        entry = Entry(
            one.txn,
            one.header.name,
            one.header.started,
            _number(one.end.get("at")),
            State.UNDONE if undone_by else _state(one),
            one.header.files,
            one.header.bytes,
            one.header.undoes,
            undone_by,
            one.header.partial,
            self._home.is_pinned(one.txn),
            kept=tuple(map(str, _list(one.end.get("kept")))),
        )
        return self._with_means(entry, one)

    def _with_means(self, entry: Entry, one: Known) -> Entry:
        """Add what can be brought back."""
        if entry.state is not State.APPLIED:
            return replace(entry, hindrance=Hindrance.NOT_IN_FORCE)
        if one.header is not None and not one.header.undo:
            return replace(entry, hindrance=Hindrance.NOT_KEPT)
        held = self.known[self.head(one.txn)]
        roots = self.roots(held.txn)
        if roots and self._home.is_expired(held.txn):
            return replace(entry, hindrance=Hindrance.EXPIRED)
        is_for_good = entry.is_pinned or not roots or not self._age
        expires = 0.0 if is_for_good else _number(held.end.get("at")) + self._age
        reachable = all(self._is_there(held.txn, root) for root in roots)
        hindrance = Hindrance.NONE if reachable else Hindrance.OUT_OF_REACH
        return replace(entry, held=self.held(held.txn), expires=expires, hindrance=hindrance)

    def roots(self, txn: str) -> list[str]:
        """Return the attics that hold pre-images of an ended batch."""
        roots = [str(root) for root in _list(self.known[txn].end.get("roots"))]
        return [root for root in roots if root.startswith("/") and names.is_attic(root.rpartition("/")[2])]

    def held(self, txn: str) -> int:
        """Return how many bytes of pre-images an ended batch has put away."""
        return int(_number(self.known[txn].end.get("held")))

    def _is_there(self, txn: str, root: str) -> bool:
        with opened(self._home.fs, f"{root}/{names.holding(txn)}") as folder:
            return folder is not None


def _state(one: Known) -> State:
    return State.APPLIED if one.is_applied else _STATES.get(one.reason, State.FAILED)


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def all_of(home: Home) -> Iterator[Entry]:
    """Yield all entries, newest first."""
    yield from History(home).entries()


def one_of(home: Home, txn: str) -> Entry | None:
    """Return one entry; None where no batch has that id."""
    history = History(home)
    return next(history.entries([txn])) if txn in history.known else None


def stats(home: Home) -> Stats:
    """Return figures over all entries."""
    history = History(home)
    entries = list(history.entries())
    ended = [one for one in history.known.values() if one.end]
    put_back: dict[str, int] = {}
    for one in ended:
        if not one.is_applied:
            put_back[one.reason] = put_back.get(one.reason, 0) + 1
    done = [entry for entry in entries if entry.state in (State.APPLIED, State.UNDONE)]
    starts = [entry.started for entry in entries if entry.started]
    return Stats(
        batches=len(ended),
        applied=len(done),
        undone=sum(entry.state is State.UNDONE for entry in done),
        undos=sum(bool(entry.undoes) for entry in done),
        put_back=put_back,
        recoveries=sum(one.reason == "recovered" for one in ended),
        needs_attention=sum(entry.state is State.NEEDS_ATTENTION for entry in entries),
        files=sum(entry.files for entry in done),
        bytes=sum(entry.bytes for entry in done),
        held=sum(entry.held for entry in entries),
        first=min(starts, default=0.0),
        last=max(starts, default=0.0),
    )
