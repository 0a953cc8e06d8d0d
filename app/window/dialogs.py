"""The questions that queue something: what to find, what to call it, what to write."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app import texts
from app.theme.theme import Theme, mono
from app.window.parts import Tick, label


class _Question(QDialog):
    """A dialog with a title, content, and two buttons; the second one queues."""

    def __init__(self, title: str, about: str, accept: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 18, 20, 16)
        self.column.setSpacing(12)
        self.column.addWidget(label(title, "title"))
        self.column.addWidget(label(about, "dim", wraps=True))
        self.buttons = QDialogButtonBox()
        self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.accept_button = QPushButton(accept)
        self.accept_button.setProperty("role", "primary")
        self.accept_button.setDefault(True)
        self.buttons.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def finish(self) -> None:
        """Put the buttons below everything else."""
        self.column.addWidget(self.buttons)


class FindReplaceDialog(_Question):
    """What to find and what to put in its place."""

    def __init__(self, where: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(
            "Find & replace", f"In {where}. Nothing is written until you apply the batch.", "Add to batch", parent
        )
        self.wanted, self.replacement = QLineEdit(), QLineEdit()
        self.wanted.setAccessibleName("Find")
        self.replacement.setAccessibleName("Replace with")
        for field in (self.wanted, self.replacement):
            field.setFont(mono())
        self.regex = Tick(theme, "&Regular expression (\\1 for groups)")
        self.ignore_case = Tick(theme, "&Ignore case")
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow("&Find", self.wanted)
        form.addRow("Replace &with", self.replacement)
        choices = QHBoxLayout()
        choices.addWidget(self.regex)
        choices.addWidget(self.ignore_case)
        choices.addStretch()
        form.addRow("", choices)
        self.column.addLayout(form)
        self.finish()
        self.wanted.textChanged.connect(self._check)
        self._check()

    def _check(self) -> None:
        self.accept_button.setEnabled(bool(self.wanted.text()))


class RenameDialog(_Question):
    """Another name, or another folder."""

    def __init__(self, path: str, parent: QWidget) -> None:
        super().__init__("Rename", texts.shown(path), "Add to batch", parent)
        self._path = path
        self.name = QLineEdit(os.path.basename(path))
        self.name.setAccessibleName("New name")
        self.column.addWidget(self.name)
        self.column.addWidget(label("A path moves it: “old/name.txt”, or one that begins with /.", "dim"))
        self.finish()
        self.name.textChanged.connect(self._check)
        stem = len(os.path.splitext(os.path.basename(path))[0])
        self.name.setSelection(0, stem)
        self._check()

    def target(self) -> str:
        """Return the new path."""
        return os.path.normpath(os.path.join(os.path.dirname(self._path), self.name.text()))

    def _check(self) -> None:
        text = self.name.text()
        self.accept_button.setEnabled(bool(text) and "\0" not in text and self.target() != self._path)


class EditTextDialog(_Question):
    """A file's text, to be changed by hand."""

    def __init__(self, path: str, text: str, parent: QWidget) -> None:
        super().__init__("Edit text", texts.shown(path), "Add to batch", parent)
        self.resize(820, 560)
        self._before = text
        # The editor only knows one line end; the file keeps the one it has.
        self._crlf = "\r\n" in text and "\n" not in text.replace("\r\n", "")
        self.editor = QPlainTextEdit(text)
        self.editor.setFont(mono())
        self.editor.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.editor.setAccessibleName("Text")
        self.editor.setTabChangesFocus(False)
        self.column.addWidget(self.editor, 1)
        self.finish()
        self.accept_button.setDefault(False)
        self.editor.textChanged.connect(self._check)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()

    def text(self) -> str:
        """Return the text with the line ends of the file."""
        text = self.editor.document().toRawText().replace("\u2029", "\n")
        return text.replace("\n", "\r\n") if self._crlf else text

    def _check(self) -> None:
        self.accept_button.setEnabled(self.text() != self._before)
