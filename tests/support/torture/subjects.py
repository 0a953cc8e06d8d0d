"""Who is tried: how each applies a batch, how it is recovered where it can be, and what it needs to be here at all."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.torture import ours
from tests.support.torture.batches import EDITS, KINDS, LINKED, NEW, OLD, Batch

ROOT = Path(__file__).parents[3]
_LOOPS = str(Path(__file__).with_name("loops.py"))


@dataclass(frozen=True)
class Place:
    """Where a trial takes place: the tree and Holdfast's state directory; `forms` holds the batch in every form."""

    tree: Path
    state: Path
    forms: Path


@dataclass(frozen=True)
class Tools:
    """What is not part of this machine: a Python with the rivals' packages, and the document with the classes."""

    python: str = ""
    document: str = ""


Command = Callable[[Place], list[str]]


def _nothing(place: Place, code: int) -> list[list[str]]:
    return []


@dataclass(frozen=True)
class Subject:
    """A program. `recover` gets the exit code of apply and returns the commands that put right what can be.

    `refused` names the calls that the file system is not to have for it. `missing` says why it cannot be tried.
    """

    name: str
    batch: Batch
    apply: Command
    recover: Callable[[Place, int], list[list[str]]] = _nothing
    refused: dict[str, int] = field(default_factory=dict)
    missing: str = ""

    @property
    def is_fallback(self) -> bool:
        """Whether the first choice, to exchange names, is not open to it here."""
        return bool(self.refused or self.batch.links)


_SUBSTITUTION = f"s/{OLD}/{NEW}/g"

# Each line is one lesser file system, in the order of what it lacks.
_LESSER = {
    "Holdfast, no exchange": {"renameat2": errno.EINVAL},
    "Holdfast, no exchange, no hard links": {"renameat2": errno.EINVAL, "link": errno.EPERM, "linkat": errno.EPERM},
}


def _apply(place: Place) -> list[str]:
    return ours.command("apply", str(place.forms / "plan.json"), "--yes", "--state-dir", str(place.state))


def _recover(place: Place, code: int) -> list[list[str]]:
    return [ours.command("recover", "--state-dir", str(place.state))]


def _edited(place: Place) -> list[str]:
    return [str(place.tree / path) for path in EDITS.files]


def _lacking(program: str) -> str:
    return "" if shutil.which(program) else f"{program} is not installed"


def _looping(how: str, python: str, *more: str) -> Command:
    return lambda place: [python, _LOOPS, how, str(place.forms / "changes.json"), *more]


def _repren(tools: Tools) -> Subject:
    program = os.path.join(os.path.dirname(tools.python), "repren")
    pattern = ["--from", OLD, "--to", NEW, "--quiet"]

    def recover(place: Place, code: int) -> list[list[str]]:
        # It keeps every file as `.orig`: back from those when it failed, and away with them in any case.
        back = [] if code == 0 else [[program, "--undo", *pattern, str(place.tree)]]
        return [*back, [program, "--clean-backups", "--quiet", str(place.tree)]]

    return Subject("repren", EDITS, lambda place: [program, *pattern, str(place.tree)], recover)


def _packages(tools: Tools) -> list[Subject]:
    found = [_repren(tools), Subject("atomicwrites in a loop", EDITS, _looping("atomicwrites", tools.python))]
    if tools.python:
        return found
    return [Subject(one.name, one.batch, one.apply, missing="its package could not be installed") for one in found]


def table(tools: Tools) -> list[Subject]:
    """Return all subjects, those first that are compared with each other."""
    no_document = "" if tools.document else "its document was not given"
    return [
        Subject("Holdfast", KINDS, _apply, _recover),
        *(
            Subject(f"EXEC-004 {how}", KINDS, _looping(how, sys.executable, tools.document), missing=no_document)
            for how in ("AtomicBatch", "atomic_transaction")
        ),
        Subject(
            "git apply",
            KINDS,
            lambda place: ["git", "apply", "-p2", str(place.forms / "patch.diff")],
            missing=_lacking("git"),
        ),
        Subject("plain write loop", KINDS, _looping("plain", sys.executable)),
        Subject("Holdfast", EDITS, _apply, _recover),
        Subject("sed -i", EDITS, lambda place: ["sed", "-i", _SUBSTITUTION, *_edited(place)], missing=_lacking("sed")),
        Subject(
            "perl -pi",
            EDITS,
            lambda place: ["perl", "-pi", "-e", _SUBSTITUTION, *_edited(place)],
            missing=_lacking("perl"),
        ),
        *_packages(tools),
        Subject("plain write loop", EDITS, _looping("plain", sys.executable)),
        *(Subject(name, KINDS, _apply, _recover, refused) for name, refused in _LESSER.items()),
        Subject("Holdfast, in place", LINKED, _apply, _recover),
    ]
