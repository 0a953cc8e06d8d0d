"""A progress line on the terminal, drawn by a thread that samples the meter."""

from __future__ import annotations

import sys
import threading
import time

from app import texts
from app.words import _
from core.progress import Meter, Phase, Progress

_SAMPLE_SECONDS = 0.1


class Bar:
    """Use it as a context: it is drawn while that lasts, and leaves no trace."""

    def __init__(self, meter: Meter, *, shown: bool) -> None:
        self._meter = meter
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True) if shown else None

    def __enter__(self) -> Bar:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Remove it, for good."""
        if self._thread and not self._stop.is_set():
            self._stop.set()
            self._thread.join()
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _draw(self) -> None:
        phase, since = None, time.monotonic()
        while not self._stop.wait(_SAMPLE_SECONDS):
            now = self._meter.sample()
            if now.phase is not phase:
                phase, since = now.phase, time.monotonic()
            sys.stderr.write(f"\r\x1b[K{_line(now, time.monotonic() - since)}")
            sys.stderr.flush()


def _line(now: Progress, elapsed: float) -> str:
    text = texts.progress(now.phase.value, now.files_done, now.files_total)
    if now.phase is Phase.SEARCH:
        return _("Searching: {how_far}", how_far=texts.searched(now.files_done, now.matched))
    if now.bytes_total:
        of = _("{done} of {total}", done=texts.size(now.bytes_done), total=texts.size(now.bytes_total))
        text = f"{text}, {of}"
    if elapsed > 2 and now.bytes_done:
        rate = now.bytes_done / elapsed
        left = max(0.0, now.bytes_total - now.bytes_done) / rate
        text = f"{text}, {texts.size(rate)}/s, {texts.left(left)}"
    return text
