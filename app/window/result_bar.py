"""How a batch ended. It stays until it is put away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import texts
from app.theme.theme import Theme
from app.values import Result
from app.window.parts import IconLabel, button, label, set_role

_ICONS = {"ok": "check", "warn": "warning", "error": "error"}
_KEPT_SHOWN = 5


class ResultBar(QWidget):
    """Takes the place of the action bar after a batch."""

    def __init__(self, theme: Theme, dismiss: Callable[[], object]) -> None:
        super().__init__()
        self._icon = IconLabel(theme, "check", "ok", 24)
        self.headline, self.detail = label("", "strong"), label("", "dim", wraps=True)
        # Paths that matter to a person are to be copied, not typed.
        self.detail.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.button = button("Done", dismiss, primary=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.headline)
        words.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self.button)

    def show_result(self, result: Result) -> None:
        """Say how it ended."""
        kind, headline, detail = texts.outcome(result)
        self._icon.show_icon(_ICONS[kind], kind)
        set_role(self.headline, kind)
        self.headline.setText(headline)
        lines = [detail]
        if result.kept:
            lines.append("Kept for you to look at: " + ", ".join(map(texts.shown, result.kept[:_KEPT_SHOWN])))
        lines += [f"{texts.shown(path)}: {why}" for path, why in result.failed[:_KEPT_SHOWN]]
        self.detail.setText("\n".join(lines))
        self.button.setText("Done" if result.outcome == "committed" else "Back to the batch")
        self.setAccessibleName(f"{headline}. {detail}")
