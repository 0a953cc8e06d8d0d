"""What the dialogs that queue something have in common."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from app.values import Json
from app.window.parts import label
from app.words import _, in_context

_BESIDE = 48  # of the screen, for its panels and the title
ADD, CHANGE = _("Add to batch"), in_context("button", "Change")

_LEAST = 440


class Question(QDialog):
    """A dialog with a title, content, and two buttons; the second one queues."""

    def __init__(self, title: str, about: str, accept: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 18, 20, 16)
        self.column.setSpacing(12)
        self.column.addWidget(label(title, "title"))
        said = label(about, "dim", wraps=True)
        said.setMinimumWidth(_LEAST)  # not that of the dialog, which has to grow with the words in it
        self.column.addWidget(said)
        self.buttons = QDialogButtonBox()
        self.buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.accept_button = QPushButton(accept)
        self.accept_button.setProperty("role", "primary")
        self.accept_button.setDefault(True)
        self.buttons.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def want(self, width: int, height: int) -> None:
        """Be that large where the screen has the room: twice as large, many have not."""
        room = self.screen().availableSize()
        self.resize(min(width, room.width() - _BESIDE), min(height, room.height() - _BESIDE))

    def finish(self) -> None:
        """Put the buttons below everything else."""
        self.column.addWidget(self.buttons)


class OperationQuestion(Question):
    """A dialog whose answer is one operation."""

    def operation(self) -> Json | None:
        """Return what is asked for, None while it is nothing."""
        raise NotImplementedError
