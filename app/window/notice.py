"""A strip across a page that says something, with at most one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from app.theme.theme import Theme
from app.window.parts import Card, IconButton, IconLabel, button, label
from app.words import _


class Notice(Card):
    """Hidden until it has something to say; `put_away` when a person has read it."""

    put_away = Signal()

    def __init__(
        self,
        theme: Theme,
        action: str = "",
        do: Callable[[], object] | None = None,
        *,
        closes: bool = False,
        is_alarm: bool = False,
    ) -> None:
        super().__init__("alarm" if is_alarm else "banner")
        self._text = label("", wraps=True)
        self.row.addWidget(IconLabel(theme, *(("error", "error") if is_alarm else ("warning", "warn"))))
        self.row.addWidget(self._text, 1)
        if do is not None:
            self.button = button(action, do)
            self.row.addWidget(self.button)
        if do is None or closes:
            self.row.addWidget(IconButton(theme, "close", _("Put this notice away"), self._put_away))
        self.hide()

    def say(self, text: str) -> None:
        """Say something; "" hides the strip."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    @property
    def says(self) -> str:
        """What is shown, "" when nothing is."""
        return "" if self.isHidden() else self._text.text()

    def _put_away(self) -> None:
        self.hide()
        self.put_away.emit()
