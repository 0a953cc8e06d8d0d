"""Rules about names: what may be made, moved and removed, and when (I1 to I6); `attics` has those about pre-images."""

from __future__ import annotations

from core import names
from core.fs.api import FileSystem, Handle, Kind, Stat
from core.journal.records import StepKind, Type, is_same, is_same_inode
from tests.support.order import attics
from tests.support.order.attics import AtticRules
from tests.support.order.book import JOURNAL, Book, Entry
from tests.support.order.dirt import Opened
from tests.support.order.handles import Note


class NameRules(AtticRules):
    """What is created, exchanged, linked, replaced, renamed and removed."""

    def __init__(self, fs: FileSystem, note: Note) -> None:
        super().__init__(fs, note)
        self._removed: Stat | None = None  # what is about to be removed

    def _before_create(self, folder: Handle, name: str, mode: int) -> None:
        where = self._opened(folder)
        if not (JOURNAL.fullmatch(name) or names.parse_visible(name) or attics.is_mark(where.folder, name)):
            self._demand_begun(where, name)

    def _after_create(self, folder: Handle, name: str, mode: int, *, result: Handle) -> None:
        where = self._opened(folder)
        self._dirt.touch_file(self._dirt.take_file(result, where, name, write=True), f"{name} was created")
        self._dirt.touch_names(where, "side", f"{name} was created")
        if (found := JOURNAL.fullmatch(name)) and found[2] == "new":
            self._books[found[1]] = Book(found[1], result, live=True, is_forward=True)

    def _before_make_folder(self, folder: Handle, name: str, mode: int) -> None:
        if not self._makes_in_attic(self._opened(folder), name):
            self._demand_begun(self._opened(folder), name)

    def _after_make_folder(self, folder: Handle, name: str, mode: int) -> None:
        self._dirt.touch_names(self._opened(folder), "side", f"{name} was made")

    def _before_make_symlink(self, folder: Handle, name: str, target: str) -> None:
        self._demand_begun(self._opened(folder), name)

    def _after_make_symlink(self, folder: Handle, name: str, target: str) -> None:
        self._dirt.touch_names(self._opened(folder), "side", f"{name} was made")

    def _demand_begun(self, folder: Opened, name: str) -> None:
        where = f"{folder.folder}/{name}"
        if attics.is_for_git(folder.folder, name):
            return None
        if names.parse_side(name) is None:
            return self._note("I2", f"{where} is made, which is no side name")
        book = self._of_side(name)
        if book is None or Type.BEGUN not in book.durable:
            return self._note("I1", f"{where} is made before BEGIN is durable")
        if not (book.is_named and book.is_name_durable):
            return self._note("I1", f"{where} is made before the journal has its name, durably")
        if (folder.folder, name) not in book.sides and not attics.is_proof(book, folder.folder, name):
            return self._note("I1", f"{where} is made, which BEGIN does not list")
        return None

    def _before_exchange(self, folder: Handle, name: str, other: str) -> None:
        where = self._opened(folder)
        side, target = (name, other) if names.parse_side(name) else (other, name)
        if names.parse_side(name) and names.parse_side(other):  # a trial
            self._demand_begun(where, name)
            return self._demand_begun(where, other)
        self._demand_switching(where, target, "exchanged")
        entry = self._exchanged(where, side, target)
        if entry is None:
            return self._note("I1", f"{where.folder}/{target} is exchanged with {side}, which is no step of a journal")
        book = self._of_side(side)
        beside = self._look(where, side)
        if book and not book.is_forward and entry.staged and beside and beside.ino == entry.staged.ino:
            self._note("I6", f"{where.folder}/{target} is exchanged for what was staged, without FORWARD")
        return None

    def _after_exchange(self, folder: Handle, name: str, other: str) -> None:
        where = self._opened(folder)
        side, target = (name, other) if names.parse_side(name) else (other, name)
        kind = "side" if names.parse_side(target) else "target"
        self._dirt.touch_names(where, kind, f"{target} was exchanged")
        book, entry = self._of_side(side), self._exchanged(where, side, target)
        if book and entry:
            self._looks.exchanged(book, entry, where, side, target)

    def _exchanged(self, where: Opened, side: str, target: str) -> Entry | None:
        book = self._of_side(side)
        found = book.sides.get((where.folder, side), []) if book else []
        return next((e for e in found if e.step.kind is StepKind.EXCHANGE and e.step.name == target), None)

    def _before_link(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        self._demand_begun(self._opened(to_folder), to_name)
        if names.parse_side(name) is None:  # else a trial, which is about its own files
            self._demand_switching(self._opened(folder), name, "linked")

    def _after_link(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        where = self._opened(to_folder)
        self._dirt.touch_names(where, "side", f"{to_name} was linked")
        book = self._of_side(to_name) if names.parse_side(name) is None else None
        for entry in book.sides.get((where.folder, to_name), []) if book else []:
            if entry.step.kind is StepKind.EXCHANGE:  # else it was looked at in the file that is held open
                self._looks.linked(entry, where, to_name)

    def _before_replace(self, folder: Handle, name: str, to_name: str) -> None:
        where = self._opened(folder)
        self._demand_switching(where, to_name, "replaced")
        self._demand_spare(where, to_name, "replaced")

    def _after_replace(self, folder: Handle, name: str, to_name: str) -> None:
        self._dirt.touch_names(self._opened(folder), "target", f"{to_name} was replaced")

    def _before_rename(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        source, goal = self._opened(folder), self._opened(to_folder)
        if found := JOURNAL.fullmatch(name):
            if book := self._live().get(found[1]):
                self._records.before_renaming(book, found[2])
            return
        if self._moves_to_attic(source, name, goal, to_name):
            return
        for where, one in ((source, name), (goal, to_name)):
            # A side file may be a target: one of a batch that is over, which this batch clears.
            is_target = bool(self._entries(where.folder, one))
            parsed = names.parse_side(one)
            if parsed and not is_target and attics.held_by(where.folder) != parsed[0]:
                book = self._of_side(one)
                if book is None or (where.folder, one) not in book.sides:
                    self._note("I1", f"{where.folder}/{one} is renamed, which no journal here lists")
            elif one is not to_name or names.parse_visible(one) is None:
                self._demand_switching(where, one, "renamed")

    def _after_rename(self, folder: Handle, name: str, to_folder: Handle, to_name: str) -> None:
        source, goal = self._opened(folder), self._opened(to_folder)
        if found := JOURNAL.fullmatch(name):
            if (book := self._live().get(found[1])) and found[2] == "new":
                book.is_named = True
                self._opened(book.handle).name = to_name
            self._dirt.unspoil(source)
            self._dirt.unspoil(goal)
            return
        parsed = names.parse_side(name)
        put_away = parsed is not None and attics.held_by(goal.folder) == parsed[0] != attics.held_by(source.folder)
        if put_away:
            self._moved_to_attic(source, goal)
        to_attic = put_away or attics.is_root(goal.folder)
        ours = to_attic or (names.parse_side(name) and names.parse_visible(to_name))
        for where in (source, goal):
            self._dirt.touch_names(where, "side" if ours else "target", f"{name} was renamed to {to_name}")
        for book in self._books.values():
            entry = book.moves.get(((source.folder, name), (goal.folder, to_name)))
            if entry and book.is_forward and entry.step.kind is not StepKind.PLACE:
                self._looks.moved(entry, source, name, goal, to_name)

    def _before_unlink(self, folder: Handle, name: str) -> None:
        where = self._opened(folder)
        if found := JOURNAL.fullmatch(name):
            if book := self._live().get(found[1]):
                self._records.before_unlinking(book, where, found[2])
        else:
            self._before_removal(where, name)

    def _before_remove_folder(self, folder: Handle, name: str) -> None:
        self._before_removal(self._opened(folder), name)

    def _before_removal(self, where: Opened, name: str) -> None:
        if stat := self._look(where, name):
            self._removed = stat
        above = next((self._of_side(part) for part in where.folder.split("/") if names.parse_side(part)), None)
        if attics.is_mark(where.folder, name) or self._removes_in_attic(where, name):
            return
        if above is not None:  # in a folder that a committed batch deleted
            if not above.is_committed:
                self._note("I5", f"{where.folder}/{name} is removed before COMMIT is durable")
        elif names.parse_side(name) is None:
            self._demand_switching(where, name, "removed")
            self._demand_spare(where, name, "removed")
        else:
            self._before_side_removal(where, name, stat)

    def _before_side_removal(self, where: Opened, name: str, stat: Stat | None) -> None:
        book = self._of_side(name)
        if book is not None and attics.is_proof(book, where.folder, name):
            return None
        if book is None or (where.folder, name) not in book.sides:
            return self._note("Never", f"{where.folder}/{name} is removed, which no journal here lists")
        entries = book.sides[where.folder, name]
        staged = stat is not None and any(e.step.staged and e.staged and is_same_inode(stat, e.staged) for e in entries)
        if Type.PREPARED not in book.durable or (book.is_committed and staged):
            return None
        if staged:
            self._records.before_removing_staged(book, f"{where.folder}/{name}")
        else:
            self._demand_spare(where, name, "removed")
        return None

    def _after_unlink(self, folder: Handle, name: str) -> None:
        if self._removed is not None and self._removed.nlink == 1:
            self._dirt.forget(self._removed)
        kind = "side" if names.parse_side(name) else "target"
        self._dirt.touch_names(self._opened(folder), kind, f"{name} was removed")

    def _after_remove_folder(self, folder: Handle, name: str) -> None:
        if self._removed is not None:
            self._dirt.forget(self._removed)
        kind = "side" if names.parse_side(name) else "target"
        self._dirt.touch_names(self._opened(folder), kind, f"{name} was removed")

    def _demand_switching(self, where: Opened, name: str, what: str) -> None:
        """A target may change only while its journal says so."""
        path = f"{where.folder}/{name}"
        books = {book.txn: book for _, book in self._entries(where.folder, name)}.values()
        if not books:
            return self._note("Never", f"{path} is {what}, which no journal here lists")
        for book in books:
            self._records.demand_switching(book, f"{path} is {what}")
        return None

    def _demand_spare(self, where: Opened, name: str, what: str) -> None:
        """An original may lose its last name only after COMMIT, and somebody's file never."""
        stat = self._look(where, name)
        if stat is None or stat.nlink > 1 or stat.kind is Kind.FOLDER:
            return
        for book in self._live().values():
            entry = book.originals.get(stat.ino)
            if entry and entry.step.original and is_same_inode(stat, entry.step.original) and not book.is_committed:
                if self._is_copied(where, book, entry):
                    return
                self._note("Never", f"{where.folder}/{name} is {what} before COMMIT: it is the only original")
                return
            if entry and entry.step.original and book.is_committed and not is_same(stat, entry.step.original):
                self._note("Never", f"{where.folder}/{name} is {what} after somebody has written into it")
                return

    def _is_copied(self, where: Opened, book: Book, entry: Entry) -> bool:
        """Whether a durable copy of an original lies beside it, where it could get no second name."""
        copy = self._look(where, names.side(book.txn, entry.step.side, old=True))
        if copy is None or entry.step.original is None or copy.size != entry.step.original.size:
            return False
        return not self._dirt.of_file(copy) and not self._dirt.of_names(where.folder, "side")
