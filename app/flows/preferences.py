"""The settings, for the window: whoever depends on one hears when it is chosen anew."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.settings import Settings, Value


class Preferences(QObject):
    """`changed` (name, value) after a setting was chosen; `trouble` (reason) when it cannot be kept."""

    changed = Signal(object, object)
    trouble = Signal(object)

    def __init__(self, settings: Settings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.values = settings or Settings()

    def choose(self, name: str, value: Value) -> None:
        """Choose a value; it is in force even where the disk refuses to keep it."""
        if value == self.values.get(name):
            return
        try:
            self.values.set(name, value)
        except OSError as error:
            self.trouble.emit(error.strerror or str(error))
        self.changed.emit(name, value)
