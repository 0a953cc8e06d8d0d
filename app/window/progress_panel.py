"""A running batch: which step it is at, how far, how fast; and Cancel, which puts everything back."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app import texts, window_texts
from app.theme.theme import Theme
from app.values import Progress
from app.window.parts import IconLabel, button, label, set_role
from app.words import _

_STEPS = ("check", "prepare", "switch", "finish")
_STABLE_SECONDS = 2.0
_FINE = 1000


class ProgressPanel(QWidget):
    """Takes the place of the action bar while a batch runs."""

    def __init__(self, theme: Theme, cancel: Callable[[], object]) -> None:
        super().__init__()
        self._phase, self._since, self._is_cancelling = "check", 0.0, False
        self._end = ""  # what is said from the moment on at which the end is certain
        self._steps: dict[str, tuple[IconLabel, QLabel]] = {}
        self.cancel_button = button(_("Cancel"), cancel, name=_("Cancel and put everything back"))
        self._says, self._figures = label("", "strong"), label("", "dim")
        self._bar = QProgressBar(maximum=_FINE, textVisible=False)
        self._bar.setAccessibleName(_("Progress"))
        words = QHBoxLayout()
        words.addWidget(self._says)
        words.addStretch()
        words.addWidget(self._figures)
        middle = QVBoxLayout()
        middle.setSpacing(6)
        middle.addLayout(self._make_steps(theme))
        middle.addLayout(words)
        middle.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        row.addLayout(middle, 1)
        row.addWidget(self.cancel_button)

    def begin(self) -> None:
        """Begin to show a batch."""
        self._is_cancelling, self._end = False, ""
        self.cancel_button.setEnabled(True)
        self.cancel_button.setToolTip("")
        self.cancel_button.setText(_("Cancel"))
        self._bar.setProperty("back", "false")
        self._polish_bar()
        self.take(Progress("check", 0, 0, 0, 0, ""))

    def begin_cancelling(self) -> None:
        """Cancel was asked for: say so at once, whatever the engine is doing."""
        if self._end:
            return
        self._is_cancelling = True
        self.cancel_button.setEnabled(False)
        self.cancel_button.setText(_("Cancelling…"))
        self._bar.setProperty("back", "true")
        self._polish_bar()
        self._says.setText(texts.cancelling(self._phase, 0, 0))
        self._figures.setText("")

    def show_end(self, event: str) -> None:
        """Everything is changed, or as it was, durably: there is nothing left that Cancel could stop."""
        says = window_texts.ALL_IS_BACK if event == "put_back" else window_texts.TOO_LATE_TO_CANCEL
        self.cancel_button.setEnabled(False)
        self.cancel_button.setToolTip(says)
        self._end = says
        self._says.setText(says)

    def take(self, now: Progress) -> None:
        """Show a sample."""
        if now.phase != self._phase or not self._since:
            self._phase, self._since = now.phase, time.monotonic()
        if now.phase == "put_back" and not self._is_cancelling:
            self.begin_cancelling()
        self._mark_steps()
        if self._end:
            pass
        elif self._is_cancelling:
            self._says.setText(texts.cancelling(now.phase, now.files_done, now.files_total))
        else:
            self._says.setText(texts.progress(now.phase, now.files_done, now.files_total))
        self._figures.setText(self._rate(now))
        done = now.files_done / now.files_total if now.files_total else 0.0
        if now.bytes_total:
            done = (done + now.bytes_done / now.bytes_total) / 2
        done = min(1.0, done)
        self._bar.setValue(round(_FINE * (1 - done if now.phase == "put_back" else done)))

    @property
    def says(self) -> str:
        """The sentence that is shown."""
        return self._says.text()

    def _rate(self, now: Progress) -> str:
        parts = (
            [_("{done} of {total}", done=texts.size(now.bytes_done), total=texts.size(now.bytes_total))]
            if now.bytes_total
            else []
        )
        elapsed = time.monotonic() - self._since
        done, total = (now.bytes_done, now.bytes_total) if now.bytes_total else (now.files_done, now.files_total)
        if elapsed > _STABLE_SECONDS and done:
            rate = done / elapsed
            parts.append(f"{texts.size(rate)}/s" if now.bytes_total else _("{rate} files/s", rate=round(rate)))
            parts.append(texts.left(max(0, total - done) / rate))
        return " · ".join(parts)

    def _make_steps(self, theme: Theme) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        for step in _STEPS:
            icon, word = IconLabel(theme, "circle", "dim", 16), label(texts.PHASES[step], "dim")
            self._steps[step] = icon, word
            row.addWidget(icon)
            row.addWidget(word)
            row.addSpacing(14)
        row.addStretch()
        return row

    def _mark_steps(self) -> None:
        at = _STEPS.index(self._phase) if self._phase in _STEPS else -1
        for number, step in enumerate(_STEPS):
            icon, word = self._steps[step]
            if self._is_cancelling or number > at:
                icon.show_icon("circle", "dim")
                set_role(word, "dim")
            elif number == at:
                icon.show_icon("running", "accent")
                set_role(word, "strong")
            else:
                icon.show_icon("check", "ok")
                set_role(word, "")

    def _polish_bar(self) -> None:
        self._bar.style().unpolish(self._bar)
        self._bar.style().polish(self._bar)
