"""Reads a journal once, from front to end, and remembers where the big records lie instead of holding them.

The transaction that writes a journal and the recovery that finds it abandoned read their steps through the same
`View`, so memory stays flat with the number of files, and every ordinary roll back exercises what recovery does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import JournalDamaged, JournalNewer
from core.fs.api import FileSystem, Handle
from core.journal import attics, codec, records
from core.journal.attics import AtticRef
from core.journal.records import FolderRef, Header, Identity, Step, StepKind, Type

_TAKING = (StepKind.PLACE, StepKind.EXCHANGE)  # what may give an evicted thing a name again
_WRITING = (StepKind.INPLACE, StepKind.DRAFT)
_LEAVING = (StepKind.EVICT, StepKind.CARRY)  # what takes an original from its name

_TAIL = 1 << 16
Chunk = tuple[int, list[Step], list[Identity | None]]  # number of the first step, steps, what was staged for each


class State(StrEnum):
    """How far a transaction came, as its journal tells it."""

    BEGINNING = "beginning"  # BEGIN is not whole: nothing of ours exists
    PREPARING = "preparing"  # BEGIN is whole: side files may exist, nothing was swapped
    SWITCHING = "switching"  # PREPARED: everything new is durable; names may have been swapped
    COMMITTED = "committed"  # COMMIT (or a roll forward that ended in it)
    ABORTED = "aborted"  # ABORT: originals are back; staged files may still lie around
    ENDED = "ended"


@dataclass(slots=True)
class Outline:
    """What the passes of a transaction want to know of its steps as a whole; folders by number, in the steps' order.

    `staging`: where something is staged. `resting`: every step's folder for it. `placed`: side numbers of evicted things
    that get a name again. `moving`: chunks with something that is moved. `aside`: where the side files
    lie of what is written in place in another folder: no name changes there before the end. `ordered`: there is more
    than exchanges of staged things, which may be done in any order.
    """

    chunks: int = 0
    ordered: bool = False
    gaining: dict[int, None] = field(default_factory=dict)
    losing: dict[int, None] = field(default_factory=dict)
    staging: dict[int, None] = field(default_factory=dict)
    resting: dict[int, None] = field(default_factory=dict)
    placed: set[int] = field(default_factory=set)
    moving: list[int] = field(default_factory=list)
    aside: dict[int, None] = field(default_factory=dict)

    def take(self, chunk: int, steps: list[Step]) -> None:
        """Take in the next chunk; one that was taken in is not looked at again."""
        if chunk != self.chunks:
            return
        self.chunks += 1
        moving = False
        for step in steps:
            if step.kind in _WRITING and step.to_folder != step.folder:
                self.aside[step.to_folder] = None
            else:
                (self.losing if step.kind is StepKind.EVICT else self.gaining)[step.to_folder] = None
                self.losing[step.folder] = None
            self.resting[step.stage_folder] = None
            if step.staged:
                self.staging[step.stage_folder] = None
            elif step.kind in _TAKING:
                self.placed.add(step.side)
            moving = moving or step.kind in _LEAVING
            self.ordered = self.ordered or step.kind is not StepKind.EXCHANGE or not step.staged
        if moving:
            self.moving.append(chunk)

    @property
    def touched(self) -> list[int]:
        """The folders whose entries the swap changes, those that gain a name before those that lose one."""
        return [*self.gaining, *(number for number in self.losing if number not in self.gaining)]


class View:
    """A journal's content. Chunks of steps are read back on demand."""

    def __init__(self, fs: FileSystem, handle: Handle, outline: Outline | None = None) -> None:
        self._fs = fs
        self._handle = handle
        self.header: Header | None = None
        self.folders: list[FolderRef] = []
        self._steps: list[int] = []
        self._staged: dict[int, int] = {}
        self._outline = outline or Outline()
        self.done: dict[int, Identity | None] = {}
        self.attics: list[AtticRef] = []
        self.held: list[int] = []
        self.seen: set[Type] = set()
        self.last: codec.Record = {}
        self.end = 0
        self.sequence = 0

    @classmethod
    def read(cls, fs: FileSystem, handle: Handle, outline: Outline | None = None) -> View:
        """Read all records; `JournalDamaged` when one in the middle does not verify. `outline`: of steps seen before."""
        view = cls(fs, handle, outline)
        view.catch_up()
        return view

    @classmethod
    def peek(cls, fs: FileSystem, handle: Handle) -> Header | None:
        """Read only who began it and when; None where not even that can be read."""
        view = cls(fs, handle)
        try:
            frame = view._frame(0)
            return records.read_begin(frame.record) if frame else None
        except JournalDamaged:
            return None

    @classmethod
    def glance(cls, fs: FileSystem, handle: Handle) -> tuple[Header, codec.Record] | None:
        """Read only the first and the last record of a journal that has ended; None where that takes reading all of it.

        Raises `JournalDamaged`; of the records in between it knows nothing.
        """
        view = cls(fs, handle)
        size = fs.fstat(handle).size
        tail = view._read(_TAIL, max(0, size - _TAIL))
        start = tail.rfind(codec.MARKER)
        last = codec.decode(tail, start) if start >= 0 else None
        first = view._frame(0)
        if first is None or last is None or last.end != len(tail) or last.record.get("t") != Type.END:
            return None
        _demand_version(first.record)
        return records.read_begin(first.record), last.record

    def catch_up(self) -> None:
        """Read the records that were appended since."""
        while (frame := self._frame(self.end)) is not None:
            if frame.sequence != self.sequence:
                raise JournalDamaged(offset=frame.start)
            self._take(frame)
            self.end, self.sequence = frame.end, frame.sequence + 1
        self._demand_torn()

    @property
    def state(self) -> State:
        """How far it came."""
        for kind, state in (
            (Type.END, State.ENDED),
            (Type.ABORT, State.ABORTED),
            (Type.COMMIT, State.COMMITTED),
            (Type.PREPARED, State.SWITCHING),
            (Type.BEGUN, State.PREPARING),
        ):
            if kind in self.seen:
                return state
        return State.BEGINNING

    @property
    def outline(self) -> Outline:
        """The steps as a whole; what the first pass over them has seen is not read again."""
        for chunk in range(self._outline.chunks, len(self._steps)):
            self._read_steps(chunk)
        return self._outline

    def moves(self) -> Iterator[Step]:
        """Yield the steps that take an original from its name."""
        for chunk in self.outline.moving:
            yield from (step for step in self._read_steps(chunk) if step.kind in _LEAVING)

    @property
    def order(self) -> range:
        """The numbers of all chunks of steps."""
        return range(len(self._steps))

    def chunks(self, order: Iterable[int]) -> Iterator[Chunk]:
        """Yield (number of the first step, steps, what was staged for each), chunk after chunk."""
        for chunk in order:
            steps = self._read_steps(chunk)
            staged: list[Identity | None] = [None] * len(steps)
            if chunk in self._staged:
                staged = self._read_staged(chunk, len(steps))
            yield chunk * records.CHUNK, steps, staged

    def plain_steps(self) -> Iterator[Step]:
        """Yield the steps alone, for who does not ask what was staged."""
        for chunk in self.order:
            yield from self._read_steps(chunk)

    def steps(self, *, backwards: bool = False) -> Iterator[tuple[int, Step, Identity | None]]:
        """Yield (number, step, what was staged for it) one by one."""
        for first, steps, staged in self.chunks(reversed(self.order) if backwards else self.order):
            numbered = list(zip(range(first, first + len(steps)), steps, staged, strict=True))
            yield from reversed(numbered) if backwards else numbered

    def _read_steps(self, chunk: int) -> list[Step]:
        steps = records.read_steps(self._record(self._steps[chunk]), len(self.folders))
        self._outline.take(chunk, steps)
        return steps

    def _read_staged(self, chunk: int, count: int) -> list[Identity | None]:
        result = records.read_staged(self._record(self._staged[chunk]))
        if len(result) != count:
            raise JournalDamaged(field="staged")
        return result

    def _take(self, frame: codec.Frame) -> None:
        try:
            kind = Type(str(frame.record.get("t")))
        except ValueError as error:
            raise JournalDamaged(offset=frame.start) from error
        if (kind is Type.BEGIN) != (self.header is None):
            raise JournalDamaged(offset=frame.start)
        match kind:
            case Type.BEGIN:
                _demand_version(frame.record)
                self.header = records.read_begin(frame.record)
            case Type.FOLDERS:
                self.folders += records.read_folders(frame.record)
            case Type.STEPS:
                self._steps.append(frame.start)
            case Type.ATTICS:
                self.attics = attics.read_attics(frame.record, len(self.folders))
            case Type.HELD:
                self.held = attics.read_held(frame.record, self.attics)
            case Type.STAGED:
                self._staged[records.staged_chunk(frame.record)] = frame.start
            case Type.DONE:
                number, identity = records.read_done(frame.record)
                self.done[number] = identity
            case _:
                pass
        self.seen.add(kind)
        self.last = frame.record

    def _record(self, offset: int) -> codec.Record:
        frame = self._frame(offset)
        if frame is None:
            raise JournalDamaged(offset=offset)
        return frame.record

    def _frame(self, offset: int) -> codec.Frame | None:
        head = self._read(codec.HEAD_SIZE, offset)
        length = codec.payload_length(head)
        if length is None:
            return None
        frame = codec.decode(head + self._read(length, offset + codec.HEAD_SIZE))
        return frame and codec.Frame(frame.record, frame.sequence, offset, offset + frame.end)

    def _demand_torn(self) -> None:
        tail = self._read(2 * codec.MAX_PAYLOAD, self.end)
        if tail.strip(b"\0"):
            codec.demand_torn(tail)

    def _read(self, size: int, offset: int) -> bytes:
        parts = []
        while size > 0 and (part := self._fs.read_at(self._handle, size, offset)):
            parts.append(part)
            size -= len(part)
            offset += len(part)
        return b"".join(parts)


def _demand_version(begin: codec.Record) -> None:
    version = begin.get("v")
    if version != records.VERSION:
        is_newer = isinstance(version, int) and version > records.VERSION
        raise JournalNewer(version=version) if is_newer else JournalDamaged(version=version)
