"""A bus of its own with what a desktop has on it: logind, which holds sleep off, and whoever listens to progress."""

from __future__ import annotations

import os
import select
import shutil
import subprocess

from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusUnixFileDescriptor, QDBusVirtualObject

_LOGIND = "org.freedesktop.login1"
_PORTAL = "org.freedesktop.portal.Desktop"


def why_not() -> str:
    """Return why there can be no bus here, "" when there can."""
    return "" if shutil.which("dbus-daemon") else "not installed: dbus-daemon"


class Bus:
    """A daemon, and a connection for each side of it."""

    def __init__(self) -> None:
        command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
        self._daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._daemon.stdout
        self.address = self._daemon.stdout.readline().strip()
        self._names: list[str] = []

    def connect(self, name: str) -> QDBusConnection:
        """Return a new connection."""
        self._names.append(name)
        return QDBusConnection.connectToBus(self.address, name)

    def close(self) -> None:
        """End it."""
        for name in self._names:
            QDBusConnection.disconnectFromBus(name)
        self._daemon.terminate()
        self._daemon.wait(10)
        if self._daemon.stdout:
            self._daemon.stdout.close()


class Logind(QDBusVirtualObject):
    """Gives a descriptor to whoever asks it to hold sleep off, and knows when that is closed; may refuse to block."""

    def __init__(self, bus: QDBusConnection, refused: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._refused = refused
        self._given: list[int] = []
        self.asked: list[list[str]] = []
        bus.registerService(_LOGIND)
        bus.registerVirtualObject("/org/freedesktop/login1", self)

    def introspect(self, path: str) -> str:
        """Describe nothing: who calls knows what there is."""
        return ""

    def handleMessage(self, message: QDBusMessage, bus: QDBusConnection) -> bool:
        """Answer `Inhibit`."""
        self.asked.append(message.arguments())
        if message.arguments()[3] in self._refused:
            refusal = message.createErrorReply("org.freedesktop.DBus.Error.AccessDenied", "not allowed")
            return bus.send(refusal)
        ours, theirs = os.pipe()
        self._given.append(ours)
        reply = message.createReply()
        reply.setArguments([QDBusUnixFileDescriptor(theirs)])
        os.close(theirs)
        return bus.send(reply)

    @property
    def held(self) -> int:
        """How many hold sleep off now: their end of the descriptor is open."""
        readable, _, _ = select.select(self._given, [], [], 0)
        return len(self._given) - len(readable)

    def close(self) -> None:
        """Close what is left."""
        for one in self._given:
            os.close(one)


class Portal(QDBusVirtualObject):
    """Shows notifications."""

    def __init__(self, bus: QDBusConnection) -> None:
        super().__init__()
        self.members: list[str] = []
        bus.registerService(_PORTAL)
        bus.registerVirtualObject("/org/freedesktop/portal/desktop", self)

    def introspect(self, path: str) -> str:
        """Describe nothing: who calls knows what there is."""
        return ""

    def handleMessage(self, message: QDBusMessage, bus: QDBusConnection) -> bool:
        """Note what is shown."""
        self.members.append(f"{message.interface()}.{message.member()} {message.signature()}")
        return bus.send(message.createReply())
