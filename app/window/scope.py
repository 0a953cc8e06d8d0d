"""Where a search looks: places, what their names are like, and what is left out."""

from __future__ import annotations

import os

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from app import texts
from app.theme.theme import Theme
from app.values import Json
from app.window.parts import PathLabel, Tick, label
from app.window_texts import tip
from app.words import _

_SHOWN = 3


class ScopeBox(QWidget):
    """The keys of a plan file that say which files an operation is about; `changed` when one is."""

    changed = Signal()

    def __init__(self, theme: Theme, operation: Json, *, binary: bool = False) -> None:
        super().__init__()
        self._roots = list(operation["roots"])
        self._rest = {key: operation[key] for key in ("without",) if key in operation}
        self.only = self._field(_("Only these files"), "*.py *.md", operation.get("glob", ()))
        self.never = self._field(_("Never these files"), "node_modules *.min.js", operation.get("exclude", ()))
        self.hidden = Tick(theme, _("&Hidden files"))
        self.hidden.setChecked(bool(operation.get("hidden")))
        self.ignored = Tick(theme, _("What .&gitignore names"))
        self.ignored.setChecked(not operation.get("gitignore", True))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.addWidget(label(_("In")), 0, 0)
        where = PathLabel("strong", _names(self._roots))
        where.setToolTip(tip("\n".join(map(texts.shown, self._roots[:30]))))
        grid.addWidget(where, 0, 1, 1, 3)
        for column, (word, field) in enumerate(((_("Only"), self.only), (_("Never"), self.never))):
            grid.addWidget(label(word), 1, 2 * column)
            grid.addWidget(field, 1, 2 * column + 1)
        ticks = QHBoxLayout()
        ticks.setSpacing(16)
        ticks.addWidget(label(_("Also"), "dim"))
        ticks.addWidget(self.hidden)
        ticks.addWidget(self.ignored)
        ticks.addStretch()
        grid.addLayout(ticks, 2, 1, 1, 3)
        for tick in (self.hidden, self.ignored):
            tick.toggled.connect(lambda: self.changed.emit())

    def values(self) -> Json:
        """Return the keys of a plan file."""
        found: Json = {"roots": self._roots, **self._rest}
        for key, field in (("glob", self.only), ("exclude", self.never)):
            if patterns := field.text().split():
                found[key] = patterns
        if self.hidden.isChecked():
            found["hidden"] = True
        if self.ignored.isChecked():
            found["gitignore"] = False
        return found

    def _field(self, name: str, example: str, patterns: list[str]) -> QLineEdit:
        field = QLineEdit(" ".join(patterns), placeholderText=example)
        field.setAccessibleName(name)
        field.setToolTip(_("Patterns as in a .gitignore, with spaces between them"))
        field.textChanged.connect(lambda: self.changed.emit())
        return field


def _names(roots: list[str]) -> str:
    names = ", ".join(texts.shown(os.path.basename(root) or root) for root in roots[:_SHOWN])
    return _("{first} and {number} more", first=names, number=len(roots) - _SHOWN) if len(roots) > _SHOWN else names
