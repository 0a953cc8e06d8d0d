"""A program that is told over a pipe what to do, and answers there: `tests.support.driven` says what can be asked."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Driven:
    """The real program in a process of its own, with these paths chosen."""

    def __init__(self, environment: Mapping[str, str], *paths: Path) -> None:
        command = [sys.executable, "-P", "-m", "tests.support.driven", *map(str, paths)]
        around = {**environment, "PYTHONPATH": str(ROOT)}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, env=around, stdin=pipe, stdout=pipe, text=True)

    def ask(self, question: str) -> object:
        """Ask for something, or do it; None as well where the program has died of it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        answer: object = json.loads(line) if line else None
        return answer

    def end(self) -> None:
        """Leave nothing of it behind."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
