"""What became of every batch, and what a person does about one: look, undo, pin, report, free space."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.engine import EngineClient, Request
from app.values import DiffRow, DiffSummary, Json, entry, file_entry
from core.history import Entry, FileEntry


class HistoryFlow(QObject):
    """Asks again whenever it is told to `look`; answers about a batch that is not looked at any more are dropped."""

    found = Signal(object, object)
    files_found = Signal(object, object)
    verified = Signal(object, object)
    compared = Signal(object, object, object)
    would_expire = Signal(object)
    expired = Signal(object)
    reported = Signal(object)
    trouble = Signal(object, object)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._asked: list[Request] = []
        self.entries: list[Entry] = []
        self.dropped: list[Json] = []  # in this session, for a page that is made later
        self.expired.connect(self.dropped.extend)

    def look(self) -> None:
        """Ask for all batches; `found` (entries, figures over all of them) follows."""
        entries: list[Entry] = []
        request = self._engine.ask("history")
        request.part.connect(lambda event, answer: entries.extend(map(entry, answer["entries"])))
        request.failed.connect(self.trouble)

        def finish(figures: Json) -> None:
            self.entries = entries
            self.found.emit(entries, figures)

        self._engine.ask("stats").done.connect(finish)

    def at(self, chosen: Entry) -> None:
        """Ask for the files of a batch, and how they are now; `files_found` and then `verified` (entry, drifts) follow."""
        for request in self._asked:
            request.abandon()
        files: list[FileEntry] = []
        request = self._engine.ask("entry", txn=chosen.txn)
        request.part.connect(lambda event, answer: files.extend(map(file_entry, answer["files"])))
        request.done.connect(lambda answer: self.files_found.emit(chosen, files))
        request.failed.connect(self.trouble)
        self._asked = [request]
        if chosen.ended:
            verify = self._engine.ask("verify", txn=chosen.txn)
            verify.done.connect(
                lambda answer: self.verified.emit(chosen, {one["path"]: one["drift"] for one in answer["differences"]})
            )
            self._asked.append(verify)

    def compare(self, one: FileEntry) -> None:
        """Compare what a file was before its batch with what it is now; `compared` (file, rows, summary) follows."""
        rows: list[DiffRow] = []
        now = None if one.deed == "delete" else one.to or one.path
        request = self._engine.ask("compare", before=one.held or None, after=now)
        request.part.connect(lambda event, answer: rows.extend(DiffRow(*row) for row in answer["rows"]))
        request.done.connect(lambda answer: self.compared.emit(one, rows, DiffSummary.of(answer)))
        request.failed.connect(lambda code, values: self.compared.emit(one, [], DiffSummary("gone", 0, 0, False)))
        self._asked.append(request)

    def pin(self, chosen: Entry, *, pinned: bool) -> None:
        """Keep the previous versions of a batch for good, or no longer."""
        request = self._engine.ask("pin", txn=chosen.txn, pinned=pinned)
        request.done.connect(lambda answer: self.look())
        request.failed.connect(self.trouble)

    def report(self, txn: str, how: str, path: str) -> None:
        """Write a report ("json", "csv", "markdown" or "patch"); `reported` (path) follows."""
        request = self._engine.ask("save_report", txn=txn, format=how, path=path)
        request.done.connect(lambda answer: self.reported.emit(path))
        request.failed.connect(self.trouble)

    def expire(self, *, dry: bool) -> None:
        """Drop previous versions that are beyond the limits of the settings; `dry`: only say which."""
        request = self._engine.ask("expire", dry=dry)
        told = self.would_expire if dry else self.expired
        request.done.connect(lambda answer: told.emit(answer["expired"]))
        request.failed.connect(self.trouble)

    def tidy(self) -> None:
        """Drop what is beyond the limits without being asked, after a batch; `expired` follows if that was anything."""
        self._engine.ask("expire", dry=False).done.connect(
            lambda answer: self.expired.emit(answer["expired"]) if answer["expired"] else None
        )
