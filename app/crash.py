"""What is kept when something goes wrong inside Holdfast itself: a local report, told of quietly, sent nowhere."""

from __future__ import annotations

import faulthandler
import platform
import sys
import time
import traceback
from collections.abc import Callable
from types import TracebackType

from core import keeping
from core.version import VERSION

_DOCUMENT = "crash"
Told = Callable[[str], object]


class Reports:
    """Catches what nobody caught. `told` (report) when that happens while the window is open."""

    def __init__(self) -> None:
        self.told: Told = lambda report: None
        self._log = keeping.crash_log()
        self._before = sys.excepthook
        if self._log is not None:
            faulthandler.enable(self._log)
        sys.excepthook = self._catch

    def close(self) -> None:
        """Catch no more."""
        sys.excepthook = self._before
        faulthandler.disable()
        if self._log is not None:
            self._log.close()

    def _catch(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        text = "".join(traceback.format_exception(kind, error, trace))
        report = f"{_about()}\n\n{text}"
        _keep({"report": report})
        self._before(kind, error, trace)
        self.told(report)


def report_of_last_time() -> str:
    """Return the report of a session that ended badly, "" for none; it is told only once."""
    kept = keeping.kept_document(_DOCUMENT)
    if kept:
        _keep({})
    return str(kept.get("report", "")) or keeping.last_crash()


def _about() -> str:
    when = time.strftime("%Y-%m-%d %H:%M:%S")
    return f"Holdfast {VERSION}, Python {platform.python_version()}, {platform.platform()}, {when}"


def _keep(document: dict[str, object]) -> None:
    try:
        keeping.keep(_DOCUMENT, document)
    except OSError:
        return
