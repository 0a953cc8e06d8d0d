"""What the desktop is told and asked over D-Bus. Nothing here is waited for, and where there is no bus nothing is missing.

QtDBus is imported when a batch is applied for the first time: the first window does not wait for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

Bus = Callable[[], "QDBusConnection | None"]
_DESKTOP_FILE = "holdfast.desktop"
_REFUSED = "org.freedesktop.DBus.Error.AccessDenied"


def system() -> QDBusConnection | None:
    """Return the bus of the machine, None where there is none."""
    from PySide6.QtDBus import QDBusConnection

    bus = QDBusConnection.systemBus()
    return bus if bus.isConnected() else None


def session() -> QDBusConnection | None:
    """Return the bus of the desktop, None where there is none: asked without one, the library would start one."""
    from PySide6.QtDBus import QDBusConnection

    if "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        return None
    bus = QDBusConnection.sessionBus()
    return bus if bus.isConnected() else None


class HoldOff(QObject):
    """Holds sleep and shutdown off, as long as files are being changed.

    logind gives a descriptor; it holds them off until that is closed, so they go on as well when this program dies.
    """

    def __init__(self, bus: Bus = system, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._is_wanted = False
        self._held: object = None
        self._asked: QDBusPendingCallWatcher | None = None

    @property
    def is_held(self) -> bool:
        """Whether logind has agreed."""
        return self._held is not None

    def hold(self, why: str) -> None:
        """Ask logind; `why` is what it tells people who want to switch the machine off."""
        self._is_wanted = True
        if self._held is None and self._asked is None:
            self._ask(why, "block")

    def release(self) -> None:
        """Let the machine sleep again."""
        self._is_wanted, self._held = False, None

    def _ask(self, why: str, mode: str) -> None:
        from PySide6.QtDBus import QDBusPendingCallWatcher

        bus = self._bus()
        if bus is None:
            return
        service, path = "org.freedesktop.login1", "/org/freedesktop/login1"
        call = _call(service, path, f"{service}.Manager", "Inhibit", ["sleep:shutdown", "Holdfast", why, mode])
        self._asked = QDBusPendingCallWatcher(bus.asyncCall(call), self)
        self._asked.finished.connect(lambda watcher: self._take(watcher, why, mode))

    def _take(self, watcher: QDBusPendingCallWatcher, why: str, mode: str) -> None:
        self._asked = None
        watcher.deleteLater()
        if watcher.isError():
            # Not everybody may block; but everybody may ask for a few seconds, which are enough to put a batch back.
            if mode == "block" and watcher.reply().errorName() == _REFUSED and self._is_wanted:
                self._ask(why, "delay")
            return
        if self._is_wanted:
            (self._held,) = watcher.reply().arguments()


class Taskbar:
    """Shows how far a batch is on the window's entry in the task bar, where the desktop has one that can."""

    def __init__(self, bus: Bus = session) -> None:
        self._bus = bus
        self._percent = -1

    def show(self, percent: int) -> None:
        """Show so many of a hundred; below 0 for nothing."""
        if percent == self._percent:
            return
        self._percent = percent
        bus = self._bus()
        if bus is not None:
            bus.send(self._update({"progress": max(0, percent) / 100, "progress-visible": percent >= 0}))

    @staticmethod
    def _update(values: dict[str, object]) -> QDBusMessage:
        from PySide6.QtDBus import QDBusMessage

        told = QDBusMessage.createSignal(
            "/com/canonical/unity/launcherentry/holdfast", "com.canonical.Unity.LauncherEntry", "Update"
        )
        told.setArguments([f"application://{_DESKTOP_FILE}", values])
        return told


def notify(headline: str, detail: str, bus: Bus = session) -> bool:
    """Let the desktop show a notification; False where there is no bus to ask over."""
    found = bus()
    if found is None:
        return False
    name, path = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
    shown = {"title": headline, "body": detail}
    call = _call(name, path, "org.freedesktop.portal.Notification", "AddNotification", ["batch", shown])
    return bool(found.send(call))


def _call(service: str, path: str, interface: str, member: str, arguments: list[object]) -> QDBusMessage:
    from PySide6.QtDBus import QDBusMessage

    message = QDBusMessage.createMethodCall(service, path, interface, member)
    message.setArguments(arguments)
    return message
