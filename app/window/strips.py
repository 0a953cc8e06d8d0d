"""The strips above every page: what must not be overlooked, and what is only worth knowing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app import window_texts
from app.theme.theme import Theme
from app.window.notice import Notice
from core.history import Entry


class Strips(QWidget):
    """`alarm` stays until no batch waits any more; `report` and `news` can be put away."""

    def __init__(self, theme: Theme, show_recovery: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("page")
        self._text = ""
        self.alarm = Notice(theme, window_texts.LOOK_AT_IT, show_recovery, is_alarm=True)
        self.report = Notice(theme, window_texts.COPY_REPORT, self._copy, closes=True)
        self.news = Notice(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 0)
        for strip in (self.alarm, self.report, self.news):
            column.addWidget(strip)
            strip.put_away.connect(self._fit)
        self.hide()

    def show_waiting(self, batches: int) -> None:
        """Say that so many batches wait to be put right; 0 says nothing."""
        self.alarm.say(window_texts.waiting(batches) if batches else "")
        self._fit()

    def tell(self, report: str, *, now: bool) -> None:
        """Say quietly that something went wrong inside, now or the last time."""
        self._text = report
        self.report.say(window_texts.report_told(now=now))
        self._fit()

    def tell_closed(self, name: str, entry: Entry | None) -> None:
        """Say what became of a batch whose window was closed by force: nobody could see it."""
        self.news.say(window_texts.was_closed(name, entry))
        self._fit()

    def _fit(self) -> None:
        self.setVisible(any(not strip.isHidden() for strip in (self.alarm, self.report, self.news)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
