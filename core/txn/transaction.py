"""One transaction, from BEGIN to COMMIT. `core.txn` describes the protocol; the numbers here are its invariants."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from core import helper, names
from core.attic.finder import Finder
from core.attic.store import Attic
from core.crew import Crew
from core.fs import places
from core.fs.api import FileSystem, Handle
from core.journal import attics, records
from core.journal.home import Home
from core.journal.reader import Outline, View
from core.journal.records import CHUNK, Header, Identity, Step, Type
from core.journal.writer import Writer
from core.progress import CancelToken, Meter, Phase
from core.txn.barrier import Barrier
from core.txn.ending import Ending, Reached, Report
from core.txn.folders import Folders
from core.txn.script import Maker, Script
from core.txn.stage import Staged, Stager
from core.txn.swap import Swapped, Swapper

_T = TypeVar("_T")

_MANY = 2 * CHUNK  # files: two processes have something to do, and forking takes a few milliseconds


class Transaction:
    """Steps of the protocol as methods, to be called in their order; `core.txn.run` does."""

    def __init__(self, home: Home, script: Script, meter: Meter, token: CancelToken, processes: int = 1) -> None:
        self.txn = names.new_txn()
        self.kept: list[str] = []
        self.view: View | None = None
        self.commit_failed = False
        self._reached = Reached()
        self._home = home
        self._fs: FileSystem = home.fs
        self._script = script
        self._meter = meter
        self._token = token
        self._processes = processes if script.files >= _MANY else 1
        self._folders = Folders(home.fs, script.folders())
        self._journal: Handle | None = None
        self._writer: Writer | None = None
        self._barrier: Barrier | None = None

    def begin(self) -> None:
        """Write down all that will be touched, durably, before anything of ours exists (I1)."""
        self._journal = self._home.create(self.txn)
        self._writer = Writer(self._fs, self._journal)
        outline = Outline()
        try:
            self._write_begin(self._writer, outline)
        except BaseException:
            self._home.discard(self.txn)
            raise
        self.view = View.read(self._fs, self._journal, outline)
        self._home.publish(self.txn)
        self._barrier = Barrier(self._fs, self._folders, self._script.files)

    def _write_begin(self, writer: Writer, outline: Outline) -> None:
        script = self._script
        header = Header(
            txn=self.txn,
            name=script.name,
            started=time.time(),
            host=places.host(),
            boot=places.boot(),
            pid=os.getpid(),
            uid=places.user(),
            undo=script.undo,
            files=script.files,
            bytes=script.bytes,
            undoes=script.undoes,
            partial=script.partial,
        )
        writer.append(records.begin(header))
        for refs in _chunked(self._folders.refs):
            writer.append(records.folders(refs))
        finder = Finder(self._fs, self._home.attic)
        for chunk, steps in enumerate(_chunked(script.steps())):
            self._token.check()
            writer.append(records.steps(steps))
            outline.take(chunk, steps)
            if script.undo:
                finder.note(steps, self._folders.refs)
        if places_to_rest := finder.refs(self._folders.refs):
            writer.append(attics.attics(places_to_rest))
        writer.commit_to({"t": Type.BEGUN})

    def stage(self) -> None:
        """Write everything new under side names (I2)."""
        assert self.view
        assert self._writer
        assert self._barrier
        self._meter.enter(Phase.PREPARE, files=self._script.files, size=self._script.bytes)
        held = self._reach_attics(self.view)
        processes = helper.affordable(self._processes, self._script.files)
        crew = Crew(len(self.view.order), processes, self._stage_chunks, self._token)
        try:
            with crew:
                for is_helpers, part in crew:
                    if is_helpers:
                        self._meter.files_done += len(part.identities)
                        self._meter.bytes_done += part.size
                    if any(part.identities):
                        self._writer.append(records.staged(part.chunk, part.identities))
        finally:
            if processes > 1:
                self._reached.staged = crew.taken * CHUNK - 1
            self._barrier.staged_all()
        if held:
            self._writer.append(attics.held(held))

    def _stage_chunks(self, order: Iterator[int], token: CancelToken) -> Iterator[Staged]:
        """Stage the steps of some chunks; yield what came of each."""
        assert self.view
        assert self._barrier
        stager = Stager(self._fs, self._folders, self.txn, self._meter, token)
        flushes = token is self._token  # a helper, which has a token of its own, leaves that to its owner
        contents, passed = self._script.contents(), 0
        for first, steps, _ in self.view.chunks(order):
            size = self._meter.bytes_done
            makers = islice(contents, first - passed, first - passed + len(steps))
            passed = first + len(steps)
            identities = []
            for number, (step, make) in enumerate(zip(steps, makers, strict=True), first):
                token.check()
                if step.staged:
                    self._folders.handle(step.stage_folder)  # where it is gone, there is nothing of ours in it
                self._reached.staged = number
                identities.append(self._stage_one(stager, step, make))
                self._meter.files_done += 1
                if flushes:
                    self._barrier.staged(self._meter.bytes_done)
            yield Staged(first // CHUNK, identities, self._meter.bytes_done - size)

    def _reach_attics(self, view: View) -> list[int]:
        """Prove that the pre-images can be put away later, and return where to (I8)."""
        attic = Attic(self._fs, self.txn, view.attics, [], view.folders)
        for number, ref in enumerate(view.attics):
            self._token.check()
            folder = self._folders.handle(ref.folder)
            self._reached.proved = number
            attic.prove(folder, number)
        return attic.held

    def _stage_one(self, stager: Stager, step: Step, make: Maker | None) -> Identity | None:
        assert self._barrier
        if make is None:
            return None
        if not step.staged:
            return make().known
        return stager.stage(step, make(), sync=self._barrier.syncs_each(step.stage_folder))

    def seal(self) -> None:
        """Take in the drafts that foreign code has written since `stage` (I2)."""
        assert self.view
        assert self._writer
        assert self._barrier
        self.view.catch_up()
        stager = Stager(self._fs, self._folders, self.txn, self._meter, self._token)
        contents = self._script.contents()
        for first, steps, staged in self.view.chunks(self.view.order):
            for index, (step, make) in enumerate(zip(steps, contents, strict=False)):
                if step.staged and make is not None and (content := make()).draft:
                    each = self._barrier.syncs_each(step.stage_folder)
                    staged[index] = stager.seal(step, content, sync=each)
            self._writer.append(records.staged(first // CHUNK, staged))
        self.view.catch_up()

    def prepare(self) -> None:
        """Barrier 1: everything new is durable before PREPARED says so (I3)."""
        assert self.view
        assert self._writer
        assert self._barrier
        self._look_before_preparing(self.view)
        self._barrier.flush(sorted(self.view.outline.staging))
        self._token.check()
        # What PREPARED is about is durable before it is written: one sync of both might leave PREPARED alone.
        self._writer.sync()
        self._writer.commit_to({"t": Type.PREPARED})
        self.view.catch_up()

    def _look_before_preparing(self, view: View) -> None:
        """Demand that what will move is where it was: else roll back could take another batch's move for ours (I6)."""
        swapper = Swapper(self._fs, self._folders, self.txn)
        for step in view.moves():
            swapper.demand_original(step)

    def swap(self) -> None:
        """Change names, verifying each (I4)."""
        assert self.view
        self._meter.enter(Phase.SWITCH, files=self._script.files)
        processes = 1 if self.view.outline.ordered else self._processes
        crew = Crew(len(self.view.order), processes, self._swap_chunks, self._token)
        try:
            with crew:
                for is_helpers, part in crew:
                    self.kept += part.kept
                    self._meter.files_done += part.steps if is_helpers else 0
        finally:
            if processes > 1:
                self._reached.begun = crew.taken * CHUNK - 1

    def _swap_chunks(self, order: Iterator[int], token: CancelToken) -> Iterator[Swapped]:
        assert self.view
        swapper = Swapper(self._fs, self._folders, self.txn)
        try:
            yield from swapper.run(self.view.chunks(order), self._meter, token)
        finally:
            self._reached.moved, self._reached.begun = swapper.moved, swapper.begun

    def note_done(self, number: int, now: Identity | None) -> None:
        """Record what an in-place step ended with; durable with COMMIT's predecessor (I7)."""
        assert self._writer
        self._writer.append(records.done(number, now))

    def sync_done(self) -> None:
        """Make the DONE records durable before COMMIT."""
        assert self._writer
        assert self.view
        self._writer.sync()
        self.view.catch_up()

    def commit(self) -> None:
        """Barrier 2, then COMMIT: the commit point (I5). Cancel is decided just before it."""
        assert self._barrier
        assert self._writer
        self._meter.enter(Phase.FINISH, files=self._script.files)
        self._barrier.flush(self._ending().touched())
        self._token.close()
        self._writer.append({"t": Type.COMMIT, "at": time.time()})
        try:
            self._writer.sync()
        except BaseException:
            self.commit_failed = True
            raise

    def put_back(self, reason: str, *, live: bool = True, told: Callable[[], None] | None = None) -> Report:
        """Bring everything back to how it was (I6). `told` is called when that is so, before what was staged goes."""
        if self.view is None:
            return Report()
        if self.commit_failed:
            # COMMIT may or may not have reached the disk: first make sure that it will not be believed.
            self._home.mark_aborted(self.txn)
        self.view.catch_up()
        report = self._ending(live=live).put_back(reason, told)
        report.kept += self.kept
        return report

    def finish(self) -> Report:
        """After COMMIT: tidy up. What fails here is done at the next start; the change stands."""
        assert self.view
        self.view.catch_up()
        return self._ending().finish()

    def _ending(self, *, live: bool = True) -> Ending:
        assert self.view
        assert self._journal is not None
        return Ending(
            self._home,
            self._journal,
            self.view,
            self._meter,
            live=live,
            reached=self._reached,
            processes=self._processes,
            folders=self._folders,
            poisoned=self._writer is not None and self._writer.sync_failed,
        )

    def close(self) -> None:
        """Let go of the journal, its lock and the folders."""
        if self._barrier:
            self._barrier.close()
        self._folders.forget()
        if self._journal is not None:
            self._home.discard(self.txn)
            self._fs.close(self._journal)
            self._journal = None


def _chunked(rows: Iterable[_T]) -> Iterator[list[_T]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
