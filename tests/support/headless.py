"""The real program in a process of its own, without any screen, told what to do over a pipe."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 60.0


class Headless:
    """Holdfast with these paths chosen; see `tests.support.driven` for what can be asked."""

    def __init__(self, *paths: Path) -> None:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-P", "-m", "tests.support.driven", *map(str, paths)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)

    def ask(self, question: str) -> object:
        """Ask for something, or do it; None as well where the program has died of it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        answer: object = json.loads(line) if line else None
        return answer

    def wait_for(self, *answers: tuple[str, object]) -> tuple[str, object]:
        """Wait until one of these questions has its answer (None: any), and return that."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            for question, wanted in answers:
                found = self.ask(question)
                if found is not None and wanted in (None, found):
                    return question, found
            assert time.monotonic() < until, answers
            time.sleep(0.02)

    def close(self) -> None:
        """End it as the system does."""
        self.process.terminate()
        self.process.wait(_PATIENCE_SECONDS)
        self.leave()

    def leave(self) -> None:
        """Leave nothing of it behind."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
