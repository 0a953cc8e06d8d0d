"""What must be durable before a record is written, and what a durable record allows (I1, I3, I5, I6, I7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core import names
from core.fs.api import FileSystem, Stat
from core.journal import codec
from core.journal.reader import State
from core.journal.records import StepKind, Type, is_same, read_done
from tests.support.order.book import Book, Entry
from tests.support.order.dirt import Dirt, Opened


class Records:
    """Judges journals."""

    def __init__(self, fs: FileSystem, dirt: Dirt, note: Callable[[str, str], None]) -> None:
        self._fs = fs
        self._dirt = dirt
        self._note = note

    def suspect(self, book: Book) -> None:
        """Take for not durable whatever the process that died may have changed last."""
        if book.view is None or book.state in (State.BEGINNING, State.ENDED):
            return
        kind = "target" if book.state is State.SWITCHING or Type.PREPARED in book.durable else "side"
        if book.state in (State.ABORTED, State.COMMITTED):
            kind = "side"
        is_staging = book.state in (State.PREPARING, State.ABORTED)
        known: dict[str, set[int]] = {}
        for ref in book.view.folders:
            known.setdefault(ref.path, set()).add(ref.ino)
        for path in _staging(book) if is_staging else _paths(book):
            if (stat := self._stat(path)) is None or known.get(path, {0}).isdisjoint((0, stat.ino)):
                continue  # gone, or another folder by now
            folder = Opened(-1, path, "", (stat.dev, stat.ino), stat.dev)
            self._dirt.know(path, folder.key)
            self._dirt.touch_names(folder, kind, "the process that died may have changed it")

    def before(self, book: Book, data: bytes) -> None:
        """Judge a write into a journal."""
        if book.is_poisoned:
            return self._note("Never", "a journal is written to after its sync has failed")
        frame = codec.decode(data)
        if frame is None:
            return self._note("I1", "what is written into the journal is no record")
        kind = Type(str(frame.record["t"]))
        if rule := getattr(self, f"_before_{kind.value}", None):
            rule(book, frame.record)
        return None

    def synced(self, book: Book) -> None:
        """Take account of a sync of a journal."""
        fresh = set(book.written) - book.durable
        book.durable |= fresh
        book.durable_length = book.length
        book.is_forward |= Type.FORWARD in fresh
        if fresh & {Type.BEGUN, Type.PREPARED}:
            book.index(self._fs)

    def _before_prepared(self, book: Book, record: codec.Record) -> None:
        book.index(self._fs)
        if book.durable_length != book.length:
            # The pages of a file may last in any order: a power cut during one sync of both could leave PREPARED alone.
            self._note("I3", "PREPARED is written while a record before it is not durable")
        for entry in book.entries():
            if not entry.step.staged:
                continue
            path, name = book.paths(entry.step.stage_folder)[0], names.side(book.txn, entry.step.side)
            stat = self._stat(path, name)
            if stat is not None and (why := self._dirt.of_file(stat)):
                self._note("I3", f"PREPARED is written while {path}/{name} is not durable: {why}")
            if why := self._dirt.of_names(path, "side", "target"):
                self._note("I3", f"PREPARED is written while the entries of {path} are not durable: {why}")

    def _before_forward(self, book: Book, record: codec.Record) -> None:
        if Type.PREPARED not in book.durable:
            self._note("I3", "FORWARD is written without PREPARED")

    def _before_commit(self, book: Book, record: codec.Record) -> None:
        if Type.PREPARED not in book.durable:
            self._note("I5", "COMMIT is written before PREPARED is durable")
        self._demand_names(book, "I5", "COMMIT", "target")
        for entry in book.entries():
            if entry.step.kind is not StepKind.INPLACE:
                continue
            if Type.DONE not in book.durable and book.draft_of(entry) is None:
                self._note("I7", "COMMIT is written before DONE is durable")
            self._demand_content(book, entry, "I7", "COMMIT")

    def _before_done(self, book: Book, record: codec.Record) -> None:
        number, now = read_done(record)
        entry = book.entries()[number]
        if Type.PREPARED not in book.durable:
            self._note("I7", "DONE is written before PREPARED is durable")
        if now is None or now.kind != "file":
            return
        path = book.paths(entry.step.folder)[0]
        stat = self._stat(path, entry.step.name)
        if stat is not None and is_same(stat, now) and not self._dirt.is_synced(stat):
            self._note("I7", f"DONE is written while {path}/{entry.step.name} is not durable")

    def _before_abort(self, book: Book, record: codec.Record) -> None:
        self._demand_names(book, "I6", "ABORT", "target")
        for entry in book.entries():
            if entry.step.kind is StepKind.INPLACE:
                self._demand_content(book, entry, "I6", "ABORT")

    def _before_end(self, book: Book, record: codec.Record) -> None:
        self._demand_names(book, "I6", "END", "target", "side")
        for path in (path for root in book.roots for path in (root, f"{root}/{names.holding(book.txn)}")):
            if why := self._dirt.of_names(path, "side"):
                self._note("I9", f"END comes while the entries of {path} are not durable: {why}")

    def before_renaming(self, book: Book, kind: str) -> None:
        """Judge the journal's getting its name, or becoming history."""
        if kind == "new" and Type.BEGUN not in book.durable:
            self._note("I1", "the journal gets its name before BEGIN is durable")
        elif kind == "journal":
            self._demand_names(book, "I6", "the journal's end", "target", "side")

    def before_unlinking(self, book: Book, where: Opened, kind: str) -> None:
        """Judge the removal of a journal, or of the mark beside it."""
        if kind == "journal":
            self._demand_names(book, "I6", "the journal's removal", "target", "side")
        elif kind == "abort" and self._stat(where.folder, f"{book.txn}.journal") is not None:
            self._note("I5", "the mark that beats COMMIT is removed before the journal")

    def before_removing_staged(self, book: Book, path: str) -> None:
        """Staged content goes only when everything is back, durably."""
        if book.is_committed:
            return
        for folder in _paths(book):
            if why := self._dirt.of_names(folder, "target"):
                self._note("I6", f"{path} is removed before what was put back in {folder} is durable: {why}")
                return

    def demand_switching(self, book: Book, what: str) -> None:
        """Judge a change of a target."""
        if Type.PREPARED not in book.written:
            self._note("I2", f"{what} before PREPARED")
        elif Type.PREPARED not in book.durable:
            self._note("I3", f"{what} before PREPARED is durable")
        elif book.is_committed:
            self._note("I5", f"{what} after COMMIT")
        elif Type.ABORT in book.durable:
            self._note("I6", f"{what} after ABORT")
        elif book.is_poisoned and Type.COMMIT in book.written and not book.is_mark_durable:
            self._note("I5", f"{what} while a COMMIT whose sync has failed may be believed")

    def before_in_place(self, book: Book, entry: Entry, file: Opened, what: str) -> None:
        """Judge a write into an original's inode."""
        self.demand_switching(book, f"{file.path} is {what}")
        if entry.step.original is not None and entry.staged is None:
            self._note("I7", f"{file.path} is {what}, and PREPARED names no pre-image of it")
        assert book.view is not None
        if book.live or entry.number in book.view.done or self._is_part_of_ours(book, entry, file):
            return
        kept = self._stat(file.folder, names.visible(file.name, book.txn, 1))
        if kept is None:
            self._note("I7", f"{file.path} is {what}, and what somebody may have saved there is not in sight")
        elif why := self._dirt.of_file(kept) or self._dirt.of_names(file.folder, "side"):
            self._note("I7", f"{file.path} is {what}, and what was kept of it is not durable: {why}")

    def _is_part_of_ours(self, book: Book, entry: Entry, file: Opened) -> bool:
        """Whether a file holds nothing but what our own draft of it, or its pre-image, says: then nobody has saved there."""
        content = self._content(file.folder, file.name).rstrip(b"\0")
        sides = [names.side(book.txn, one.step.side) for one in (book.draft_of(entry), entry) if one is not None]
        beside = book.paths(entry.step.to_folder)[0]
        return any(self._content(beside, side).startswith(content) for side in sides)

    def _content(self, path: str, name: str) -> bytes:
        folder = self._fs.open_folder(path)
        try:
            handle = self._fs.open(folder, name)
            try:
                return self._fs.read_at(handle, self._fs.fstat(handle).size, 0)
            finally:
                self._fs.close(handle)
        finally:
            self._fs.close(folder)

    def _demand_names(self, book: Book, invariant: str, before: str, *kinds: str) -> None:
        for path in _paths(book, staging="side" in kinds):
            if why := self._dirt.of_names(path, *kinds):
                self._note(invariant, f"{before} comes while the entries of {path} are not durable: {why}")

    def _demand_content(self, book: Book, entry: Entry, invariant: str, before: str) -> None:
        path = book.paths(entry.step.folder)[0]
        stat = self._stat(path, entry.step.name)
        if stat is not None and (stat.dev, stat.ino) in self._dirt.files:
            why = self._dirt.of_file(stat)
            self._note(invariant, f"{before} comes while {path}/{entry.step.name} is not durable: {why}")

    def _stat(self, path: str, name: str = "") -> Stat | None:
        try:
            folder = self._fs.open_folder(path)
        except OSError:
            return None
        try:
            return self._fs.stat(folder, name) if name else self._fs.fstat(folder)
        except OSError:
            return None
        finally:
            self._fs.close(folder)


def _staging(book: Book) -> Iterable[str]:
    """Return the folders that can hold side files before the first name changes, or when all names are back."""
    return {path: None for entry in book.entries() if entry.step.staged for path in book.paths(entry.step.stage_folder)}


def _paths(book: Book, *, staging: bool = False) -> Iterable[str]:
    """Return the folders whose entries the steps change; with those that hold side files, if told."""
    found: dict[str, None] = {}
    for entry in book.entries():
        # What is written in place from another folder leaves the names in both as they are.
        is_apart = entry.step.kind in (StepKind.INPLACE, StepKind.DRAFT) and entry.step.to_folder != entry.step.folder
        numbers = [] if is_apart else [entry.step.folder, entry.step.to_folder]
        for number in [*numbers, entry.step.stage_folder] if staging else numbers:
            found.update(dict.fromkeys(book.paths(number)))
    return found
