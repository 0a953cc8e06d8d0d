"""What is chosen, and what can be done with it."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QVBoxLayout

from app import texts
from app.flows.choice import Choice, Chosen
from app.theme.theme import Theme
from app.window.flow import Flow
from app.window.parts import Card, IconButton, IconLabel, PathLabel, button
from app.words import _, counted

Verbs = dict[str, Callable[[], object]]
_ONE_FILE = frozenset({"replace", "edit"})
_LABELS = {
    "search": _("Find && replace…"),
    "replace": _("Replace with…"),
    "edit": _("Edit text…"),
    "rename": _("Rename…"),
    "rename_many": _("By a pattern…"),
    "convert": _("Convert…"),
    "delete": _("Delete"),
}

_NAMES = {"search": _("Find and replace"), "rename_many": _("Rename by a pattern"), "convert": _("Convert files")}


class ChosenBar(Card):
    """Names the chosen files and folders; its buttons queue something with them. Hidden while nothing is chosen."""

    def __init__(self, choice: Choice, theme: Theme, verbs: Verbs) -> None:
        super().__init__()
        self._choice = choice
        self._icon = IconLabel(theme, "file", "accent")
        self._what = PathLabel("strong")
        self._where = PathLabel("dim")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch()
        words.addWidget(self._what)
        words.addWidget(self._where)
        words.addStretch()
        self.row.addWidget(self._icon)
        self.row.addLayout(words, 1)
        self._buttons: dict[str, QPushButton] = {}
        verbs_row = Flow()
        for name, text in _LABELS.items():
            self._buttons[name] = button(text, verbs[name], name=_NAMES.get(name, text.rstrip("…")))
            verbs_row.addWidget(self._buttons[name])
        self.row.addLayout(verbs_row, 2)
        self.row.addWidget(IconButton(theme, "close", _("Choose nothing"), choice.clear))
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
    parts = [counted(files, "{n} file", "{n} files")] if files else []
    parts += [counted(folders, "{n} folder", "{n} folders")] if folders else []
    return _("{files} and {folders}", files=parts[0], folders=parts[1]) if len(parts) > 1 else parts[0]


def _common_folder(paths: list[str]) -> str:
    return os.path.commonpath([os.path.dirname(path) for path in paths])
