"""What is there again at the next start: the queue, its ticks, the page; and batches that are kept under a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from PySide6.QtCore import QObject, QTimer

from app.flows.batch import BatchFlow
from app.flows.operations import Card
from app.values import Json
from core import keeping

_SETTLE_MS = 500
_AT_MOST = 5_000  # operations, and ticks: more would stop the window while they are written
_TEXT_AT_MOST = 1 << 20  # characters of new content
_RECENT = 10


class Session(QObject):
    """Keeps the queue half a second after each change. `more`: what else is to be kept; `restored` gives it back."""

    def __init__(self, flow: BatchFlow, more: Callable[[], Json], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._flow, self._more = flow, more
        self.is_on = True
        self._wait = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._wait.timeout.connect(self.keep)
        flow.queue.changed.connect(self.note)

    def note(self) -> None:
        """Keep the session in a moment."""
        self._wait.start()

    def restored(self) -> Json:
        """Put the queue of the last session there, where nothing is queued yet; return what else was kept."""
        kept = keeping.kept_document("session")
        cards = _cards(kept.get("cards"))
        if cards and not self._flow.cards:
            self._flow.given_name = str(kept.get("name", ""))
            self._flow.queue.note(cards)
            self._flow.evaluate()
        return kept

    def keep(self) -> None:
        """Keep the session now. Where the disk refuses, the one before is there at the next start."""
        self._wait.stop()
        if not self.is_on:
            return
        cards = self._flow.cards
        document = {"cards": _plain(cards) if _is_small(cards) else [], "name": self._flow.given_name, **self._more()}
        try:
            keeping.keep("session", document)
        except OSError:
            return

    def forget(self) -> None:
        """Keep nothing, and nothing of before."""
        self._wait.stop()
        try:
            keeping.keep("session", {})
        except OSError:
            return


class Shelf:
    """Batches under names, the newest first: what was applied lately, or what a person keeps to use again."""

    def __init__(self, document: str, at_most: int = 0) -> None:
        self._document, self._at_most = document, at_most

    def names(self) -> list[str]:
        """Return the names."""
        return list(self._kept())

    def put(self, name: str, cards: list[Card]) -> bool:
        """Put a batch there; False where it is too large, or the disk refuses."""
        if not cards or not _is_small(cards):
            return False
        kept = self._kept()
        kept.pop(name, None)
        kept = {name: _plain(cards), **kept}
        return self._keep(dict(list(kept.items())[: self._at_most or None]))

    def cards(self, name: str) -> list[Card]:
        """Return a batch, nothing where there is none of that name."""
        return _cards(self._kept().get(name))

    def remove(self, name: str) -> None:
        """Forget a batch."""
        kept = self._kept()
        kept.pop(name, None)
        self._keep(kept)

    def _kept(self) -> Json:
        kept = keeping.kept_document(self._document).get("batches")
        return kept if isinstance(kept, dict) else {}

    def _keep(self, batches: Json) -> bool:
        try:
            keeping.keep(self._document, {"batches": batches})
        except OSError:
            return False
        return True


def recent() -> Shelf:
    """Return the batches that were applied lately."""
    return Shelf("recent", _RECENT)


def presets() -> Shelf:
    """Return the batches that a person keeps."""
    return Shelf("presets")


def kept_ticks(paths: list[str]) -> list[str]:
    """Return the ticks that are kept; none where there are too many."""
    return paths if len(paths) <= _AT_MOST else []


def _is_small(cards: list[Card]) -> bool:
    operations = [one for card in cards for one in card.operations]
    texts = sum(len(str(one.get(key, ""))) for one in operations for key in ("text", "base64"))
    return len(operations) <= _AT_MOST and texts <= _TEXT_AT_MOST


def _plain(cards: list[Card]) -> list[Json]:
    return [asdict(card) for card in cards]


def _cards(kept: object) -> list[Card]:
    """Return cards that were kept; what is none of them (an older version, a damaged file) is dropped."""
    found: list[Card] = []
    for one in kept if isinstance(kept, list) else []:
        if not isinstance(one, dict) or set(one) != set(Card.__dataclass_fields__):
            continue
        operations = one["operations"]
        if (
            isinstance(operations, list)
            and operations
            and all(isinstance(each, dict) and "op" in each for each in operations)
        ):
            found.append(Card(**{**one, "operations": tuple(operations)}))
    return found
