"""The strip of queued operations: one card each, in their order."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.flows.batch import BatchFlow
from app.flows.operations import Card as Queued
from app.theme.theme import Theme
from app.window.parts import Card, IconButton, IconLabel, Tick, label

_HEIGHT = 64


class CardsStrip(QScrollArea):
    """Shows the cards of a flow; they can be switched off, moved and taken out."""

    def __init__(self, flow: BatchFlow, theme: Theme) -> None:
        super().__init__()
        self._flow, self._theme = flow, theme
        self.setWidgetResizable(True)
        self.setFixedHeight(_HEIGHT + 14)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Operations")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it takes the keyboard
        flow.cards_changed.connect(self._build)
        self._build()

    def _build(self) -> None:
        strip = QWidget()
        row = QHBoxLayout(strip)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for queued in self._flow.cards:
            row.addWidget(self._card(queued))
        row.addStretch()
        row.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(strip)
        self.setVisible(bool(self._flow.cards))

    def _card(self, queued: Queued) -> QWidget:
        card = Card()
        card.setFixedHeight(_HEIGHT)
        tick = Tick(self._theme)
        tick.setChecked(queued.is_on)
        tick.setAccessibleName(f"{queued.title}, {queued.detail}")
        tick.setToolTip("Switch off without removing")
        tick.toggled.connect(lambda on: self._flow.switch(queued, is_on=on))
        card.row.addWidget(tick)
        card.row.addWidget(IconLabel(self._theme, queued.icon, "accent"))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(label(queued.title, "strong" if queued.is_on else "dim"))
        words.addWidget(label(queued.detail, "dim"))
        card.row.addLayout(words)
        if queued is not self._flow.cards[0]:
            card.row.addWidget(self._mover("earlier", f"{queued.title} earlier", queued, -1))
        if queued is not self._flow.cards[-1]:
            card.row.addWidget(self._mover("later", f"{queued.title} later", queued, 1))
        card.row.addWidget(
            IconButton(self._theme, "close", f"Remove {queued.title}", lambda: self._flow.remove(queued))
        )
        return card

    def _mover(self, icon: str, text: str, queued: Queued, by: int) -> IconButton:
        return IconButton(self._theme, icon, text, lambda: self._flow.move(queued, by))
