"""What the desktop is told of a batch: that it runs, how far it is, and that a long one has ended."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon

from app import bus, texts, window_texts
from app.flows.batch import BatchFlow, State
from app.flows.preferences import Preferences
from app.values import Progress, Result

LONG_SECONDS = 10.0
_SHOWN_MS = 10_000
_BUSY = (State.APPLYING, State.CANCELLING, State.TIDYING)


class Attention:
    """Follows a flow. A notification is shown only when a batch was long and the window is not in front."""

    def __init__(
        self,
        window: QMainWindow,
        flow: BatchFlow,
        preferences: Preferences,
        hold_off: bus.HoldOff | None = None,
        taskbar: bus.Taskbar | None = None,
    ) -> None:
        self._window, self._flow, self._preferences = window, flow, preferences
        self._hold_off, self._taskbar = hold_off or bus.HoldOff(parent=window), taskbar or bus.Taskbar()
        self._began = 0.0
        self._tray: QSystemTrayIcon | None = None
        flow.state_changed.connect(self._follow)
        flow.progressed.connect(self._show_progress)
        flow.over.connect(self._end)

    def _follow(self, state: State) -> None:
        if state is State.APPLYING:
            self._began = time.monotonic()
        if state in _BUSY:
            self._hold_off.hold(window_texts.FILES_ARE_CHANGED)
        elif state is State.OVER:
            self._hold_off.release()
            self._taskbar.show(-1)

    def _show_progress(self, now: Progress) -> None:
        if self._flow.is_busy and now.files_total:
            self._taskbar.show(100 * now.files_done // now.files_total)

    def _end(self, result: Result) -> None:
        is_long = time.monotonic() - self._began >= LONG_SECONDS
        if is_long and not self._window.isActiveWindow() and self._preferences.values.is_on("notify"):
            _, headline, detail = texts.outcome(result)
            self.tell(headline, detail)

    def tell(self, headline: str, detail: str) -> None:
        """Mark the window in the task bar, and show a notification: through the tray, or where there is none the portal."""
        QApplication.alert(self._window)
        if not QSystemTrayIcon.isSystemTrayAvailable():
            bus.notify(headline, detail)
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self._window)
            self._tray.activated.connect(self._window.activateWindow)
            self._tray.messageClicked.connect(self._window.activateWindow)
        self._tray.show()
        self._tray.showMessage(headline, detail, self._window.windowIcon(), _SHOWN_MS)
