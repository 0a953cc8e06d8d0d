"""I4: a step moves first and looks afterwards, and what is not the file that was previewed goes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.fs.api import Stat
from core.journal.records import is_racy, is_same
from tests.support.order.book import Book, Entry, Place
from tests.support.order.dirt import Opened

_CHANGING = frozenset(
    """copy_content copy_metadata copy_range create exchange link make_folder make_symlink remove_folder rename replace truncate
    unlink write""".split()  # noqa: SIM905 - a list
)


@dataclass
class _Awaited:
    """What must happen before the next change: `place` is looked at (and read); or, if it is wrong, `back` is called."""

    place: Place
    entry: Entry
    back: tuple[object, ...]
    book: Book | None = None
    must: str = "be looked at"


class Looks:
    """Follows one step at a time from its move to what was made of the look."""

    def __init__(self, note: Callable[[str, str], None]) -> None:
        self._note = note
        self._awaited: _Awaited | None = None

    def exchanged(self, book: Book, entry: Entry, folder: Opened, side: str, target: str) -> None:
        """An exchange was made: done, or taken back."""
        if entry.number in book.disturbed or not book.is_forward:
            return
        place = (folder.folder, side)
        if entry.number not in book.swapped:
            book.swapped.add(entry.number)
            back = ("exchange", folder.handle, {side, target})
            self._awaited = _Awaited(place, entry, back, book)
            return
        book.swapped.discard(entry.number)
        if self._awaited is not None:  # somebody's save went back: perhaps it was not ours that came out for it
            self._awaited = _Awaited(place, entry, (), book)

    def linked(self, entry: Entry, folder: Opened, old: str) -> None:
        """An original got a second name."""
        self._awaited = _Awaited((folder.folder, old), entry, ("unlink", folder.handle, {old}))

    def moved(self, entry: Entry, source: Opened, name: str, goal: Opened, to_name: str) -> None:
        """An original left its name."""
        back = ("rename", goal.handle, {to_name, name})
        self._awaited = _Awaited((goal.folder, to_name), entry, back)

    def saw(self, folder: Opened, name: str, stat: Stat) -> None:
        """A name was looked at."""
        awaited = self._awaited
        if awaited is None or awaited.must != "be looked at" or awaited.place != (folder.folder, name):
            return
        known = awaited.entry.step.original if awaited.back else awaited.entry.staged
        if known is None or not is_same(stat, known):
            self._wrong(awaited)
        elif awaited.back and is_racy(known) and known.kind == "file":
            awaited.must = "be read"
        else:
            self._awaited = None

    def missed(self, folder: Opened, name: str) -> None:
        """A name was looked at, and there was nothing."""
        if self._awaited is not None and self._awaited.place == (folder.folder, name):
            self._wrong(self._awaited)

    def refused(self, folder: Opened, name: str) -> None:
        """A name could not be looked at: what was moved goes back with everything else, which looks by itself."""
        awaited = self._awaited
        if awaited is None or awaited.place != (folder.folder, name):
            return
        if awaited.book is not None:
            awaited.book.disturbed.add(awaited.entry.number)
        self._awaited = None

    def read(self, folder: Opened, name: str) -> None:
        """A file was opened; whether its content is right is for the engine to say."""
        awaited = self._awaited
        if awaited and awaited.must == "be read" and awaited.place == (folder.folder, name):
            self._awaited = None

    def _wrong(self, awaited: _Awaited) -> None:
        if awaited.back:
            awaited.must = "go back"
            return
        assert awaited.book is not None
        awaited.book.disturbed.add(awaited.entry.number)  # a third save: it wins, and the one before it stays in sight
        self._awaited = None

    def before(self, verb: str, arguments: tuple[Any, ...]) -> None:
        """Judge a change that is about to be made."""
        awaited = self._awaited
        if awaited is None or verb not in _CHANGING:
            return
        known_as = (verb, arguments[0], {one for one in arguments if isinstance(one, str)})
        if awaited.must == "go back" and known_as == awaited.back:
            if verb != "exchange":
                self._awaited = None
            return
        path = "/".join(awaited.place)
        self._awaited = None
        self._note("I4", f"{path} must {awaited.must} before anything else changes, but {verb} follows")
