"""What an operation would do, while it is being typed: a sentence, and the first lines of it."""

from __future__ import annotations

import os

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import texts, window_texts
from app.diff.view import DiffView
from app.flows.trial import Trial, Tried
from app.theme.theme import Theme
from app.values import DiffRow
from app.window.parts import IconLabel, label, set_role
from app.words import _

_HEIGHT = 80  # at least: at twice the size a screen has no more room for it


class TrialView(QWidget):
    """Shows a `Trial`."""

    def __init__(self, trial: Trial, theme: Theme) -> None:
        super().__init__()
        self._icon = IconLabel(theme, "search", "dim")
        self._says = label("", "", wraps=True)
        self.view = DiffView(theme)
        self.view.setAccessibleName(_("The first changes"))
        self.view.setMinimumHeight(_HEIGHT)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._says, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        trial.changed.connect(self.show_tried)
        trial.trouble.connect(
            lambda code, values: self._say(texts.trouble(code, str(values.get("reason", ""))), "warn")
        )
        self.show_nothing()

    @property
    def says(self) -> str:
        """The sentence that is shown."""
        return self._says.text()

    def show_nothing(self) -> None:
        """Say that there is nothing to try yet."""
        self._say(window_texts.NOTHING_TO_TRY, "dim")
        self.view.show_message("")

    def show_tried(self, tried: Tried) -> None:
        """Show what came of it so far."""
        reason, __ = tried.mistake
        if reason:
            self._say(window_texts.bad_pattern(reason), "error")
        elif not tried.is_over:
            self._say(f"{texts.searched(tried.searched, tried.matched)}…", "dim")
            return
        elif tried.problems:
            self._say(window_texts.tried_problems(tried.files, tried.matches, tried.problems), "warn")
        else:
            self._say(window_texts.tried(tried.files, tried.matches), "ok" if tried.files else "dim")
        self.view.show_rows(_rows(tried))

    def _say(self, text: str, role: str) -> None:
        self._says.setText(text)
        set_role(self._says, "" if role == "dim" else role)
        self._icon.show_icon({"ok": "check", "warn": "warning", "error": "error"}.get(role, "search"), role)


def _rows(tried: Tried) -> list[DiffRow]:
    """Return rows with a heading for each file; what has none is told by its names."""
    rows: list[DiffRow] = []
    for change, found in tried.changes:
        name = texts.shown(os.path.basename(change.path))
        if change.to:
            rows.append(DiffRow("~", None, name, None, texts.shown(os.path.basename(change.to))))
        elif found:
            rows.append(DiffRow("#", None, texts.shown(change.path), None, None))
            rows.extend(found)
    return rows
