"""The questions about one file: what to call it, what to write."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from app import texts, window_texts
from app.theme.theme import Theme, mono
from app.values import Json
from app.window.parts import PathLabel, Tick, label
from app.window.path_field import PathField
from app.window.question import ADD, CHANGE, Question
from app.window.text_field import TextField
from app.words import _


class RenameDialog(Question):
    """Another name, or another folder."""

    def __init__(self, path: str, parent: QWidget, to: str = "", accept: str = ADD) -> None:
        super().__init__(_("Rename"), texts.shown(path), accept, parent)
        self._path = path
        self.name = PathField(_relative(to, path) if to else os.path.basename(path), _("New name"))
        self.column.addWidget(self.name)
        if self.name.is_escaped:
            self.column.addWidget(label(window_texts.BY_PATH, "dim", wraps=True))
        self.column.addWidget(label(_("A path moves it: “old/name.txt”, or one that begins with /."), "dim"))
        self.finish()
        self.name.textChanged.connect(self._check)
        stem = len(os.path.splitext(self.name.text())[0])
        self.name.setSelection(0, stem)
        self._check()

    def target(self) -> str:
        """Return the new path."""
        return os.path.normpath(os.path.join(os.path.dirname(self._path), self.name.path()))

    def _check(self) -> None:
        name = self.name.path()
        self.accept_button.setEnabled(bool(name) and "\0" not in name and self.target() != self._path)


class PathDialog(Question):
    """A path, typed: the way to names that are no text, which no dialog for files can give back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(_("Add by path"), window_texts.BY_PATH, _("Add this path"), parent)
        self.field = PathField("", _("Path"), is_escaped=True)
        self.field.setPlaceholderText("/home/me/…")
        self.field.setFont(mono())
        self.column.addWidget(self.field)
        self.finish()
        self.field.textChanged.connect(self._check)
        self._check()

    def path(self) -> str:
        """Return the path that was typed, with lone surrogates for bytes that are no text."""
        return os.path.expanduser(self.field.path())

    def _check(self) -> None:
        path = self.path()
        self.accept_button.setEnabled(os.path.isabs(path) and "\0" not in path)


class NameDialog(Question):
    """What a batch is called among those that are kept."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(_("Keep as a preset"), _("It is in the File menu from then on."), _("Keep"), parent)
        self.name = QLineEdit(name)
        self.name.setAccessibleName(_("Name"))
        self.name.selectAll()
        self.column.addWidget(self.name)
        self.finish()
        self.name.textChanged.connect(lambda text: self.accept_button.setEnabled(bool(text.strip())))


class EditTextDialog(Question):
    """A file's text, to be changed by hand."""

    def __init__(self, path: str, text: str, parent: QWidget) -> None:
        super().__init__(_("Edit text"), texts.shown(path), ADD, parent)
        self.want(820, 560)
        self._before = text
        self.editor = TextField(text, _("Text"), takes_tabs=True)
        self.column.addWidget(self.editor, 1)
        self.column.addWidget(label(window_texts.LEAVE_WITH_TAB, "dim"))
        self.finish()
        self.accept_button.setDefault(False)
        self.editor.textChanged.connect(self._check)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()

    def text(self) -> str:
        """Return the text with the line ends of the file."""
        return self.editor.text()

    def _check(self) -> None:
        self.accept_button.setEnabled(self.text() != self._before)


class PieceDialog(Question):
    """One piece of a file's text, and what comes in its place: what a line that was typed over has become."""

    def __init__(self, operation: Json, parent: QWidget) -> None:
        super().__init__(_("Edit text"), texts.shown(operation["path"]), CHANGE, parent)
        self.want(720, 440)
        self._operation = operation
        self.sought = TextField(operation["find"], _("Find"), takes_tabs=False)
        self.put = TextField(operation["replace"], _("Replace with"), takes_tabs=False)
        for field in (self.sought, self.put):
            self.column.addWidget(label(field.accessibleName(), "dim"))
            self.column.addWidget(field, 1)
            field.textChanged.connect(self._check)
        self.finish()
        self.put.setFocus()
        self._check()

    def operation(self) -> Json:
        """Return what was asked for."""
        return {**self._operation, "find": self.sought.text(), "replace": self.put.text()}

    def _check(self) -> None:
        self.accept_button.setEnabled(bool(self.sought.text()) and self.operation() != self._operation)


class NewFileDialog(Question):
    """A file that is to be made, or made anew."""

    def __init__(self, folder: str, theme: Theme, parent: QWidget, operation: Json | None = None) -> None:
        super().__init__(_("New file"), _("It is made when you apply the batch."), ADD, parent)
        self.want(760, 520)
        given = operation or {}
        self._folder = os.path.dirname(given.get("path", "")) or folder
        self.name = PathField(os.path.basename(given.get("path", "")), _("Name"))
        self.name.setPlaceholderText(_("Name, or a path that begins with /"))
        self.editor = TextField(str(given.get("text", "")), _("Text"), takes_tabs=False)
        self.overwrite = Tick(theme, _("&Overwrite a file that is there"))
        self.overwrite.setChecked(given.get("op") == "write")
        self.column.addWidget(PathLabel("dim", _("In {path}", path=texts.shown(self._folder))))
        for part in (self.name, self.editor, self.overwrite):
            self.column.addWidget(part)
        self.finish()
        self.name.textChanged.connect(self._check)
        self._check()

    def operation(self) -> Json:
        """Return what was asked for."""
        path = os.path.normpath(os.path.join(self._folder, self.name.path()))
        return {"op": "write" if self.overwrite.isChecked() else "create", "path": path, "text": self.editor.text()}

    def _check(self) -> None:
        name = self.name.path()
        self.accept_button.setEnabled(bool(name) and "\0" not in name and not name.endswith("/"))


def _relative(to: str, path: str) -> str:
    folder = os.path.dirname(path)
    return os.path.basename(to) if os.path.dirname(to) == folder else to
