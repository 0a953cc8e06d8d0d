"""The strip of queued operations: one card each, in their order."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.flows.batch import BatchFlow
from app.flows.operations import Card as Queued
from app.theme.theme import Theme
from app.window.parts import Card, IconButton, IconLabel, PathLabel, Tick
from app.window.verbs import Verbs
from app.words import _

_HEIGHT = 64
_WIDEST = 320  # of the words on a card
_DRAGGED = "application/x-holdfast-card"


class CardsStrip(QScrollArea):
    """Shows the cards of a flow; they can be changed, switched off, moved and taken out."""

    def __init__(self, flow: BatchFlow, verbs: Verbs, theme: Theme) -> None:
        super().__init__()
        self._flow, self._verbs, self._theme = flow, verbs, theme
        self._shown: list[QWidget] = []
        self.setWidgetResizable(True)
        self.setFixedHeight(_HEIGHT + 14)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Operations"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it takes the keyboard
        self.setAcceptDrops(True)
        strip = QWidget()
        self._row = QHBoxLayout(strip)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch()
        self._row.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(strip)
        flow.cards_changed.connect(self._build)
        self._build()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(_DRAGGED):
            event.acceptProposedAction()
        else:
            event.ignore()  # files are for the page

    def dropEvent(self, event: QDropEvent) -> None:
        if not event.mimeData().hasFormat(_DRAGGED):
            event.ignore()
            return
        event.acceptProposedAction()
        number = int(bytes(event.mimeData().data(_DRAGGED).data()))
        if number < len(self._flow.cards):
            self._flow.queue.move(self._flow.cards[number], self._place(event.position().toPoint(), number))

    def _place(self, point: QPoint, dragged: int) -> int:
        """Return the number that a card dropped there gets, counted without itself."""
        rest = [one for number, one in enumerate(self._shown) if number != dragged]
        strip = self.widget()
        at = strip.mapFrom(self.viewport(), point).x() if strip is not None else 0
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return sum((one.geometry().center().x() < at) is not is_mirrored for one in rest)

    def _build(self) -> None:
        for card in self._shown:
            self._row.removeWidget(card)
            card.hide()
            card.deleteLater()  # not at once: it may be what was clicked, and is not through with that
        self._shown = [self._card(number, queued) for number, queued in enumerate(self._flow.cards)]
        for number, card in enumerate(self._shown):
            self._row.insertWidget(number, card)
        self.setVisible(bool(self._flow.cards))

    def _card(self, number: int, queued: Queued) -> QWidget:
        queue = self._flow.queue
        card = _Draggable(number, lambda: self._verbs.change(queued))
        card.setFixedHeight(_HEIGHT)
        tick = Tick(self._theme)
        tick.setChecked(queued.is_on)
        tick.setAccessibleName(f"{queued.title}, {queued.detail}")
        tick.setToolTip(_("Switch off without removing"))
        tick.toggled.connect(lambda on: queue.switch(queued, is_on=on))
        card.row.addWidget(tick)
        card.row.addWidget(IconLabel(self._theme, queued.icon, "accent"))
        words = QVBoxLayout()
        words.setSpacing(1)
        for role, text in (("strong" if queued.is_on else "dim", queued.title), ("dim", queued.detail)):
            line = PathLabel(role, text, _WIDEST)
            line.ensurePolished()
            line.setMinimumWidth(line.sizeHint().width())  # it is the strip that scrolls
            words.addWidget(line)
        card.row.addLayout(words)
        last = len(self._flow.cards) - 1
        actions: list[tuple[bool, str, str, Callable[[], object]]] = [
            (number > 0, "earlier", _("{title} earlier", title=queued.title), lambda: queue.move(queued, number - 1)),
            (number < last, "later", _("{title} later", title=queued.title), lambda: queue.move(queued, number + 1)),
            (
                self._verbs.can_change(queued),
                "edit",
                _("Change {title}", title=queued.title),
                lambda: self._verbs.change(queued),
            ),
            (True, "close", _("Remove {title}", title=queued.title), lambda: queue.remove(queued)),
        ]
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        for is_there, icon, name, act in actions:
            if is_there:
                buttons.addWidget(IconButton(self._theme, icon, name, act))
        card.row.addLayout(buttons)
        return card


class _Draggable(Card):
    """A card that can be dragged to another place, and opened with a double click."""

    def __init__(self, number: int, opened: Callable[[], object]) -> None:
        super().__init__()
        self._number, self._opened = number, opened
        self._pressed: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        self._opened()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = QApplication.startDragDistance()
        if self._pressed is None or (event.position().toPoint() - self._pressed).manhattanLength() < far:
            return
        drag, data = QDrag(self), QMimeData()
        data.setData(_DRAGGED, QByteArray(str(self._number).encode("ascii")))
        drag.setMimeData(data)
        drag.setPixmap(self.grab())
        drag.setHotSpot(self._pressed)
        self._pressed = None
        drag.exec(Qt.DropAction.MoveAction)
