"""The head of the batch page: its name, what it comes to, the filter, and *Add*."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from app import texts
from app.theme import icons
from app.theme.theme import Theme
from app.window.parts import PathLabel, keys, label
from app.window.verbs import Verbs
from app.words import _

_FILTER_WIDTH = 220


class BatchHead(QWidget):
    """`choose` gets what is typed into the filter."""

    def __init__(self, theme: Theme, verbs: Verbs, choose: Callable[[str], None]) -> None:
        super().__init__()
        self._theme, self._choose = theme, choose
        self._name, self._summary = PathLabel("title", texts.NEW_BATCH), label("", "dim")
        self.filter = self._make_filter()
        self.add_button = self._make_add(verbs)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._name)
        words.addWidget(self._summary)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addLayout(words, 1)
        row.addWidget(self.filter)
        row.addWidget(self.add_button)
        theme.changed.connect(self._paint_again)
        self._paint_again()

    def show_name(self, name: str) -> None:
        """Show what the batch is called."""
        self._name.setText(name)

    def show_summary(self, text: str) -> None:
        """Show what it comes to."""
        self._summary.setText(text)

    @property
    def summary(self) -> str:
        """The line below the name."""
        return self._summary.text()

    def _make_filter(self) -> QLineEdit:
        field = QLineEdit(placeholderText=_("Filter files"))
        field.setAccessibleName(_("Filter files"))
        field.setFixedWidth(_FILTER_WIDTH)
        field.setToolTip(keys("Ctrl+F"))
        self._glass = QAction(self)
        field.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        field.textChanged.connect(self._choose)
        return field

    def _make_add(self, verbs: Verbs) -> QPushButton:
        made = QPushButton(_("Add"))
        made.setAccessibleName(_("Add to the batch"))
        menu = QMenu(made)
        menu.addAction(_("Files…"), verbs.choose_files)
        menu.addAction(_("Folder…"), verbs.choose_folder)
        menu.addAction(_("By path…"), verbs.add_by_path)
        menu.addSeparator()
        menu.addAction(_("New file…"), verbs.new_file)
        menu.addAction(_("Patch…"), verbs.choose_patch)
        menu.addAction(_("Plan…"), verbs.open_plan)
        made.setMenu(menu)
        return made

    def _paint_again(self) -> None:
        self._glass.setIcon(icons.icon("search", self._theme.tokens.dim))
        self.add_button.setIcon(icons.icon("add", self._theme.tokens.text))
