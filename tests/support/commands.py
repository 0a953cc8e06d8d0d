"""The command line as a script uses it."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.work import Json, Work

EDIT: Json = {"op": "edit", "path": "file", "find": "old", "replace": "new"}


@dataclass
class Ran:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def holdfast(*arguments: str, stdin: str = "", cwd: Path | None = None) -> Ran:
    """Run a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        input=stdin.encode("utf-8", "surrogateescape"),
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"},
        timeout=60,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode())


def write_plan(work: Work, *operations: Json, **more: object) -> Path:
    """Write a plan file into the tree."""
    path = work.tree / "plan.json"
    path.write_text(json.dumps({"holdfast": 1, **more, "operations": operations}))
    return path


class Terminal:
    """A command on a terminal, and what a person sees and types there."""

    def __init__(self, *arguments: str) -> None:
        self.child, self._handle = pty.fork()
        if self.child == 0:
            os.execv(sys.executable, [sys.executable, "-m", "app", *arguments])
        self.seen = ""

    def wait_for(self, text: str) -> None:
        while text not in self.seen and self._read():
            pass
        assert text in self.seen

    def type(self, text: str) -> None:
        os.write(self._handle, text.encode())

    def end(self) -> int:
        while self._read():
            pass
        os.close(self._handle)
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])

    def _read(self) -> bool:
        assert select.select([self._handle], [], [], 30)[0], self.seen
        try:
            data = os.read(self._handle, 65536)
        except OSError:  # how the end of a terminal reads
            return False
        self.seen += data.decode(errors="replace")
        return bool(data)
