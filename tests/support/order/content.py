"""Rules about what is in files, and about syncs (I3, I5, I7)."""

from __future__ import annotations

from core import names
from core.fs.api import Handle
from core.journal import codec
from core.journal.records import StepKind, Type
from tests.support.order.attics import AtticRules, is_for_git
from tests.support.order.book import JOURNAL
from tests.support.order.dirt import Key, Opened, volume_key


class ContentRules(AtticRules):
    """Writes, cuts, copies and syncs."""

    def _before_write(self, handle: Handle, data: bytes) -> None:
        file = self._opened(handle)
        if book := self._journal(file):
            self._records.before(book, data)
        else:
            self._before_content(file, "written to")

    def _after_write(self, handle: Handle, data: bytes) -> None:
        file = self._opened(handle)
        if book := self._journal(file):
            book.length += len(data)
            if frame := codec.decode(data):
                book.written.append(Type(str(frame.record["t"])))
        self._dirt.touch_file(file, f"{file.name} was written to")

    def _before_truncate(self, handle: Handle, size: int) -> None:
        file = self._opened(handle)
        book = self._journal(file)
        if book is None:
            self._before_content(file, "cut")
        elif book.is_poisoned:
            self._note("Never", "a journal is cut after its sync has failed")
        elif size < book.durable_length:
            self._note("I5", "a record that is durable is cut off")

    def _after_truncate(self, handle: Handle, size: int) -> None:
        file = self._opened(handle)
        self._dirt.touch_file(file, f"{file.name} was cut")

    def _before_copy_content(self, source: Handle, target: Handle) -> None:
        self._before_content(self._opened(target), "copied into")

    def _after_copy_content(self, source: Handle, target: Handle) -> None:
        self._dirt.touch_file(self._opened(target), f"{self._opened(target).name} was copied into")

    def _before_copy_range(self, source: Handle, target: Handle, offset: int, size: int, to: int) -> None:
        self._before_copy_content(source, target)

    def _after_copy_range(self, source: Handle, target: Handle, offset: int, size: int, to: int) -> None:
        self._after_copy_content(source, target)

    def _before_copy_metadata(self, source: Handle, target: Handle) -> None:
        file = self._opened(target)
        if names.parse_side(file.name):
            self._before_content(file, "given metadata")

    def _after_copy_metadata(self, source: Handle, target: Handle) -> None:
        self._dirt.touch_file(self._opened(target), f"{self._opened(target).name} was given metadata")

    def _before_set_runnable(self, handle: Handle) -> None:
        self._before_content(self._opened(handle), "given a mode")

    def _after_set_runnable(self, handle: Handle) -> None:
        self._dirt.touch_file(self._opened(handle), f"{self._opened(handle).name} was given a mode")

    def _before_content(self, file: Opened, what: str) -> None:
        if JOURNAL.fullmatch(file.name) or names.parse_visible(file.name) or is_for_git(file.folder, file.name):
            return
        if book := self._of_side(file.name):
            # Where there are no hard links, a copy of the original is made just before it is replaced.
            if Type.PREPARED in book.written and not _is_second(file.name):
                self._note("I3", f"{file.path} is {what} after PREPARED was written")
            return
        for entry, book in self._entries(file.folder, file.name):
            if entry.step.kind is StepKind.INPLACE:
                self._records.before_in_place(book, entry, file, what)
                return
        self._note("I2", f"{file.path} is {what}, which no journal allows")

    # syncs

    def _before_sync_file(self, handle: Handle) -> None:
        if self._opened(handle).is_spoilt:
            self._note("Never", f"{self._opened(handle).path} is synced again after a sync of it has failed")

    def _after_sync_file(self, handle: Handle) -> None:
        file = self._opened(handle)
        self._dirt.sync_file(file)
        if book := self._journal(file):
            self._records.synced(book)

    def _before_sync_folder(self, folder: Handle) -> None:
        self._live()  # before it makes durable what whoever died has left
        self._demand_attics_first(self._opened(folder))
        self._demand_not_again(self._opened(folder).key, self._opened(folder))

    def _demand_not_again(self, key: Key, folder: Opened) -> None:
        if key in self._dirt.spoilt:
            self._note("I11", f"{folder.path} is synced again after its sync has failed, and nothing was changed since")

    def _after_sync_folder(self, folder: Handle) -> None:
        opened = self._opened(folder)
        self._dirt.names.pop(opened.key, None)
        self._dirt.files.pop(opened.key, None)  # its own metadata
        for book in self._books.values():
            if self._opened(book.handle).folder == opened.folder:
                book.is_name_durable |= book.is_named
                book.is_mark_durable |= self._look(opened, f"{book.txn}.abort") is not None

    def _before_sync_volume(self, folder: Handle) -> None:
        self._live()
        self._demand_not_again(volume_key(self._opened(folder)), self._opened(folder))

    def _after_sync_volume(self, folder: Handle) -> None:
        self._dirt.sync_volume(self._opened(folder))


def _is_second(side: str) -> bool:
    """Whether a side name is the one under which an edit keeps the original."""
    parsed = names.parse_side(side)
    return parsed is not None and side == names.side(*parsed, old=True)
