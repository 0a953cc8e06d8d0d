"""Which handle stands for what, and which journals this process holds: what every rule asks."""

from __future__ import annotations

from collections.abc import Callable

from core import names
from core.fs.api import FileSystem, Handle, Stat
from tests.support.order.book import JOURNAL, Book, Entry
from tests.support.order.dirt import Dirt, Opened
from tests.support.order.looks import Looks
from tests.support.order.records import Records

Note = Callable[[str, str], None]  # (invariant, what happened against it)


class Handles:
    """Takes account of what is opened, looked at and closed."""

    def __init__(self, fs: FileSystem, note: Note) -> None:
        self._fs = fs
        self._note = note
        self._dirt = Dirt(fs)
        self._books: dict[str, Book] = {}
        self._records = Records(fs, self._dirt, note)
        self._looks = Looks(note)

    def _after_open_folder(self, path: str, *, result: Handle) -> None:
        self._dirt.take_folder(result, path)

    def _after_open_subfolder(self, folder: Handle, name: str, *, result: Handle) -> None:
        self._dirt.take_folder(result, f"{self._opened(folder).folder.rstrip('/')}/{name}")

    def _after_open(self, folder: Handle, name: str, *, write: bool = False, result: Handle) -> None:
        self._dirt.take_file(result, self._opened(folder), name, write=write)
        self._looks.read(self._opened(folder), name)

    def _after_close(self, handle: Handle) -> None:
        self._dirt.opened.pop(handle, None)
        for book in [book for book in self._books.values() if book.handle == handle]:
            del self._books[book.txn]

    def _after_stat(self, folder: Handle, name: str, *, result: Stat) -> None:
        self._looks.saw(self._opened(folder), name, result)

    def _opened(self, handle: Handle) -> Opened:
        return self._dirt.opened.get(handle) or Opened(handle, "(a folder that nobody opened)", "", (0, handle), 0)

    def _live(self) -> dict[str, Book]:
        """Return the journals that this process holds; those it adopted are read at the first change."""
        for file in list(self._dirt.opened.values()):
            found = JOURNAL.fullmatch(file.name)
            if found and found[2] == "journal" and file.is_writable and found[1] not in self._books:
                book = self._books[found[1]] = Book.adopted(self._fs, found[1], file.handle)
                self._records.suspect(book)
        return self._books

    def _journal(self, file: Opened) -> Book | None:
        return next((book for book in self._live().values() if book.handle == file.handle), None)

    def _of_side(self, name: str) -> Book | None:
        parsed = names.parse_side(name)
        return self._live().get(parsed[0]) if parsed else None

    def _look(self, folder: Opened, name: str) -> Stat | None:
        try:
            return self._fs.stat(folder.handle, name)
        except OSError:
            return None

    def _entries(self, folder: str, name: str) -> list[tuple[Entry, Book]]:
        return [(entry, book) for book in self._live().values() for entry in book.targets.get((folder, name), ())]
