"""The queue of a batch: cards in their order. Every change of it can be undone and done again; none touches a file."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.flows.operations import Card
from app.words import _

_REMEMBERED = 200


class Queue(QObject):
    """`changed` after every change. Undo here is about what is queued; undoing a batch on the disk is History's."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards: list[Card] = []
        self._before: list[tuple[str, list[Card]]] = []
        self._after: list[tuple[str, list[Card]]] = []

    @property
    def cards(self) -> list[Card]:
        """What is queued, in the order in which it happens."""
        return self._cards

    @property
    def undo_text(self) -> str:
        """What undo would undo, "" for nothing."""
        return self._before[-1][0] if self._before else ""

    @property
    def redo_text(self) -> str:
        """What redo would do again, "" for nothing."""
        return self._after[-1][0] if self._after else ""

    def add(self, card: Card) -> None:
        """Queue something."""
        self.put(_("Add {title}", title=card.title), [*self._cards, card])

    def remove(self, card: Card) -> None:
        """Take something out of the queue."""
        self.put(_("Remove {title}", title=card.title), [one for one in self._cards if one is not card])

    def exchange(self, card: Card, new: Card, what: str = "") -> None:
        """Put another card in the place of one."""
        self.put(what or _("Change {title}", title=card.title), [new if one is card else one for one in self._cards])

    def switch(self, card: Card, *, is_on: bool) -> None:
        """Switch something off without forgetting it, or on again."""
        on, off = _("Switch on {title}", title=card.title), _("Switch off {title}", title=card.title)
        self.exchange(card, replace(card, is_on=is_on), on if is_on else off)

    def move(self, card: Card, to: int) -> None:
        """Let something happen at another place in the order, counted from 0."""
        rest = [one for one in self._cards if one is not card]
        to = max(0, min(len(rest), to))
        self.put(_("Move {title}", title=card.title), [*rest[:to], card, *rest[to:]])

    def put(self, what: str, cards: list[Card]) -> None:
        """Put these cards in the place of all; `what` names the change for undo."""
        if cards == self._cards:
            return
        self._before = [*self._before[1 - _REMEMBERED :], (what, self._cards)]
        self._after = []
        self._show(cards)

    def undo(self) -> None:
        """Take the last change back."""
        if self._before:
            what, cards = self._before.pop()
            self._after.append((what, self._cards))
            self._show(cards)

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._after:
            what, cards = self._after.pop()
            self._before.append((what, self._cards))
            self._show(cards)

    def forget(self) -> None:
        """Begin with nothing, and nothing to undo: what was queued has been applied."""
        self._before, self._after = [], []
        self._show([])

    def note(self, cards: list[Card]) -> None:
        """Put the same cards there with other words on them; nothing that could be undone."""
        self._cards = cards

    def _show(self, cards: list[Card]) -> None:
        self._cards = cards
        self.changed.emit()
