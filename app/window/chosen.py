"""What is chosen, and what can be done with it."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QVBoxLayout

from app import texts
from app.flows.choice import Choice, Chosen
from app.theme.theme import Theme
from app.window.parts import Card, IconButton, IconLabel, button, label

Verbs = dict[str, Callable[[], object]]
_ONE_FILE = frozenset({"replace", "edit"})
_LABELS = {
    "search": "Find && replace…",
    "replace": "Replace with…",
    "edit": "Edit text…",
    "rename": "Rename…",
    "delete": "Delete",
}


class ChosenBar(Card):
    """Names the chosen files and folders; its buttons queue something with them. Hidden while nothing is chosen."""

    def __init__(self, choice: Choice, theme: Theme, verbs: Verbs) -> None:
        super().__init__()
        self._choice = choice
        self._icon = IconLabel(theme, "file", "accent")
        self._what = label("", "strong")
        self._where = label("", "dim")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._what)
        words.addWidget(self._where)
        self.row.addWidget(self._icon)
        self.row.addLayout(words, 1)
        self._buttons: dict[str, QPushButton] = {}
        for name, text in _LABELS.items():
            self._buttons[name] = button(text, verbs[name], name=text.replace("&&", "and").rstrip("…"))
            self.row.addWidget(self._buttons[name])
        self.row.addWidget(IconButton(theme, "close", "Choose nothing", choice.clear))
        choice.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        entries = self._choice.entries
        self.setVisible(bool(entries))
        if not entries:
            return
        self._what.setText(_what(entries))
        self._where.setText(texts.shown(_common_folder([one.path for one in entries])))
        self._icon.show_icon("folder" if all(one.kind == "folder" for one in entries) else "file", "accent")
        for name in _ONE_FILE:
            self._buttons[name].setEnabled(bool(self._choice.only_file))
        self._buttons["rename"].setEnabled(bool(self._choice.only))


def _what(entries: list[Chosen]) -> str:
    if len(entries) == 1:
        return texts.shown(os.path.basename(entries[0].path) or entries[0].path)
    files = sum(one.kind == "file" for one in entries)
    folders = len(entries) - files
    parts = [texts.count(files, "file", "files")] if files else []
    parts += [texts.count(folders, "folder", "folders")] if folders else []
    return " and ".join(parts)


def _common_folder(paths: list[str]) -> str:
    return os.path.commonpath([os.path.dirname(path) for path in paths])
