"""A field for text of many lines that gives back what it was given, where nobody has changed it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.theme.theme import mono

_TAB = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class TextField(QPlainTextEdit):
    """Knows only one line end while it is typed in; what comes out has the line ends of what came in.

    Ctrl+Tab leaves it in either case: where Tab writes a tab, the keyboard would not get out otherwise.
    """

    def __init__(self, text: str, name: str, *, takes_tabs: bool) -> None:
        super().__init__(text)
        self._given = text
        self._crlf = "\r\n" in text and "\n" not in text.replace("\r\n", "")
        self.setFont(mono())
        self.setAccessibleName(name)
        self.setTabChangesFocus(not takes_tabs)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._shown = self.document().toRawText()

    def text(self) -> str:
        """Return what it holds. Bytes that are no text survive as long as nothing is typed."""
        shown = self.document().toRawText()
        if shown == self._shown:
            return self._given
        text = shown.replace("\u2029", "\n")
        return text.replace("\n", "\r\n") if self._crlf else text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() in _TAB:
            QWidget.focusNextPrevChild(self, event.key() == Qt.Key.Key_Tab)  # the editor's own would stay
        else:
            super().keyPressEvent(event)
