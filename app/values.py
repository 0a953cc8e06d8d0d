"""What the window knows, as plain values: no dictionaries beyond `app.engine`, no Qt before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from core.errors import Fix, Problem, ProblemCode
from core.history import Deed, Entry, FileEntry, Hindrance, State
from core.keeping import Pending

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One file's before and after, told apart by what it is and not by what is in it: so a list finds it at once.

    Sizes in bytes, None where there is nothing; `to` is "" unless it moves.
    """

    index: int
    operation: int
    action: str
    kind: str
    path: str
    to: str
    size_before: int | None
    size_after: int | None
    matches: int
    level: str = "exchange"

    @classmethod
    def of(cls, raw: Json) -> Change:
        """Make one of a CHANGE."""
        return cls(
            raw["index"],
            raw["op"],
            raw["action"],
            raw["kind"],
            raw["path"],
            raw["to"] or "",
            raw["size_before"],
            raw["size_after"],
            raw["matches"],
            raw["level"],
        )


def problem(raw: Json) -> Problem:
    """Make a problem of a PROBLEM."""
    fixes = tuple(Fix(fix) for fix in raw["fixes"])
    return Problem(ProblemCode(raw["code"]), raw["path"], raw["op"], raw["values"], fixes)


class Figures(NamedTuple):
    """What a change of a text comes to: lines that are new, and that are there no more.

    `before` and `after`: how it is written, an encoding and "lf", "crlf", "cr", "mixed" or "" (no line end); None where
    there is no text.
    """

    added: int
    removed: int
    before: tuple[str, str] | None
    after: tuple[str, str] | None

    @classmethod
    def of(cls, raw: list[Any]) -> Figures:
        """Make one of what `figures` answers."""
        added, removed, before, after = raw
        return cls(added, removed, before and (before[0], before[1]), after and (after[0], after[1]))


class DiffRow(NamedTuple):
    """A row of a side-by-side view; a side without a line is (None, None).

    `kind`: "=" unchanged, "~" changed, "-" removed, "+" added, "@" lines left out.
    """

    kind: str
    old_number: int | None
    old_text: str | None
    new_number: int | None
    new_text: str | None


class Match(NamedTuple):
    """One match of a search in one file: which operation's, its id, its line (from 1), and whether it is left out."""

    operation: int
    id: str
    line: int
    old: str
    new: str
    is_out: bool


@dataclass(frozen=True, slots=True)
class DiffSummary:
    """What a comparison came to. `kind`: text, binary, move, delete, folder or large."""

    kind: str
    added: int
    removed: int
    truncated: bool
    before: tuple[int, str] | None = None
    after: tuple[int, str] | None = None

    @classmethod
    def of(cls, raw: Json) -> DiffSummary:
        """Make one of the `done` of a comparison."""

        def side(key: str) -> tuple[int, str] | None:
            value = raw.get(key)
            return (value["size"], value["digest"]) if value else None

        return cls(raw["kind"], raw["added"], raw["removed"], raw["truncated"], side("before"), side("after"))


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """What operations came to.

    `unkept`: folders in which it cannot be undone; `keeps`: for how many seconds it can be elsewhere (0: for good).
    `space`: (where a disk is mounted, bytes that are written there, bytes free) for each disk.
    """

    plan: int
    files: int
    matches: int
    bytes: int
    problems: int
    undo: bool
    unkept: list[str]
    keeps: float
    space: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Progress:
    """One sample of a running batch. Phases: search, check, prepare, switch, finish, put_back."""

    phase: str
    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    path: str

    @classmethod
    def of(cls, raw: Json) -> Progress:
        """Make one of a sample of an engine."""
        return cls(**{key: raw[key] for key in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Result:
    """How a batch ended. `outcome`: committed, refused, rolled_back, needs_recovery."""

    outcome: str
    files: int = 0
    bytes: int = 0
    seconds: float = 0.0
    reason: str = ""
    path: str = ""
    error: str = ""
    kept: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    txn: str = ""
    as_it_was: bool = False

    @classmethod
    def of(cls, raw: Json) -> Result:
        """Make one of the `done` of an `apply`."""
        return cls(
            raw["outcome"],
            raw.get("files", 0),
            raw.get("bytes", 0),
            raw.get("seconds", 0.0),
            raw.get("reason", ""),
            raw.get("path", ""),
            raw.get("error", ""),
            tuple(raw.get("kept", ())),
            tuple((path, why) for path, why in raw.get("failed", ())),
            tuple(problem(one) for one in raw.get("problems", ())),
            raw.get("txn", ""),
            raw.get("as_it_was", False),
        )


def interrupted(raw: Json) -> Pending:
    """Make an interrupted batch of a BATCH."""
    return Pending(**{**raw, "folders": tuple(raw["folders"]), "paths": tuple(raw["paths"])})


def entry(raw: Json) -> Entry:
    """Make a batch of the past of an ENTRY."""
    values = {name: raw[name] for name in Entry.__dataclass_fields__}
    state, hindrance = State(raw["state"]), Hindrance(raw["hindrance"])
    return Entry(**{**values, "state": state, "hindrance": hindrance, "kept": tuple(raw["kept"])})


def file_entry(raw: Json) -> FileEntry:
    """Make a file of such a batch of a FILE."""
    return FileEntry(**{**raw, "deed": Deed(raw["deed"])})


@dataclass(frozen=True, slots=True)
class Leftover:
    """A file that a crash or a program left behind; see `core.leftovers`.

    Size in bytes, `mtime` and `changed` in seconds since 1970; with `ino` they tell whether it is still the file that
    was shown.
    `original`: what it is a version of, "" where there is no such file. `same`: None where nothing was compared.
    `advice` and `reason` are codes; `app.leftover_texts` has the words. `number` and `meaning` are those of its kind,
    `who` is the program that has it open, or whom it names. `due`: when it will be judged again, in seconds since 1970,
    0 where time changes nothing.
    """

    path: str
    kind: str
    made_by: str
    size: int
    mtime: float
    ino: int
    original: str
    same: bool | None
    txn: str
    advice: str
    reason: str
    changed: float = 0.0
    number: int = 0
    meaning: str = ""
    who: str = ""
    due: float = 0.0

    @property
    def shown(self) -> Json:
        """What tells whether it is still the file that was shown."""
        return {key: getattr(self, key) for key in ("path", "size", "mtime", "ino", "changed", "advice")}

    @classmethod
    def of(cls, raw: Json) -> Leftover:
        """Make one of a LEFTOVER."""
        values = {key: raw[key] for key in cls.__dataclass_fields__}
        return cls(**{**values, "original": raw["original"] or "", "txn": raw["txn"] or ""})


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a watch sees, in folders.

    `watched`: their changes arrive at once. `polled`: they are looked at from time to time. `live`: the first look is
    over, and at least some are watched.
    """

    folders: int
    watched: int
    polled: int
    unreadable: int
    live: bool
