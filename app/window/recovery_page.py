"""Interrupted batches: one card each, and what the person can decide about it."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from app import recovery_texts, short_texts, texts
from app.flows.recovery import RecoveryFlow
from app.theme.theme import Theme
from app.values import Json
from app.window.notice import Notice
from app.window.parts import IconLabel, PathLabel, button, label
from app.words import _
from core.keeping import Pending

_PATHS = 12


class RecoveryPage(QWidget):
    """Shows a `RecoveryFlow`. `later` when the person puts the decision off."""

    later = Signal()

    def __init__(self, flow: RecoveryFlow, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self._flow, self._theme = flow, theme
        self.notice = Notice(theme)
        self.cards: dict[str, RecoveryCard] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        inner = QWidget()
        inner.setObjectName("page")
        inner.setLayout(self._list)
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("Something was interrupted"), "title"))
        column.addWidget(label(_("Nothing is lost. Say what is to become of it."), "dim"))
        column.addWidget(self.notice)
        column.addWidget(area, 1)
        flow.found.connect(self._show)
        flow.progressed.connect(self._take_progress)
        flow.ended.connect(self._say)
        flow.trouble.connect(lambda code, values: self.notice.say(texts.trouble(code, str(values.get("reason", "")))))

    def _show(self, batches: list[Pending]) -> None:
        while self._list.count():
            item = self._list.takeAt(0)
            if item is not None and (widget := item.widget()):
                widget.deleteLater()
        self.cards = {}
        for batch in batches:
            card = RecoveryCard(batch, self._flow, self._theme, self.later.emit)
            self.cards[batch.txn] = card
            self._list.addWidget(card)
        self._list.addStretch()

    def _take_progress(self, batch: Pending, answer: Json) -> None:
        card = self.cards.get(batch.txn)
        if card is not None:
            card.show_progress(answer["files_done"], answer["files_total"])

    def _say(self, batch: Pending, answer: Json) -> None:
        self.notice.say(recovery_texts.recovered(batch, answer["result"], answer["code"] or "", answer["kept"]))


class RecoveryCard(QFrame):
    """One batch: when, what became of it, and four answers."""

    def __init__(self, batch: Pending, flow: RecoveryFlow, theme: Theme, later: object) -> None:
        super().__init__()
        self.setObjectName("card")
        self._batch = batch
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconLabel(theme, "recovery", "warn", 24), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PathLabel("strong", short_texts.in_a_line(batch.name) or _("A batch without a name")))
        self._says = label(recovery_texts.interrupted(batch, time.time()), "", wraps=True)
        words.addWidget(self._says)
        head.addLayout(words, 1)
        column.addLayout(head)
        self._files = label("\n".join(map(texts.shown, batch.paths[:_PATHS])), "dim", wraps=True)
        self._files.hide()
        column.addWidget(self._files)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(_("Progress"))
        self._bar.hide()
        column.addWidget(self._bar)
        if batch.alive:
            return
        if not batch.foreign:
            self._add_answers(column, flow, later)
        elif batch.state not in ("unreadable", "newer"):
            self._add_last_resort(column, flow)

    @property
    def says(self) -> str:
        """What is known of the batch, in words."""
        return self._says.text()

    def show_progress(self, done: int, total: int) -> None:
        """Show how far putting right is."""
        self._bar.setVisible(total > 0)
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(done)

    def _add_answers(self, column: QVBoxLayout, flow: RecoveryFlow, later: object) -> None:
        decide = partial(self._decide, flow)
        self.put_back = button(_("Put all back"), partial(decide, "put_back"), primary=True)
        self.finish = button(_("Finish applying"), partial(decide, "finish"))
        self.finish.setEnabled(self._batch.state in ("switching", "finishing"))
        self.show_files = button(_("Show files"), lambda: self._files.setVisible(self._files.isHidden()))
        self.later = button(_("Decide later"), later)  # type: ignore[arg-type]
        row = QHBoxLayout()
        row.setSpacing(8)
        for one in (self.put_back, self.finish, self.show_files, self.later):
            row.addWidget(one)
        row.addStretch()
        column.addLayout(row)
        column.addWidget(label(recovery_texts.WHAT_ANSWERS_DO, "dim", wraps=True))

    def _add_last_resort(self, column: QVBoxLayout, flow: RecoveryFlow) -> None:
        """Offer to wait no longer for folders that are not here."""
        here = button(_("Put back what is here"), partial(flow.decide, self._batch, "put_back_here"))
        row = QHBoxLayout()
        row.addWidget(here)
        row.addStretch()
        column.addLayout(row)
        column.addWidget(label(recovery_texts.WHAT_HERE_DOES, "dim", wraps=True))

    def _decide(self, flow: RecoveryFlow, how: str) -> None:
        for one in (self.put_back, self.finish, self.later):
            one.setEnabled(False)
        flow.decide(self._batch, how)
