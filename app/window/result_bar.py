"""How a batch ended. It stays until it is put away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import texts, window_texts
from app.reason_texts import told
from app.theme.theme import Theme
from app.values import Result
from app.window.parts import IconLabel, button, label, set_role
from app.words import _

_ICONS = {"ok": "check", "warn": "warning", "error": "error"}
_KEPT_SHOWN = 5


class ResultBar(QWidget):
    """Takes the place of the action bar after a batch. `undo` (id, name) and `report` (id) when they are wanted."""

    undo = Signal(object, object)
    report = Signal(object)

    def __init__(self, theme: Theme, dismiss: Callable[[], object]) -> None:
        super().__init__()
        self._icon = IconLabel(theme, "check", "ok", 24)
        self.headline, self.detail = label("", "strong"), label("", "dim", wraps=True)
        # Paths that matter to a person are to be copied, not typed.
        self.detail.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.button = button(_("Done"), dismiss, primary=True)
        self.undo_button = button(_("Undo batch"), lambda: self.undo.emit(self._result.txn, self._name))
        self.report_button = button(_("Save a report…"), lambda: self.report.emit(self._result.txn))
        self._result, self._name, self._said = Result("failed"), "", ""
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.headline)
        words.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        for one in (self.report_button, self.undo_button, self.button):
            row.addWidget(one)

    def show_result(self, result: Result, name: str = "") -> None:
        """Say how it ended."""
        self._result, self._name = result, name
        self._said = ""
        is_done = result.outcome == "committed"
        self.undo_button.setVisible(is_done and bool(result.txn))
        self.report_button.setVisible(is_done and bool(result.txn))
        kind, headline, detail = texts.outcome(result)
        self._icon.show_icon(_ICONS[kind], kind)
        set_role(self.headline, kind)
        self.headline.setText(headline)
        lines = [detail]
        if result.kept:
            kept = ", ".join(map(texts.shown, result.kept[:_KEPT_SHOWN]))
            lines.append(_("Kept for you to look at: {path}", path=kept))
        lines += [f"{texts.shown(path)}: {told(why)}" for path, why in result.failed[:_KEPT_SHOWN]]
        self._said = "\n".join(lines)
        self.detail.setText(self._said)
        self.button.setText(_("Done") if result.outcome == "committed" else _("Back to the batch"))
        self.setAccessibleName(f"{headline}. {detail}")

    def show_checked(self, differing: int) -> None:
        """Say that the files have been looked at again, and whether they are what they are to be."""
        self.detail.setText(f"{self._said} {window_texts.checked(differing)}")
