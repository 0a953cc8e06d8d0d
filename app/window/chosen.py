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
    "rename_many": "By a pattern…",
    "convert": "Convert…",
    "delete": "Delete",
}

_NAMES = {"rename_many": "Rename by a pattern", "convert": "Convert files"}


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
            self._buttons[name] = button(
                text, verbs[name], name=_NAMES.get(name, text.replace("&&", "and").rstrip("…"))
            )
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
        # What makes no sense is not there at all: the row has no room for it.
        for name in _ONE_FILE:
            self._buttons[name].setVisible(bool(self._choice.only_file))
        self._buttons["rename"].setVisible(bool(self._choice.only))
        self._buttons["rename_many"].setVisible(not self._choice.only_file)


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
