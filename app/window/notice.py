"""A strip across a page that says something, with at most one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from app.theme.theme import Theme
from app.window.parts import Card, IconButton, IconLabel, button, label


class Notice(Card):
    """Hidden until it has something to say."""

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
            self.row.addWidget(IconButton(theme, "close", "Put this notice away", self.hide))
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
