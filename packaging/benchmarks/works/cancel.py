"""How soon a Cancel is heard: from the request until the batch goes back, while it prepares and while it switches files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

from harness import Clock, Row, Settings, scratch

from core import api
from core.progress import Cancelled, CancelToken, Meter, Phase
from works import batch

_GOAL = (100, 50)  # milliseconds


class _Listening(CancelToken):
    """Notes when the batch is told that it is cancelled."""

    clock: Clock
    heard = 0.0

    def check(self) -> None:
        try:
            super().check()
        except Cancelled:
            self.heard = self.heard or self.clock()
            raise


def _heard(folder: str, settings: Settings, during: Phase) -> float:
    """Cancel from another thread when a third of a phase is done; return the seconds until it is taken back."""
    batch.make_files(folder, settings)
    plan = batch.plan(folder, settings)
    meter, token = Meter(), _Listening()

    def watch() -> None:
        while (now := meter.sample()).phase is not during or now.files_done < settings.files // 3:
            pause.wait(0.001)
        token.clock = Clock()
        token.cancel()

    pause = threading.Event()
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    outcome = api.apply(plan, state=batch.state(folder), meter=meter, token=token)
    watcher.join()
    assert isinstance(outcome, api.RolledBack), outcome
    return token.heard


def measure(settings: Settings) -> Iterator[Row]:
    """Yield milliseconds."""
    for phase in (Phase.PREPARE, Phase.SWITCH):
        seconds = []
        for _ in range(settings.rounds):
            with scratch(settings.folder) as folder:
                seconds.append(_heard(folder, replace(settings, files=max(settings.files, 3_000)), phase))
        name = f"Holdfast: from Cancel until it is heard, in the phase “{phase}”"
        yield Row(name, "–", [1000 * one for one in seconds], seconds, "ms", _GOAL)
