"""What changes in one file: a line that names it, and below it rows, pictures, bytes, or a sentence."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from app import promise_texts, texts, window_texts
from app.diff import hexdump
from app.diff.document import unified
from app.diff.image_view import ImageView, picture
from app.diff.view import DiffView
from app.theme.theme import Theme, mono
from app.values import Change, DiffRow, DiffSummary, Match
from app.window.parts import IconButton, PathLabel, button, label
from app.words import _, number

_NOTHING = _("Choose a file to see what changes in it.")
_AS_TEXT_AT_MOST = 20_000  # rows
Fixes = list[tuple[str, Callable[[], object]]]


class DiffPanel(QWidget):
    """Shows one change after the other."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.view = DiffView(theme)
        self.pictures = ImageView(theme)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFont(mono())
        self.text.setAccessibleName(_("Preview as text"))
        self._path = PathLabel("strong")
        self._added, self._removed, self._note = label("", "ok"), label("", "error"), label("", "dim")
        self._buttons = [
            IconButton(theme, "up", _("Previous change (Shift+F7)"), self.view.previous_change),
            IconButton(theme, "down", _("Next change (F7)"), self.view.next_change),
        ]
        self.as_text = IconButton(theme, "text", _("Show the change as text"), self._show_kind)
        self.as_text.setCheckable(True)
        self._shown = QStackedWidget()
        for part in (self.view, self.pictures, self.text):
            self._shown.addWidget(part)
        self._fixes = QWidget()
        self._shown_path = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        column.addWidget(self._shown, 1)
        column.addWidget(self._fixes)
        self._column = column
        self.show_nothing()

    def show_nothing(self, text: str = _NOTHING, fixes: Fixes | None = None) -> None:
        """Show a sentence instead of a file, and what can be done about it."""
        self._head("", 0, 0)
        self._shown_path = ""
        self._show_message(text)
        self._offer(fixes or [])

    def show_change(
        self, change: Change, rows: list[DiffRow], summary: DiffSummary, matches: list[Match] | None
    ) -> None:
        """Show what a change does to a file; `matches` None while they are not known yet."""
        name = texts.shown(change.path)
        if change.to:
            name += f" → {texts.shown(change.to)}"
        self._head(name, summary.added, summary.removed, texts.ACTIONS[change.action])
        if change.level != "exchange":
            self._note.setText(f"{texts.ACTIONS[change.action]}, {promise_texts.level_short(change.level)}")
            self._note.setToolTip(promise_texts.level(change.level))
        stays, self._shown_path = self._shown_path == change.path, change.path
        self.view.can_type = summary.kind == "text" and change.action not in ("delete", "move")
        if summary.kind == "move":
            rows = _names(change)
        elif summary.kind == "large" and matches:
            rows = _of_matches(matches)
            self._note.setText(window_texts.ONLY_MATCHES)
        self._offer([])
        self._show_rows(rows, summary, texts.change_in_words(change, summary), matches, stay=stays)

    def show_contents(self, change: Change, before: bytes, after: bytes) -> None:
        """Show a file that is no text: as pictures where it is one, else the bytes that change."""
        if change.path != self._shown_path:
            return
        old, new = picture(before), picture(after)
        if old is not None or new is not None:
            self.pictures.show_pictures(old, new)
            self._shown.setCurrentWidget(self.pictures)
            self._note.setText(self.pictures.canvas.says)
            return
        self._show_rows(hexdump.rows(before, after), DiffSummary("text", 0, 0, False), "", None, stay=False)

    def show_pair(self, name: str, rows: list[DiffRow], summary: DiffSummary, note: str) -> None:
        """Show how two files differ."""
        self._head(name, summary.added, summary.removed, note)
        self._show_rows(rows, summary, texts.pair_in_words(summary), None, stay=False)

    # inside

    def _make_head(self) -> QHBoxLayout:
        header = QHBoxLayout()
        header.setContentsMargins(16, 6, 12, 6)
        header.setSpacing(8)
        for part in (self._path, self._added, self._removed, self._note):
            header.addWidget(part)
        header.addStretch()
        for one in (*self._buttons, self.as_text):
            header.addWidget(one)
        return header

    def _show_rows(
        self,
        rows: list[DiffRow],
        summary: DiffSummary,
        otherwise: str,
        matches: list[Match] | None,
        *,
        stay: bool,
        has_ticks: bool = False,
    ) -> None:
        if rows and summary.kind in ("text", "delete", "move", "large"):
            self.view.show_rows(rows, matches, stay=stay, has_ticks=has_ticks)
            if summary.truncated:
                self._note.setText(_("Only the beginning is shown."))
        else:
            self.view.show_message(otherwise)
        for one in self._buttons:
            one.setEnabled(bool(rows))
        self._show_kind()

    def _show_message(self, text: str) -> None:
        self.view.show_message(text)
        self._show_kind()

    def _show_kind(self) -> None:
        """Show rows side by side, or as plain text for whoever has it read out."""
        if self.as_text.isChecked():
            said = unified(self.view.lines, _AS_TEXT_AT_MOST) or self.view.accessibleDescription()
            self.text.setPlainText(said)
            self._shown.setCurrentWidget(self.text)
        else:
            self._shown.setCurrentWidget(self.view)

    def _offer(self, fixes: Fixes) -> None:
        """Put buttons under a sentence."""
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 8, 16, 8)
        row.addStretch()
        for words, act in fixes:
            row.addWidget(button(words, act))
        row.addStretch()
        self._column.replaceWidget(self._fixes, bar)
        self._fixes.deleteLater()
        self._fixes = bar
        bar.setVisible(bool(fixes))

    @property
    def heading(self) -> str:
        """What is said above the lines: how many come, and how many go."""
        return f"{self._added.text()} {self._removed.text()}"

    def _head(self, name: str, added: int, removed: int, note: str = "") -> None:
        self._path.setText(name)
        self._added.setText(f"+{number(added)}" if added else "")
        self._removed.setText(f"−{number(removed)}" if removed else "")
        self._note.setText(note)
        self._note.setToolTip("")
        for one in self._buttons:
            one.setEnabled(False)


def _names(change: Change) -> list[DiffRow]:
    """Return rows that compare the old name with the new one, and the folders where they differ."""
    pairs = [(os.path.basename(change.path), os.path.basename(change.to))]
    if os.path.dirname(change.path) != os.path.dirname(change.to):
        pairs.append((os.path.dirname(change.path), os.path.dirname(change.to)))
    return [DiffRow("~", None, texts.shown(old), None, texts.shown(new)) for old, new in pairs]


def _of_matches(matches: list[Match]) -> list[DiffRow]:
    return [DiffRow("~", one.line, one.old, one.line, one.new) for one in matches]
