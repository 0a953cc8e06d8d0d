"""The foot of the batch page: what has been written so far, and the button that applies."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app import texts, window_texts
from app.flows.batch import State
from app.models.ticks import Totals
from app.values import PlanSummary
from app.window.parts import button, keys, label
from app.words import _


class ActionBar(QWidget):
    """A sentence that always says what has and has not been written, and *Apply*."""

    def __init__(self, apply: Callable[[], object], start_over: Callable[[], object]) -> None:
        super().__init__()
        self._says, self._needs = label(texts.NOTHING_QUEUED, "strong"), label("", "dim", wraps=True)
        self.start_over_button = button(_("Start over"), start_over)
        self.apply_button = button(_("Apply"), apply, primary=True)
        self.apply_button.setToolTip(keys("Ctrl+Return"))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._says)
        words.addWidget(self._needs)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addLayout(words, 1)
        row.addWidget(self.start_over_button)
        row.addWidget(self.apply_button)

    def show_state(self, state: State, summary: PlanSummary | None, totals: Totals, hidden: int) -> None:
        """Show where the batch is; `totals` is what would be applied, `hidden` how much of it the filter hides."""
        is_ready = state is State.READY and summary is not None and not summary.problems and totals.files > 0
        self.apply_button.setText(texts.apply_button(totals.files, totals.matches))
        self.apply_button.setAccessibleName(self.apply_button.text())
        self.apply_button.setEnabled(is_ready)
        self.start_over_button.setEnabled(state is not State.EMPTY)
        self._says.setText(self._sentence(state, summary, hidden))
        about_it = [window_texts.needs(summary.space, totals.bytes), _undo(summary)] if is_ready and summary else []
        self._needs.setText(" ".join(filter(None, about_it)))

    @property
    def says(self) -> str:
        """The sentence that is shown."""
        return self._says.text()

    @property
    def needs(self) -> str:
        """What is said of the room that is needed, and of undo."""
        return self._needs.text()

    @staticmethod
    def _sentence(state: State, summary: PlanSummary | None, hidden: int) -> str:
        if state is State.EMPTY:
            return texts.NOTHING_QUEUED
        if state is State.PLANNING or summary is None:
            return texts.PLANNING
        if summary.problems:
            return texts.UNSOLVED
        if hidden:
            return f"{texts.NOTHING_WRITTEN} {texts.hidden_by_filter(hidden)}"
        return texts.NOTHING_WRITTEN


def _undo(summary: PlanSummary) -> str:
    if not summary.undo:
        return texts.NO_UNDO
    return texts.unkept(summary.unkept) if summary.unkept else texts.kept(summary.keeps)
