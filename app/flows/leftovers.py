"""Leftovers: which folders are watched, what lies there, and what a person decides about it."""

from __future__ import annotations

import os

from PySide6.QtCore import QObject, Signal

from app import leftover_texts, texts
from app.engine import EngineClient, Request
from app.flows.operations import Card
from app.values import Coverage, DiffRow, DiffSummary, Json, Leftover
from app.words import _


class LeftoversFlow(QObject):
    """One watch over some folders. It runs in a worker of its own: a transaction never shares a process with it."""

    roots_changed = Signal()
    began = Signal()
    found = Signal(object)
    gone = Signal(object)
    covered = Signal(object)
    counted = Signal(object)
    compared = Signal(object, object, object)
    queued = Signal(object)
    trashed = Signal(object, object)
    cleared = Signal(object, bool)
    forgotten = Signal(object)
    trouble = Signal(object, object)

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._watcher: EngineClient | None = None
        self._scanner: EngineClient | None = None
        self._watch: Request | None = None
        self._comparing: Request | None = None
        self.roots: list[str] = []
        self.leftovers: dict[str, Leftover] = {}

    def begin(self) -> None:
        """Make the worker that watches; called when the page is first shown."""
        if self._watcher is None:
            self._watcher = EngineClient(self)
            self._watcher.restarted.connect(self._start)

    @property
    def workers(self) -> list[EngineClient]:
        """The workers that watch and scan, as far as there are any."""
        return [one for one in (self._watcher, self._scanner) if one is not None]

    @property
    def watcher(self) -> EngineClient | None:
        """The worker that watches, once there is one."""
        return self._watcher

    def watch(self, paths: list[str]) -> None:
        """Watch more folders."""
        self.roots += [path for path in paths if path not in self.roots]
        self._start()

    def watch_only(self, paths: list[str]) -> None:
        """Watch these folders and no others."""
        if paths != self.roots:
            self.roots = list(paths)
            self._start()

    def unwatch(self, path: str) -> None:
        """Watch a folder no more."""
        self.roots.remove(path)
        self._start()

    def compare(self, leftover: Leftover) -> None:
        """Compare a leftover with its original, or with nothing; `compared` (leftover, rows, summary) follows."""
        if self._comparing is not None:
            self._comparing.abandon()
        rows: list[DiffRow] = []
        before = leftover.original if leftover.same is not None else None
        request = self._comparing = self._engine.ask("compare", before=before, after=leftover.path)

        def collect(event: str, answer: Json) -> None:
            rows.extend(DiffRow(*row) for row in answer["rows"])

        request.part.connect(collect)
        request.done.connect(lambda answer: self.compared.emit(leftover, rows, DiffSummary.of(answer)))

    def restore(self, leftover: Leftover) -> None:
        """Queue giving the original the content of a leftover: a batch like any other.

        The engine says which file that is: what may be only a part goes beside it, and of a swap file Vim has to tell.
        """
        request = self._engine.ask("restore", path=leftover.path)
        request.done.connect(lambda answer: self._queue(leftover, answer))
        request.failed.connect(self.trouble)

    def clear(self, leftovers: list[Leftover], *, undo: bool = True) -> None:
        """Clear leftovers: a batch like any other; `cleared` (what the engine answers, `undo`) follows.

        `undo` False: they are deleted for good, and their space is free at once.
        """
        name = leftover_texts.clearing([one.path for one in leftovers])
        request = self._engine.ask("clear", leftovers=[one.shown for one in leftovers], undo=undo, name=name)
        request.done.connect(lambda answer: self.cleared.emit(answer, undo))
        request.failed.connect(self.trouble)

    def trash(self, leftovers: list[Leftover]) -> None:
        """Move leftovers to the desktop's trash; `trashed` (paths, failures) follows."""
        request = self._engine.ask("trash", leftovers=[one.shown for one in leftovers])
        request.done.connect(self._take_trashed)
        request.failed.connect(self.trouble)

    def keep(self, leftovers: list[Leftover]) -> None:
        """Show leftovers no more until they change; the watch leaves them out as soon as that is stored."""
        self._decide("keep", leftovers=[one.shown for one in leftovers])

    def ignore(self, number: int, folder: str) -> None:
        """Show a kind no more in and below a folder."""
        self._decide("ignore", number=number, folder=folder)

    def forget(self) -> None:
        """Show again what was kept or ignored in the watched folders; `forgotten` (how many decisions) follows."""
        request = self._engine.ask("forget", roots=self.roots)
        request.done.connect(lambda answer: self.forgotten.emit(answer["forgotten"]))
        request.failed.connect(self.trouble)

    def show_protected(self, *, shown: bool) -> None:
        """Find what is never to be touched, too, once; or show it no more. The watch leaves it out."""
        if self._scanner is not None:
            self._scanner.close()
            self._scanner = None
        self.gone.emit([path for path, one in self.leftovers.items() if one.advice == "protected"])
        if shown and self.roots:
            self._scanner = EngineClient(self)
            request = self._scanner.ask("scan", roots=self.roots, everything=True)
            request.part.connect(self._take_protected)
            request.failed.connect(self._fail)

    def close(self) -> None:
        """End the workers that watch and scan."""
        for client in (self._watcher, self._scanner):
            if client is not None:
                client.close()

    def _decide(self, what: str, **values: object) -> None:
        request = self._engine.ask(what, **values)
        request.failed.connect(self.trouble)

    # following the watch

    def _start(self) -> None:
        self.begin()
        assert self._watcher is not None
        if self._watch is not None:
            self._watch.abandon()
            self._watcher.cancel(self._watch)
            self._watch = None
        self.leftovers.clear()
        self.began.emit()
        self.roots_changed.emit()
        self.counted.emit(0)
        if not self.roots:
            return
        request = self._watch = self._watcher.ask("watch", roots=self.roots)
        request.part.connect(self._take)
        request.failed.connect(self._fail)

    def _take(self, event: str, answer: Json) -> None:
        if event == "found":
            found = [Leftover.of(one) for one in answer["leftovers"]]
            self.leftovers.update((one.path, one) for one in found)
            self.found.emit(found)
        elif event == "gone":
            for path in answer["paths"]:
                self.leftovers.pop(path, None)
            self.gone.emit(answer["paths"])
        elif event == "coverage":
            self.covered.emit(Coverage(**{key: answer[key] for key in Coverage.__dataclass_fields__}))
        self.counted.emit(sum(one.advice != "protected" for one in self.leftovers.values()))

    def _take_protected(self, event: str, answer: Json) -> None:
        if event == "found":
            all_of_them = map(Leftover.of, answer["leftovers"])
            found = [one for one in all_of_them if one.advice == "protected"]
            self.leftovers.update((one.path, one) for one in found)
            self.found.emit(found)

    def _fail(self, code: str, values: Json) -> None:
        if code != "died":  # a new worker begins the watch again
            self.trouble.emit(code, values)

    def _take_trashed(self, answer: Json) -> None:
        self.trashed.emit(answer["trashed"], answer["failed"])

    def _queue(self, leftover: Leftover, answer: Json) -> None:
        name = leftover_texts.restoring(answer["original"])
        detail = _("from {path}", path=texts.shown(os.path.basename(leftover.path)))
        self.queued.emit(Card("restore", name, detail, tuple(answer["operations"])))
