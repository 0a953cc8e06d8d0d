"""The real program without any screen."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.support.driving import Driven

_PATIENCE_SECONDS = 60.0


class Headless(Driven):
    """Holdfast in a window that nobody sees."""

    def __init__(self, *paths: Path) -> None:
        super().__init__({**os.environ, "QT_QPA_PLATFORM": "offscreen"}, *paths)

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
        self.end()
