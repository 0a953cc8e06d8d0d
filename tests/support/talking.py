"""A real worker process to talk to."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]


class Worker:
    """Sends requests and collects answers; everything waits at most a minute."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._read = b""
        self.hello = self.answer()

    def send(self, **request: Any) -> None:
        """Send a request without waiting."""
        self.send_line(json.dumps(request))

    def send_line(self, line: str) -> None:
        """Send a line, be it nonsense."""
        assert self.process.stdin
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def answer(self) -> Json:
        """Wait for the next line."""
        assert self.process.stdout
        while b"\n" not in self._read:
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            assert more, "the worker has gone"
            self._read += more
        line, _, self._read = self._read.partition(b"\n")
        answer: Json = json.loads(line)
        return answer

    def has_answer(self, seconds: float) -> bool:
        """Wait at most so long for something to read."""
        assert self.process.stdout
        return b"\n" in self._read or bool(select.select([self.process.stdout.fileno()], [], [], seconds)[0])

    def ask(self, **request: Any) -> tuple[Json, list[Json]]:
        """Send a request; return its last answer and those before it, without progress."""
        self.send(id=1, **request)
        before: list[Json] = []
        while True:
            answer = self.answer()
            if answer["event"] in ("done", "failed"):
                return answer, before
            if answer["event"] != "progress":
                before.append(answer)

    def evaluate(self, *operations: Json) -> Json:
        """Make operations the plan."""
        return self.ask(do="evaluate", operations=operations)[0]

    def wait_for(self, phase: str, files_done: int = 0) -> Json:
        """Wait for progress in that phase."""
        while True:
            answer = self.answer()
            assert answer["event"] == "progress", answer
            if answer["phase"] == phase and answer["files_done"] >= files_done:
                return answer

    def close(self) -> int:
        """End the input and wait for the end."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        code = self.process.wait(60)
        self.process.stdout.close()
        return code


@contextmanager
def worker() -> Iterator[Worker]:
    """A worker that is gone afterwards, whatever happens."""
    one = Worker()
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        for pipe in (one.process.stdin, one.process.stdout):
            if pipe:
                pipe.close()
