"""A batch that was killed in the middle, and the journal it left."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from core.journal import codec
from core.journal.codec import Record
from tests.support import stopping
from tests.support.stopping import StoppingFileSystem
from tests.support.work import Json, Work

FILES: dict[str, str | bytes] = {"one": "old one", "two": "old two", "sub/three": "old three"}
OPERATIONS: list[Json] = [
    {"op": "edit", "path": "one", "find": "old", "replace": "new"},
    {"op": "delete", "path": "two"},
    {"op": "move", "path": "sub/three", "to": "three"},
    {"op": "create", "path": "made/four", "text": "new four"},
]


def read_records(journal: Path) -> list[Record]:
    """Read all records of a journal."""
    found, offset, data = [], 0, journal.read_bytes()
    while (frame := codec.decode(data, offset)) is not None:
        found.append(frame.record)
        offset = frame.end
    return found


def write_records(journal: Path, records: list[Record]) -> None:
    """Make a journal of these records, each with a checksum that is right."""
    journal.write_bytes(b"".join(codec.encode(one, number) for number, one in enumerate(records)))


@dataclass
class Interrupted:
    """The tree that was being changed, the state directory, and the journal."""

    work: Work
    state: Path
    txn: str

    @property
    def journal(self) -> Path:
        return self.state / "journals" / f"{self.txn}.journal"

    def records(self) -> list[Record]:
        """Read all records of the journal."""
        return read_records(self.journal)

    def rewrite(self, records: list[Record]) -> None:
        """Make a journal of these records, each with a checksum that is right."""
        write_records(self.journal, records)


class Moment(IntEnum):
    """When to kill, as the number of a rename: the first one gives the journal its name, the second reaches the attic."""

    PREPARED = 3  # nothing is switched yet
    SWITCHING = 4  # `two` has left its name, `one` is edited, `three` is not moved yet
    PLACING = 6  # `made` is there, `four` is not in it yet


def interrupt(
    work: Work, state: Path, moment: int = Moment.SWITCHING, operations: list[Json] = OPERATIONS
) -> Interrupted:
    """Kill a batch in the middle; a moment of another batch than ours is the number of a rename, too."""
    work.write(dict(FILES))
    plan = state.parent / "plan of the interrupted.json"
    absolute = [
        {key: str(work.tree / str(value)) if key in ("path", "to") else value for key, value in one.items()}
        for one in operations
    ]
    plan.write_text(json.dumps({"holdfast": 1, "name": "interrupted", "operations": absolute}))

    class Killed(StoppingFileSystem):
        renames = 0

        def __getattr__(self, verb: str) -> Callable[..., object]:
            self.renames += verb == "rename"
            if verb == "rename" and self.renames == moment:
                return lambda *arguments: stopping.die(self.real, verb, arguments)
            return super().__getattr__(verb)

    code = stopping.run(["apply", str(plan), "--yes", "--state-dir", str(state)], Killed(-1, stopping.die))
    assert code == -signal.SIGKILL, code
    (journal,) = (state / "journals").glob("*.journal")
    return Interrupted(work, state, journal.name.removesuffix(".journal"))
