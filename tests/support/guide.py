"""Reads the guide as a person does who tries everything: each ``console`` block is typed in, and what it answers compared.

In a block, a line after `$ ` is a command, lines after `> ` are more of it, and all others are the answer; `…` in an
answer stands for anything. Blocks of one page follow each other in one folder, which is empty at its beginning.
`holdfast` runs in this process, unless the line needs a shell or the command a process of its own; everything else runs in
a shell.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app import cli

GUIDE = Path(__file__).parents[2] / "resources" / "guide"
_SHELL = re.compile(r"[|<]|\$\(|^timeout ")
# What they do depends on how the program was started.
_PROCESSES = ("holdfast install-desktop", "holdfast uninstall-desktop", "holdfast --")
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Typed:
    """A command of the guide, and what the guide says it answers."""

    page: str
    command: str
    answer: list[str] = field(default_factory=list)

    @property
    def pattern(self) -> str:
        """The answer as a regular expression."""
        return re.escape("\n".join(self.answer)).replace("…", ".*")


def pages() -> list[Path]:
    """Return all pages."""
    return sorted(GUIDE.glob("*.md"))


def commands(page: Path) -> Iterator[Typed]:
    """Yield what a page has a person type, in order."""
    for block in _BLOCK.findall(page.read_text()):
        typed: Typed | None = None
        for line in block.splitlines():
            if line.startswith("$ "):
                if typed is not None:
                    yield typed
                typed = Typed(page.name, line[2:])
            elif typed is not None and line.startswith("> ") and not typed.answer:
                typed.command += "\n" + line[2:]
            elif typed is not None:
                typed.answer.append(line)
        if typed is not None:
            yield typed


class Reader:
    """A person in a folder, with a shell that remembers the last exit code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = 0

    def type(self, command: str) -> str:
        """Do it, and return what can be read on the screen afterwards."""
        if command.startswith("holdfast ") and not _SHELL.search(command) and not command.startswith(_PROCESSES):
            return self._holdfast(command)
        before = f"(exit {self.code})\n"  # so that `echo $?` knows
        shell = ["sh", "-c", before + command]
        path = f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"
        done = subprocess.run(
            shell,
            cwd=self.folder,
            env=os.environ | {"PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.code = done.returncode
        return self._placed(done.stdout)

    def _holdfast(self, command: str) -> str:
        words = shlex.split(command)[1:]
        screen = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            self.code = cli.run(words)
        return self._placed(screen.buffer.getvalue().decode())

    def _placed(self, shown: str) -> str:
        """Return what is shown as if the folder were one of the reader's."""
        return shown.replace(os.path.realpath(self.folder), "/home/you/work").rstrip("\n")
