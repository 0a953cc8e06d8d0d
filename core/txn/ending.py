"""How transactions end: put back, or finished. One routine for an error, for Cancel, and for recovery after a crash.

Everything here may be interrupted at any point and done again from the start. It looks at no cancel token.
"""

from __future__ import annotations

import contextlib
import errno
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from core.attic.store import Attic
from core.crew import Crew
from core.errors import Elsewhere
from core.fs.api import FileSystem, Handle
from core.journal.home import Home
from core.journal.reader import State, View
from core.journal.records import MOVES, Identity, Step, StepKind, Type
from core.journal.writer import Writer
from core.progress import CancelToken, Meter, Phase
from core.txn.barrier import Barrier
from core.txn.folders import Folders
from core.txn.taken import Taken
from core.txn.tidy import Tidier
from core.txn.undo import Undoer

_Failure = tuple[str, OSError]


@dataclass(slots=True)
class Report:
    """What an ending did. `failed`: (path, error) of what could not be done; then the journal stays for another try.

    `is_back`: everything is as it was, durably, even if not all that is ours could be removed.
    """

    is_back: bool = False
    kept: list[str] = field(default_factory=list)
    failed: list[_Failure] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether everything that had to be done was done."""
        return not self.failed


@dataclass(slots=True)
class Reached:
    """How far an engine that lives has come: the last move that was made, and the last step begun, by number.

    `staged`: the last step for which anything may have been staged; `proved`: the last place that was looked for an attic.
    """

    moved: int = -1
    begun: int = -1
    staged: int = -1
    proved: int = -1


class _Undone(NamedTuple):
    """How many steps were taken back, or tried; and what is for the report."""

    steps: int = 0
    kept: Sequence[str] = ()
    failed: Sequence[_Failure] = ()


def _failure(path: str, error: OSError | Elsewhere) -> _Failure:
    if isinstance(error, Elsewhere):
        path = str(error.values.get("path", path))
        error = OSError(errno.ESTALE, "the folder is not the one it was", path)
    return path, error


class Ending:
    """Ends one transaction whose journal this process has locked."""

    def __init__(
        self,
        home: Home,
        handle: Handle,
        view: View,
        meter: Meter,
        *,
        live: bool,
        reached: Reached | None = None,
        folders: Folders | None = None,
        poisoned: bool = False,
        processes: int = 1,
    ) -> None:
        assert view.header is not None
        self._home = home
        self._fs: FileSystem = home.fs
        self._view = view
        self._txn = view.header.txn
        self._meter = meter
        self._live = live
        self._reached = reached or Reached()
        self._folders = folders or Folders(home.fs, view.folders)
        self._handle = handle
        self._poisoned = poisoned
        self._processes = processes
        self._report = Report()
        self._attic = Attic(home.fs, self._txn, view.attics, view.held, view.folders)

    def put_back(self, reason: str, told: Callable[[], None] | None = None) -> Report:
        """Undo every step in reverse, make that durable, and remove what was staged.

        `told` is called in between: everything is as it was, and ABORT says so.
        """
        prepared = Type.PREPARED in self._view.seen
        if prepared and self._view.state is not State.ABORTED:
            self._undo_all()
        if self._report.failed:
            return self._report
        barrier = Barrier(self._fs, self._folders, self._count())
        try:
            if prepared:
                self._guarded("", lambda: barrier.flush(self.touched()))
            if self._report.failed:
                return self._report
            self._report.is_back = True
            if self._note(Type.ABORT, reason) and told is not None:
                told()
            self._remove_staged(prepared=prepared)
            self._withdraw()
            if self._report.is_clean:  # else the journal stays, and recovery does all of this again (I11)
                self._guarded("", lambda: barrier.flush(self._stage_folders()))
        finally:
            barrier.close()
        return self._end(reason, "put_back")

    def finish(self, reason: str = "") -> Report:
        """After COMMIT: put the pre-images away, and make the journal a history entry (I9)."""
        tidier = Tidier(self._fs, self._folders, self._txn, self._attic)
        placed = self._view.outline.placed
        self._meter.enter(Phase.FINISH, files=self._count())
        for step in self._view.plain_steps():
            try:
                tidier.clear_original(step, placed)
            except (OSError, Elsewhere) as error:
                self._fail(step.name, error)
            self._meter.files_done += 1
        if tidier.sync_failed:
            self._attic.close()  # all of this is for the next try (I11)
        else:
            self._guarded("", self._sync_cleared)
        self._report.kept += tidier.kept
        held = tidier.held if self._live else self._attic.measure()
        return self._end(reason, "applied", held=held, roots=self._attic.used)

    def _sync_cleared(self) -> None:
        """Make the attic durable before the folders that the pre-images have left."""
        barrier = Barrier(self._fs, self._folders, self._count())
        try:
            self._attic.sync(barrier)
            barrier.flush([*self.touched(), *self._view.outline.aside])
        finally:
            barrier.close()
            self._attic.close()

    def touched(self) -> list[int]:
        """Return the folders whose entries the swap changes, those that gain a name before those that lose one."""
        return self._view.outline.touched

    def _count(self) -> int:
        return self._view.header.files if self._view.header else 0

    def _stage_folders(self) -> list[int]:
        return list(self._view.outline.resting)

    def _undo_all(self) -> None:
        self._meter.enter(Phase.PUT_BACK, files=self._count())
        processes = 1 if self._view.outline.ordered else self._processes
        try:
            parts = list(self._undone(processes))
        except ChildProcessError:  # what a killed helper had taken back is back
            parts = list(self._undone(1))
        for part in parts:
            self._report.kept += part.kept
            self._report.failed += part.failed

    def _undone(self, processes: int) -> Iterator[_Undone]:
        with Crew(len(self._view.order), processes, self._undo_chunks, CancelToken()) as crew:
            for is_helpers, part in crew:
                self._meter.files_done += part.steps if is_helpers else 0
                yield part

    def _undo_chunks(self, order: Iterator[int], token: CancelToken) -> Iterator[_Undone]:
        """Take the steps of some chunks back; `order` counts from the last one. Yields what could not be done."""
        undoer = Undoer(self._fs, self._folders, self._txn, self._view.done, live=self._live)
        taken = Taken(self._fs, self._folders, self._txn)
        for first, steps, staged in self._view.chunks(self._view.order[-1 - number] for number in order):
            numbered = [*zip(range(first, first + len(steps)), steps, staged, strict=True)]
            failed = [self._undo(undoer, taken, *one) for one in reversed(numbered)]
            yield _Undone(len(steps), failed=[one for one in failed if one is not None])
        gone = "the previous version is not where it was"
        yield _Undone(kept=undoer.kept, failed=[(path, OSError(errno.ENOENT, gone)) for path in undoer.lost])

    def _undo(self, undoer: Undoer, taken: Taken, number: int, step: Step, staged: Identity | None) -> _Failure | None:
        """Take one step back; return what stands against it."""
        if self._live and self._is_beyond(number, step):
            return None  # never made here: where it looks made, somebody else has made it
        if self._folders.is_given_up(step.folder):
            return None
        self._meter.files_done += 1
        try:
            if taken.bars(step):
                raise BlockingIOError(errno.EAGAIN, "what has its name now could not be put back")
            undoer.undo(number, step, staged)
        except (OSError, Elsewhere) as error:
            taken.add(step)
            return _failure(self._folders.path(step.folder, step.name), error)
        return None

    def _is_beyond(self, number: int, step: Step) -> bool:
        """Whether we never came to a step. What is written in place may have been written outside of the swap."""
        if step.kind in MOVES:
            return number > self._reached.moved
        return step.kind is StepKind.EXCHANGE and number > self._reached.begun

    def _remove_staged(self, *, prepared: bool) -> None:
        tidier = Tidier(self._fs, self._folders, self._txn)
        for number, step, staged in self._view.steps(backwards=True):
            if self._live and number > self._reached.staged:
                continue  # its folder may be gone for good, and there is nothing of ours in it
            try:
                tidier.remove_staged(step, staged, prepared=prepared)
            except (OSError, Elsewhere) as error:
                self._fail(self._folders.path(step.stage_folder, step.name), error)
        self._report.kept += tidier.kept

    def _withdraw(self) -> None:
        """Remove the empty folders that were to hold the pre-images (I8)."""
        for number, ref in enumerate(self._view.attics):
            if self._live and number > self._reached.proved:
                continue
            self._guarded(
                ref.roots[0],
                lambda n=number, f=ref.folder: self._attic.withdraw(n, self._folders.need(f)),  # type: ignore[misc]
            )

    def _guarded(self, path: str, action: Callable[[], None]) -> None:
        """Do one thing; a failure is noted and does not keep the others from being put right."""
        try:
            action()
        except (OSError, Elsewhere) as error:
            self._fail(path, error)

    def _fail(self, path: str, error: OSError | Elsewhere) -> None:
        self._report.failed.append(_failure(path, error))

    def _note(self, kind: Type, reason: str, result: str = "", **more: object) -> bool:
        """Write ABORT or END, if there is room for it: without it, recovery would only find nothing left to do.

        A journal whose sync has failed is left alone: a later sync would say that all is well, and mean nothing.
        """
        if self._poisoned:
            return False
        self._view.catch_up()
        writer = Writer(self._fs, self._handle, position=self._view.end, sequence=self._view.sequence)
        with contextlib.suppress(OSError):
            self._fs.truncate(self._handle, self._view.end)
            self._fs.seek(self._handle, self._view.end)
            told = {"reason": reason, "result": result, "kept": self._report.kept, "at": time.time(), **more}
            writer.commit_to({"t": kind, **told})
            self._view.catch_up()
        self._poisoned = writer.sync_failed
        return kind in self._view.seen

    def _end(self, reason: str, result: str, **more: object) -> Report:
        if not self._report.failed:
            is_noted = self._note(Type.END, reason, result, **more)
            # A journal may end with a COMMIT that is not true: it is no history to be read one day. Nor is a trial, which
            # is of no files.
            is_false = self._poisoned or (Type.COMMIT in self._view.seen and not is_noted)
            forget = result == "put_back" and (is_false or self._count() == 0)
            leave = self._home.drop if forget else self._home.retire
            self._guarded(self._txn, lambda: leave(self._txn))
        self._folders.forget()
        return self._report
