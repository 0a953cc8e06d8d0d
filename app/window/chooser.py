"""Asks for files and folders. Tests put one in its place that answers at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFileDialog, QWidget

Then = Callable[[list[str]], object]


class Chooser:
    """The system's file dialogs. None of them blocks: `then` is called when something was chosen."""

    def files(self, parent: QWidget, title: str, then: Then) -> None:
        """Ask for files."""
        self._ask(parent, title, QFileDialog.FileMode.ExistingFiles, then)

    def file(self, parent: QWidget, title: str, then: Then) -> None:
        """Ask for one file."""
        self._ask(parent, title, QFileDialog.FileMode.ExistingFile, then)

    def folder(self, parent: QWidget, title: str, then: Then) -> None:
        """Ask for a folder."""
        self._ask(parent, title, QFileDialog.FileMode.Directory, then)

    def save(self, parent: QWidget, title: str, name: str, then: Then) -> None:
        """Ask for a name to write to; asks again before anything that is there is overwritten."""
        dialog = QFileDialog(parent, title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        dialog.filesSelected.connect(lambda paths: then(list(paths)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask(self, parent: QWidget, title: str, mode: QFileDialog.FileMode, then: Then) -> None:
        dialog = QFileDialog(parent, title)
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(lambda paths: then(list(paths)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
