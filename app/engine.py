"""The engine, as the window sees it: a worker process behind signals. Nothing else in `app.window` leaves the process.

Answers are read in slices of a few milliseconds, so that a plan of a hundred thousand files does not stop the window.
When the worker dies, every request that waits fails with "died", a new worker is started, and `restarted` is emitted.
"""

from __future__ import annotations

import json
import os
import time
from collections import deque
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QProcess, QProcessEnvironment, QTimer, Signal

import app
from app import program
from app.values import Json

_SLICE_SECONDS = 0.008
_GRACE_MS = 60_000


class Request(QObject):
    """One request. `part` (event, members) and `progressed` come any number of times, then `done` or `failed`."""

    part = Signal(object, object)
    progressed = Signal(object)
    done = Signal(object)
    failed = Signal(object, object)

    def __init__(self, number: int, parent: QObject) -> None:
        super().__init__(parent)
        self.number = number
        self.abandoned = False

    def abandon(self) -> None:
        """Want no more answers."""
        self.abandoned = True


class EngineClient(QObject):
    """One worker process."""

    restarted = Signal()
    closed = Signal()
    unavailable = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._requests: dict[int, Request] = {}
        self._number = 0
        self._unsent: list[bytes] = []
        self._lines: deque[bytes] = deque()
        self._rest: list[bytes] = []
        self._is_closing = False
        self._is_ready = False
        self._deaths = 0
        self._pump = QTimer(self, singleShot=True, interval=0)
        self._pump.timeout.connect(self._work_off)
        self._process = self._start()

    @property
    def pid(self) -> int:
        """The worker's process id, 0 while there is none."""
        return int(self._process.processId())

    def ask(self, do: str, **values: Any) -> Request:
        """Send a request."""
        self._number += 1
        request = Request(self._number, self)
        self._requests[self._number] = request
        line = json.dumps({"id": self._number, "do": do, **values}).encode("ascii") + b"\n"
        if self._is_ready:
            self._process.write(QByteArray(line))
        else:
            self._unsent.append(line)
        return request

    def cancel(self, request: Request) -> Request:
        """Cancel a request, whether it has begun or not; an apply puts everything back."""
        return self.ask("cancel", of=request.number)

    def close(self) -> None:
        """End the worker's input: it cancels, puts everything back and goes. `closed` follows."""
        self._is_closing = True
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self.closed.emit()
            return
        self._process.closeWriteChannel()

    def wait(self) -> None:
        """Wait for the end after `close`, when no event loop runs any more."""
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.waitForFinished(_GRACE_MS)

    def _start(self) -> QProcess:
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        root = os.path.dirname(os.path.dirname(os.path.abspath(app.__file__)))
        known = environment.value("PYTHONPATH", "")
        environment.insert("PYTHONPATH", f"{root}{os.pathsep}{known}" if known else root)
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._errored)
        first, *further = program.command("worker")
        process.start(first, further)
        return process

    def _read(self) -> None:
        data = bytes(self._process.readAllStandardOutput().data())
        *lines, rest = data.split(b"\n")
        if lines:
            lines[0] = b"".join(self._rest) + lines[0]
            self._rest = []
        self._rest.append(rest)
        self._lines.extend(lines)
        if self._lines:
            self._pump.start()

    def _work_off(self) -> None:
        """Take answers for a few milliseconds, then let the window breathe."""
        until = time.monotonic() + _SLICE_SECONDS
        while self._lines:
            self._take(json.loads(self._lines.popleft()))
            if time.monotonic() > until:
                self._pump.start()
                return

    def _take(self, answer: Json) -> None:
        event = answer["event"]
        if event == "hello":
            self._is_ready = True
            for line in self._unsent:
                self._process.write(QByteArray(line))
            self._unsent.clear()
            return
        request = self._requests.get(answer["id"])
        if request is None:
            return
        if event in ("done", "failed"):
            del self._requests[answer["id"]]
            request.deleteLater()
        if request.abandoned:
            return
        if event == "progress":
            request.progressed.emit(answer)
        elif event == "done":
            request.done.emit(answer)
        elif event == "failed":
            request.failed.emit(answer["code"], answer["values"])
        else:
            request.part.emit(event, answer)

    def _errored(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.unavailable.emit(self._process.errorString())

    def _ended(self) -> None:
        self._pump.stop()
        while self._lines:
            self._take(json.loads(self._lines.popleft()))
        self._is_ready = False
        self._rest = []
        waiting, self._requests = list(self._requests.values()), {}
        if self._is_closing:
            self.closed.emit()
            return
        self._deaths += 1
        self._process.deleteLater()
        if self._deaths > 5:
            self.unavailable.emit("the worker keeps dying")
            return
        self._process = self._start()
        for request in waiting:
            if not request.abandoned:
                request.failed.emit("died", {})
        self.restarted.emit()
