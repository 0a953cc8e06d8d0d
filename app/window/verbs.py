"""What a person can queue: each verb asks what it has to know, and then adds a card to the batch."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QMenu, QWidget

from app.flows import operations
from app.flows.batch import BatchFlow
from app.flows.choice import Choice
from app.theme.theme import Theme
from app.values import Change
from app.window.chooser import Chooser
from app.window.dialogs import EditTextDialog, FindReplaceDialog, RenameDialog


class Verbs:
    """Finds what to act on (the choice, or one row of the table), and opens the dialogs."""

    def __init__(self, window: QWidget, flow: BatchFlow, choice: Choice, chooser: Chooser, theme: Theme) -> None:
        self._window, self._flow, self._choice, self._chooser = window, flow, choice, chooser
        self._theme = theme
        flow.text_read.connect(self._open_editor)

    def on_choice(self) -> dict[str, Callable[[], object]]:
        """Return the verbs that act on what is chosen, by name."""
        return {
            "search": lambda: self.search(self._choice.paths),
            "replace": lambda: self.replace(self._choice.only_file),
            "edit": lambda: self._flow.read_text(self._choice.only_file),
            "rename": lambda: self.rename(self._choice.only),
            "delete": lambda: self.delete(self._choice.paths),
        }

    def choose_files(self) -> None:
        """Choose files to work on."""
        self._chooser.files(self._window, "Choose files", self._choice.add)

    def choose_folder(self) -> None:
        """Choose a folder to work on."""
        self._chooser.folder(self._window, "Choose a folder", self._choice.add)

    def search(self, paths: list[str]) -> None:
        """Find and replace in files, and in all text files below folders."""
        where = "1 chosen item" if len(paths) == 1 else f"{len(paths):,} chosen items"
        dialog = FindReplaceDialog(where, self._theme, self._window)
        self._open(dialog, lambda: self._search(paths, dialog))

    def _search(self, paths: list[str], dialog: FindReplaceDialog) -> None:
        self._flow.search(
            paths,
            dialog.wanted.text(),
            dialog.replacement.text(),
            regex=dialog.regex.isChecked(),
            ignore_case=dialog.ignore_case.isChecked(),
        )
        self._choice.clear()

    def replace(self, path: str) -> None:
        """Give a file the content of another."""
        self._chooser.file(
            self._window,
            "Choose the file with the new content",
            lambda found: self._queue(operations.replace_with(path, found[0])),
        )

    def rename(self, path: str) -> None:
        """Give a file or folder another name."""
        dialog = RenameDialog(path, self._window)
        self._open(dialog, lambda: self._queue(operations.rename(path, dialog.target())))

    def delete(self, paths: list[str]) -> None:
        """Delete files and folders. No question: nothing happens before the batch is applied."""
        self._queue(operations.delete(paths))

    def fill_menu(self, menu: QMenu, change: Change) -> None:
        """Offer what can be done with one file of the batch."""
        path = change.to or change.path
        menu.addAction("Find && replace in this file…", lambda: self.search([path]))
        menu.addAction("Replace with…", lambda: self.replace(path))
        menu.addAction("Edit text…", lambda: self._flow.read_text(change.path))
        menu.addAction("Rename…", lambda: self.rename(path))
        menu.addAction("Delete", lambda: self.delete([path]))

    def _queue(self, card: operations.Card) -> None:
        self._flow.add(card)
        self._choice.clear()

    def _open_editor(self, path: str, text: str, digest: str) -> None:
        dialog = EditTextDialog(path, text, self._window)
        self._open(dialog, lambda: self._queue(operations.edit_text(path, dialog.text(), digest)))

    def _open(self, dialog: QDialog, accepted: Callable[[], object]) -> None:
        dialog.accepted.connect(accepted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
