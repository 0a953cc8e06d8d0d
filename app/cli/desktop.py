"""What a desktop knows of Holdfast, as files: where each goes and what is in it. They are written as a batch is."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import resources

from app import texts
from app.cli import completion, manual, output
from core import api
from core.fs import files, places
from core.plan.operations import Operation

_ACTION = "Change these files with Holdfast…"

# What keeps what it has read in a database of its own. None of them has to be there.
_REFRESH = (
    ("update-desktop-database", "-q", "applications"),
    ("update-mime-database", "mime"),
    ("gtk-update-icon-cache", "-q", "-t", "-f", "icons/hicolor"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file. `needs`: a folder without which nobody would look for it, "" where it is always of use."""

    path: str
    content: bytes
    executable: bool = False
    needs: str = ""

    @property
    def is_wanted(self) -> bool:
        """Whether there is anybody to look for it."""
        return not self.needs or files.exists(self.needs)


def data_folder() -> str:
    """Return where this user's desktop looks for what belongs to programs."""
    return places.data_folder()


def parts(program: str) -> Iterator[Part]:
    """Yield everything that a desktop can have of Holdfast; `program` is what it starts."""
    folder = data_folder()
    yield Part(f"{folder}/applications/holdfast.desktop", entry("holdfast.desktop", program))
    yield Part(f"{folder}/icons/hicolor/scalable/apps/holdfast.svg", read("holdfast.svg"))
    yield Part(f"{folder}/icons/hicolor/scalable/mimetypes/application-x-holdfast-plan+json.svg", read("plan.svg"))
    yield Part(f"{folder}/mime/packages/holdfast.xml", read("holdfast-mime.xml"))
    yield Part(f"{folder}/man/man1/holdfast.1", _made(manual.page))
    yield Part(f"{folder}/bash-completion/completions/holdfast", _made(completion.bash))
    yield Part(f"{folder}/zsh/site-functions/_holdfast", _made(completion.zsh))
    yield Part(f"{folder}/fish/vendor_completions.d/holdfast.fish", _made(completion.fish))
    service = entry("holdfast-servicemenu.desktop", program)
    yield Part(f"{folder}/kio/servicemenus/holdfast.desktop", service, executable=True)
    script = f'#!/bin/sh\nexec {_in_shell(program)} "$@"\n'.encode()
    for manager in ("nautilus", "nemo", "caja"):
        at_home = os.path.join(folder if manager != "caja" else os.path.expanduser("~/.config"), manager)
        yield Part(f"{at_home}/scripts/{_ACTION}", script, executable=True, needs=at_home)


def read(name: str) -> bytes:
    """Return one of the files as it is shipped."""
    return resources.files("resources").joinpath("desktop", name).read_bytes()


def entry(name: str, program: str) -> bytes:
    """Return a desktop entry that starts the program by its path: a desktop's own path may not lead to it."""
    lines = read(name).decode().splitlines()
    return "".join(f"{_with_program(line, program)}\n" for line in lines).encode()


def _with_program(line: str, program: str) -> str:
    if line.startswith("TryExec=holdfast"):
        return f"TryExec={program}"
    if line.startswith("Exec="):
        return line.replace("holdfast ", f"{_quoted(program)} ")
    return line


def _quoted(program: str) -> str:
    r"""Return a path as the key Exec takes it, where a backslash is an escape twice: for strings, and in quotes."""
    if all(letter.isalnum() or letter in "/._-" for letter in program):
        return program
    for letter in '\\"`$':
        program = program.replace(letter, f"\\{letter}")
    return '"' + program.replace("\\", "\\\\").replace("%", "%%") + '"'


def _in_shell(program: str) -> str:
    return "'" + program.replace("'", "'\\''") + "'"


def _made(lines: Callable[[], Iterator[str]]) -> bytes:
    return "".join(f"{line}\n" for line in lines()).encode()


def apply(options: argparse.Namespace, operations: Sequence[Operation], name: str) -> int:
    """Apply the operations, say what was done, and let the desktop take note of it."""
    outcome: api.Outcome = api.Committed("", 0, 0, 0.0)
    if operations:
        plan = api.evaluate(operations, name=name)
        try:
            outcome = api.apply(plan, name=name, state=options.state_dir)
        finally:
            plan.close()
    done = isinstance(outcome, api.Committed)
    if options.json:
        output.emit("outcome", outcome="committed" if done else "failed", exit=0 if done else 1, **asdict(outcome))
    if not done:
        output.complain(texts.NOTHING_CHANGED)
        if isinstance(outcome, api.Refused):
            output.problems(outcome.problems, json_lines=options.json)
        return 3 if isinstance(outcome, api.NeedsRecovery) else 1
    if operations:
        _refresh()
    return 0


def _refresh() -> None:
    for command, *words in _REFRESH:
        folder = os.path.join(data_folder(), words.pop())
        if files.exists(folder):
            with contextlib.suppress(FileNotFoundError):
                subprocess.run([command, *words, folder], check=False, capture_output=True)  # noqa: S603 - see above
