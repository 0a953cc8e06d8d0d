"""What a page shows while it has nothing to show: what it is for, and how to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.theme.theme import Theme
from app.window.parts import IconLabel, label

_WIDTH = 460


class Empty(QWidget):
    """An icon, a title, a sentence, and buttons."""

    def __init__(self, theme: Theme, icon: str, title: str, sentence: str, buttons: list[QPushButton]) -> None:
        super().__init__()
        self._title, self._sentence = label("", "title"), label("", "dim", wraps=True)
        self._sentence.setFixedWidth(_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch()
        for one in buttons:
            row.addWidget(one)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(IconLabel(theme, icon, "accent", 44), 0, Qt.AlignmentFlag.AlignHCenter)
        for words in (self._title, self._sentence):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addLayout(row)
        column.addStretch(3)
        self.say(title, sentence)

    def say(self, title: str, sentence: str) -> None:
        """Say something else."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setMinimumHeight(self._sentence.heightForWidth(_WIDTH))
