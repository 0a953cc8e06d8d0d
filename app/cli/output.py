"""What commands have in common in what they print: JSON lines for programs, sentences for people."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

from app import texts
from app.reason_texts import told
from app.words import _
from core import api
from core.errors import BadPlan, Problem
from core.fs import files


def emit(event: str, **values: object) -> None:
    """Print one JSON object on a line of its own; ASCII, so that odd names survive as lone surrogates."""
    sys.stdout.write(json.dumps({"event": event, **values}) + "\n")


def say(text: str) -> None:
    """Print a line; what the terminal cannot show is escaped rather than fatal."""
    sys.stdout.write(printable(text, sys.stdout.encoding) + "\n")


def say_as_it_is(text: str) -> None:
    """Print a line with the very bytes of the files it is from, for a program; people get what `say` makes of it."""
    if sys.stdout.isatty():
        say(text)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape") + b"\n")


def complain(text: str) -> None:
    """Print a line for people who are to see it even if the output goes elsewhere."""
    sys.stderr.write(printable(text, sys.stderr.encoding) + "\n")


def notes(found: list[Problem], *, json_lines: bool) -> None:
    """Print what is worth knowing."""
    for one in found:
        if json_lines:
            emit("note", **asdict(one))
        else:
            complain(texts.note(one))


def missing(paths: list[str]) -> int:
    """Say which of the paths that were named are not there, and return the exit code: 1, or 0 where all are."""
    absent = [path for path in paths if not files.exists(path)]
    for path in absent:
        complain(_("Nothing was changed. There is no file or folder called {path}.", path=api.shown(path)))
    return 1 if absent else 0


def problems(found: tuple[Problem, ...] | list[Problem], *, json_lines: bool) -> None:
    """Print all problems."""
    for problem in found:
        if json_lines:
            emit("problem", **asdict(problem))
        else:
            complain(texts.problem(problem))


def bad_plan(path: str, error: BadPlan | OSError, *, json_lines: bool) -> int:
    """Say why a plan cannot be read, and return the exit code."""
    if isinstance(error, BadPlan):
        line = error.values.get("line", 1)
        reason = f"line {line}: {error.values.get('reason', '')}"
    else:
        line, reason = None, error.strerror or str(error)
    if json_lines:
        emit("outcome", outcome="bad_plan", path=path, line=line, reason=reason)
    complain(
        _(
            "Nothing was changed. {path} cannot be read as a plan: {reason}.",
            path=api.shown(path),
            reason=told(reason),
        )
    )
    return 2


def refused(error: OSError) -> int:
    """Say that the disk refuses what has to be there before anything can be begun, and return the exit code."""
    where = f"{api.shown(os.fsdecode(error.filename))}: " if error.filename else ""
    complain(f"{texts.NOTHING_CHANGED} {where}{told(error.strerror or error)}.")
    return 1


def printable(text: str, encoding: str) -> str:
    """Return a text with escapes for what cannot be shown."""
    raw = text.encode(encoding or "utf-8", "backslashreplace")
    return raw.decode(encoding or "utf-8")
