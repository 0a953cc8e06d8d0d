"""Says that a long batch has ended, to somebody who does not look at the window."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon

from app import texts
from app.flows.batch import BatchFlow, State
from app.flows.preferences import Preferences
from app.values import Result

LONG_SECONDS = 10.0
_SHOWN_MS = 10_000


class Attention:
    """Follows a flow; the desktop is told only when a batch was long and the window is not in front."""

    def __init__(self, window: QMainWindow, flow: BatchFlow, preferences: Preferences) -> None:
        self._window, self._preferences = window, preferences
        self._began = 0.0
        self._tray: QSystemTrayIcon | None = None
        flow.state_changed.connect(self._note_begin)
        flow.over.connect(self._end)

    def _note_begin(self, state: State) -> None:
        if state is State.APPLYING:
            self._began = time.monotonic()

    def _end(self, result: Result) -> None:
        is_long = time.monotonic() - self._began >= LONG_SECONDS
        if is_long and not self._window.isActiveWindow() and self._preferences.values.is_on("notify"):
            _, headline, detail = texts.outcome(result)
            self.tell(headline, detail)

    def tell(self, headline: str, detail: str) -> None:
        """Mark the window in the task bar, and show a notification where the desktop has any."""
        QApplication.alert(self._window)
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self._window)
            self._tray.activated.connect(self._window.activateWindow)
            self._tray.messageClicked.connect(self._window.activateWindow)
        self._tray.show()
        self._tray.showMessage(headline, detail, self._window.windowIcon(), _SHOWN_MS)
