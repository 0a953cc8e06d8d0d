"""A row of groups, each with how many things are in it; one is chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app import words


class Groups(QWidget):
    """Buttons for groups by name; those with nothing in them are hidden. `chosen` (name) when another one is."""

    chosen = Signal(object)

    def __init__(self, groups: dict[str, str]) -> None:
        super().__init__()
        self._texts = groups
        self._buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for name, text in groups.items():
            made = self._buttons[name] = QPushButton(text)
            made.setCheckable(True)
            made.setProperty("role", "group")
            made.setAccessibleName(text)
            made.setAutoDefault(False)
            made.clicked.connect(lambda _=False, name=name: self._choose(name))
            row.addWidget(made)
        row.addStretch()
        next(iter(self._buttons.values())).setChecked(True)

    def show_numbers(self, number: Callable[[str], int]) -> None:
        """Show how many things are in each group; the one that is chosen stays in sight."""
        for name, made in self._buttons.items():
            count = number(name)
            made.setText(f"{self._texts[name]}  {words.number(count)}")
            made.setVisible(count > 0 or made.isChecked() or not name)

    def choose(self, name: str) -> None:
        """Choose a group, as a click does."""
        self._buttons[name].click()

    def _choose(self, name: str) -> None:
        # A QButtonGroup would let the Tab key come to one of them only.
        for other, made in self._buttons.items():
            made.setChecked(other == name)
        self.chosen.emit(name)
