"""What to find and what to put there: one pair, or a table of them that can be pasted from a spreadsheet."""

from __future__ import annotations

import csv
import io

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app import texts
from app.reason_texts import told
from app.theme.theme import Theme, mono
from app.values import Json
from app.window.parts import IconButton, Tick, button, label
from app.words import _

_TALLEST = 180


class PairsBox(QWidget):
    """Pairs; `changed` when one is."""

    changed = Signal()

    def __init__(self, theme: Theme, operation: Json) -> None:
        super().__init__()
        self._theme = theme
        self._fields: list[tuple[QLineEdit, QLineEdit]] = []
        self.mistake = label("", "error")
        self.mistake.setFont(mono())
        self.simultaneous = Tick(theme, _("A&ll at once, so that words can change places"))
        self.simultaneous.setChecked(bool(operation.get("simultaneous")))
        self.simultaneous.toggled.connect(lambda: self.changed.emit())
        self._area = QScrollArea(widgetResizable=True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it takes the keyboard
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(button(_("Another pair"), self._add))
        paste = button(_("Paste pairs"), self.paste)
        paste.setToolTip(_("Two columns, from a spreadsheet or a CSV file"))
        foot.addWidget(paste)
        foot.addWidget(self.simultaneous)
        foot.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self._area, self.mistake):
            column.addWidget(part)
        column.addLayout(foot)
        self._build([(one["find"], one["replace"]) for one in operation.get("pairs") or [operation]])

    def values(self) -> Json:
        """Return the keys of a plan file."""
        pairs = [{"find": find, "replace": put} for find, put in self.pairs() if find]
        if len(pairs) == 1:
            return dict(pairs[0])
        more = {"simultaneous": True} if self.simultaneous.isChecked() else {}
        return {"pairs": pairs, **more}

    def pairs(self) -> list[tuple[str, str]]:
        """Return what is typed."""
        return [(find.text(), put.text()) for find, put in self._fields]

    def show_mistake(self, reason: str, at: int | None) -> None:
        """Say under the first pattern what is wrong with it, below the place; "" for nothing."""
        self.mistake.setVisible(bool(reason))
        reason = told(reason)
        self.mistake.setText(f"{' ' * at}▲ {reason}" if at is not None else reason)
        self._fields[0][0].setAccessibleDescription(reason)

    def paste(self) -> None:
        """Take pairs from the clipboard, in the place of empty ones."""
        found = pairs_of(QGuiApplication.clipboard().text())
        if found:
            self.show_pairs([*(pair for pair in self.pairs() if pair != ("", "")), *found])

    def show_pairs(self, pairs: list[tuple[str, str]]) -> None:
        """Show these pairs in the place of what is typed."""
        self._build(pairs)
        self.focus()
        self.changed.emit()

    def focus(self) -> None:
        """Let the person type what to find."""
        self._fields[0][0].setFocus()

    def _add(self) -> None:
        self._build([*self.pairs(), ("", "")])
        self._fields[-1][0].setFocus()
        self.changed.emit()

    def _remove(self, number: int) -> None:
        pairs = self.pairs()
        del pairs[number]
        self._build(pairs)
        self.changed.emit()

    def _build(self, pairs: list[tuple[str, str]]) -> None:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        grid.addWidget(label(_("Find"), "dim"), 0, 0)
        grid.addWidget(label(_("Replace with"), "dim"), 0, 1)
        self._fields = []
        for number, (find, put) in enumerate(pairs):
            names = _("Find"), _("Replace with")
            if number:
                names = _("Find {number}", number=number + 1), _("Replace with {number}", number=number + 1)
            fields = self._field(names[0], find), self._field(names[1], put)
            self._fields.append(fields)
            for at, field in enumerate(fields):
                grid.addWidget(field, number + 1, at)
            if len(pairs) > 1:
                remove = _("Remove pair {number}", number=number + 1)
                gone = IconButton(self._theme, "close", remove, lambda n=number: self._remove(n))  # type: ignore[misc]
                grid.addWidget(gone, number + 1, 2)
        self._area.setWidget(inner)
        self._area.setFixedHeight(min(_TALLEST, inner.sizeHint().height() + 2))
        self.simultaneous.setVisible(len(pairs) > 1)

    def _field(self, name: str, text: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setFont(mono())
        field.setAccessibleName(name)
        field.textChanged.connect(lambda: self.changed.emit())
        return field


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Return the pairs in two columns of text, whatever is between them; a heading is none of them."""
    pairs = max((_rows(text, between) for between in "\t,;"), key=len)
    return pairs[1:] if pairs and tuple(word.strip().lower() for word in pairs[0]) == texts.PAIR_HEADING else pairs


def _rows(text: str, between: str) -> list[tuple[str, str]]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=between))
    except csv.Error:
        return []
    return [(row[0], row[1]) for row in rows if len(row) == 2 and row[0]]
