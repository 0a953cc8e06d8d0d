"""Starts the window: puts engine, flows and widgets together, and takes them apart again."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QSocketNotifier, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from app import instance, words
from app.crash import Reports, report_of_last_time
from app.engine import EngineClient
from app.flows.preferences import Preferences
from app.instance import Instance
from app.theme import icons
from app.theme.theme import Theme
from app.window.main_window import MainWindow

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(paths: list[str], begun: Callable[[MainWindow], object] | None = None) -> int:
    """Show the window until it is closed; return the exit code. `begun` gets the window when it is shown."""
    application = QApplication(sys.argv[:1])
    paths = [os.path.abspath(path) for path in paths]
    if instance.hand_over(paths):
        return 0
    # A thread that computes holds the interpreter for this long at most before the window may paint.
    sys.setswitchinterval(0.001)
    reports, first = Reports(), Instance(application)
    _speak(application)
    application.setApplicationName("Holdfast")
    application.setDesktopFileName("holdfast")
    application.setQuitOnLastWindowClosed(False)
    preferences = Preferences(parent=application)
    theme = Theme(application, preferences.values.text("theme"))
    theme.reduce_motion(reduced=preferences.values.is_on("reduced_motion"))
    application.setWindowIcon(icons.icon("holdfast", theme.tokens.accent))
    engine = EngineClient()
    window = MainWindow(engine, theme, preferences=preferences)
    window.closed.connect(lambda: _leave(application, engine, window))
    application.commitDataRequest.connect(lambda manager: window.log_out(manager.cancel))
    signals = Signals(window)
    window.show()
    first.asked.connect(window.come)
    reports.told = window.tell_report
    QTimer.singleShot(0, lambda: window.begin(paths, report_of_last_time()))
    if begun is not None:
        begun(window)
    code = application.exec()
    signals.close()
    first.close()
    reports.close()
    engine.wait()
    for worker in window.leftovers_flow.workers:
        worker.wait()
    return code


def _speak(application: QApplication) -> None:
    """Let Qt's own dialogs, menus and fields speak the language that the window speaks."""
    code = words.spoken()
    QLocale.setDefault(QLocale(code))
    translator = QTranslator(application)
    if translator.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)


def _leave(application: QApplication, engine: EngineClient, window: MainWindow) -> None:
    """Let the engines end by themselves; then nothing of ours runs any more."""
    window.leftovers_flow.close()
    engine.closed.connect(application.quit)
    engine.close()


class Signals(QObject):
    """SIGINT, SIGTERM and SIGHUP put everything back and close the window.

    They were blocked when the program began. A handler of Python's own would wait until the next event reaches
    Python; a byte in a socket that Qt watches arrives at once.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._act)
        signal.set_wakeup_fd(self._writer.fileno())
        for number in _STOPPING:
            signal.signal(number, lambda number, frame: None)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)

    def close(self) -> None:
        """Watch no more."""
        signal.set_wakeup_fd(-1)
        self._reader.close()
        self._writer.close()

    def _act(self) -> None:
        self._reader.recv(64)
        self._window.put_back_and_close()
