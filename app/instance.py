"""One window for each state directory: a second start hands its paths to the first one, which comes to the front."""

from __future__ import annotations

import hashlib
import json
import os

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from core import keeping

_PATIENCE_MS = 3_000
_GREETING_MS = 300
_LONGEST = 16 << 20


def name() -> str:
    """Return what the first start is found by."""
    digest = hashlib.sha256(os.fsencode(keeping.state_folder())).hexdigest()[:16]
    return f"holdfast-{digest}"


def hand_over(paths: list[str]) -> bool:
    """Give paths to a window that is open already; False where there is none that takes them."""
    socket = QLocalSocket()
    socket.connectToServer(name())
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(json.dumps(paths).encode("ascii") + b"\n")
    # A window that was stopped, or hangs, takes nothing: then there has to be a second one.
    return bool(socket.waitForReadyRead(_PATIENCE_MS))


class Instance(QObject):
    """The first start. `asked` (paths) when a second one was there."""

    asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        if not self._server.listen(name()):
            QLocalServer.removeServer(name())  # nobody answers there: `hand_over` has tried
            self._server.listen(name())

    def close(self) -> None:
        """Be found no more."""
        self._server.close()

    def _greet(self) -> None:
        """Hear a second start out. It writes as soon as it is there, so waiting for it takes no time worth counting.

        Nothing is connected to its socket: a slot that outlives it, or the server, would be called on what is gone.
        """
        socket = self._server.nextPendingConnection()
        while not socket.canReadLine() and socket.bytesAvailable() < _LONGEST:
            if not socket.waitForReadyRead(_GREETING_MS):
                break
        line = bytes(socket.readLine().data())
        try:
            paths = json.loads(line)
        except ValueError:
            paths = None
        if isinstance(paths, list):
            socket.write(b"taken\n")
            socket.waitForBytesWritten(_GREETING_MS)
        socket.close()
        socket.deleteLater()
        if isinstance(paths, list):
            self.asked.emit([path for path in paths if isinstance(path, str)])
