"""What changes in one file: a line that names it, and the painted view below."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import promise_texts, texts
from app.diff.view import DiffView
from app.theme.theme import Theme
from app.values import Change, DiffRow, DiffSummary
from app.window.parts import IconButton, label

_NOTHING = "Choose a file to see what changes in it."


class DiffPanel(QWidget):
    """Shows one change after the other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.view = DiffView(theme)
        self._path = label("", "strong")
        self._added, self._removed, self._note = label("", "ok"), label("", "error"), label("", "dim")
        self._buttons = [
            IconButton(theme, "up", "Previous change (Shift+F7)", self.view.previous_change),
            IconButton(theme, "down", "Next change (F7)", self.view.next_change),
        ]
        header = QHBoxLayout()
        header.setContentsMargins(16, 6, 12, 6)
        header.setSpacing(8)
        for part in (self._path, self._added, self._removed, self._note):
            header.addWidget(part)
        header.addStretch()
        for one in self._buttons:
            header.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(header)
        column.addWidget(self.view, 1)
        self.show_nothing()

    def show_nothing(self, text: str = _NOTHING) -> None:
        """Show a sentence instead of a file."""
        self._head("", 0, 0)
        self.view.show_message(text)

    def begin(self, name: str) -> None:
        """Name the file that is being compared; what was shown stays until the answer comes."""
        self._path.setText(name)

    def show_change(self, change: Change, rows: list[DiffRow], summary: DiffSummary) -> None:
        """Show what a change does to a file."""
        name = texts.shown(change.path)
        if change.to:
            name += f" → {texts.shown(change.to)}"
        self._head(name, summary.added, summary.removed, texts.ACTIONS[change.action])
        if change.level != "exchange":
            self._note.setText(f"{texts.ACTIONS[change.action]}, {promise_texts.level_short(change.level)}")
            self._note.setToolTip(promise_texts.level(change.level))
        self.show_rows(rows, summary, texts.change_in_words(change, summary))

    def show_pair(self, name: str, rows: list[DiffRow], summary: DiffSummary, note: str) -> None:
        """Show how two files differ."""
        self._head(name, summary.added, summary.removed, note)
        self.show_rows(rows, summary, texts.pair_in_words(summary))

    def show_rows(self, rows: list[DiffRow], summary: DiffSummary, otherwise: str) -> None:
        """Show rows, or a sentence where there are none."""
        if rows and summary.kind in ("text", "delete"):
            self.view.show_rows(rows)
            if summary.truncated:
                self._note.setText("Only the beginning is shown.")
        else:
            self.view.show_message(otherwise)
        for one in self._buttons:
            one.setEnabled(bool(rows))

    def _head(self, name: str, added: int, removed: int, note: str = "") -> None:
        self._path.setText(name)
        self._added.setText(f"+{added:,}" if added else "")
        self._removed.setText(f"−{removed:,}" if removed else "")
        self._note.setText(note)
        self._note.setToolTip("")
        for one in self._buttons:
            one.setEnabled(False)
