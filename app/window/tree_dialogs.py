"""New names, other encodings, patches: operations over many files, with what comes of them while they are chosen."""

from __future__ import annotations

import os

from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from app import texts, window_texts
from app.flows.trial import Trial, Tried
from app.theme.theme import Theme, mono
from app.values import Json
from app.window.parts import PathLabel, Tick, label
from app.window.path_field import PathField
from app.window.question import ADD, OperationQuestion
from app.window.scope import ScopeBox
from app.window.trial_view import TrialView
from app.words import _


class _Trying(OperationQuestion):
    """A dialog that tries what is chosen in it."""

    def __init__(self, title: str, trial: Trial, theme: Theme, parent: QWidget, accept: str) -> None:
        super().__init__(title, window_texts.NOTHING_BEFORE_APPLY, accept, parent)
        self.want(760, 600)
        self._trial = trial
        self.form = QFormLayout()
        self.form.setSpacing(10)
        self.view = TrialView(trial, theme)
        self.column.addLayout(self.form)
        self.finished.connect(trial.stop)

    def finish(self) -> None:
        """Put the trial and the buttons below everything else, and begin."""
        self.column.addWidget(self.view, 1)
        super().finish()
        self._trial.changed.connect(self._judge)
        self.try_it()

    def try_it(self) -> None:
        """Try what is chosen."""
        operation = self.operation()
        self.accept_button.setEnabled(operation is not None)
        self._trial.of(operation)
        if operation is None:
            self.view.show_nothing()

    def _judge(self, tried: Tried) -> None:
        self.accept_button.setEnabled(not tried.mistake[0])


class RenameManyDialog(_Trying):
    """New names by a pattern."""

    def __init__(self, operation: Json, trial: Trial, theme: Theme, parent: QWidget, accept: str = ADD) -> None:
        super().__init__(_("Rename by a pattern"), trial, theme, parent, accept)
        self.wanted, self.put = QLineEdit(operation.get("find", "")), QLineEdit(operation.get("replace", ""))
        self.wanted.setAccessibleName(_("Find in names"))
        self.put.setAccessibleName(_("New name"))
        for field in (self.wanted, self.put):
            field.setFont(mono())
            field.textChanged.connect(self.try_it)
        self.put.setToolTip(window_texts.RENAME_HELP)
        self.regex = Tick(theme, _("&Regular expression"))
        self.regex.setChecked(bool(operation.get("regex", True)))
        self.folders = Tick(theme, _("Fol&ders as well"))
        self.folders.setChecked(bool(operation.get("folders")))
        self.start = _number(_("Count from"), 0, 1_000_000, int(operation.get("start", 1)))
        self.digits = _number(_("Digits"), 1, 9, int(operation.get("digits", 1)))
        row = QHBoxLayout()
        row.setSpacing(12)
        for part in (
            self.regex,
            self.folders,
            label(_("\\# counts from")),
            self.start,
            label(_("with digits")),
            self.digits,
        ):
            row.addWidget(part)
        row.addStretch()
        self.scope = ScopeBox(theme, operation)
        self.form.addRow(_("&Find in names"), self.wanted)
        self.form.addRow(_("&New name"), self.put)
        self.form.addRow("", row)
        self.form.addRow(self.scope)
        for tick in (self.regex, self.folders):
            tick.toggled.connect(self.try_it)
        for number in (self.start, self.digits):
            number.valueChanged.connect(self.try_it)
        self.scope.changed.connect(self.try_it)
        self.finish()

    def operation(self) -> Json | None:
        if not self.wanted.text():
            return None
        values: Json = {"op": "rename", **self.scope.values(), "find": self.wanted.text(), "replace": self.put.text()}
        values |= {"regex": self.regex.isChecked(), "folders": self.folders.isChecked()}
        return values | {"start": self.start.value(), "digits": self.digits.value()}


class ConvertDialog(_Trying):
    """Another encoding, other line ends."""

    def __init__(self, operation: Json, trial: Trial, theme: Theme, parent: QWidget, accept: str = ADD) -> None:
        super().__init__(_("Convert files"), trial, theme, parent, accept)
        self.encoding = self._box(_("Encoding"), window_texts.ENCODINGS, str(operation.get("encoding", "")))
        self.newline = self._box(_("Line ends"), window_texts.NEWLINES, str(operation.get("newline", "")))
        self.ticks = {
            ("final_newline", True): Tick(theme, _("A line end at the &end of the file")),
            ("trailing_space", False): Tick(theme, _("&No space at the end of lines")),
            ("bom", False): Tick(theme, _("No &byte order mark")),
        }
        row = QHBoxLayout()
        row.setSpacing(16)
        for (key, value), tick in self.ticks.items():
            tick.setChecked(operation.get(key) is value)
            tick.toggled.connect(self.try_it)
            row.addWidget(tick)
        row.addStretch()
        self.scope = ScopeBox(theme, operation)
        self.scope.changed.connect(self.try_it)
        self.form.addRow(_("&Encoding"), self.encoding)
        self.form.addRow(_("&Line ends"), self.newline)
        self.form.addRow("", row)
        self.form.addRow(self.scope)
        self.finish()

    def operation(self) -> Json | None:
        wanted: Json = {}
        for key, box in (("encoding", self.encoding), ("newline", self.newline)):
            if box.currentData():
                wanted[key] = box.currentData()
        wanted |= {key: value for (key, value), tick in self.ticks.items() if tick.isChecked()}
        return {"op": "convert", **self.scope.values(), **wanted} if wanted else None

    def _box(self, name: str, choices: dict[str, str], chosen: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for value, words in choices.items():
            box.addItem(words, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.currentIndexChanged.connect(self.try_it)
        return box


_KEPT = ("skip", "without", "links", "times", "guard")  # of a patch that was queued, and is not asked for here


class PatchDialog(_Trying):
    """A unified diff."""

    def __init__(self, operation: Json, trial: Trial, theme: Theme, parent: QWidget, accept: str = ADD) -> None:
        super().__init__(_("Apply a patch"), trial, theme, parent, accept)
        self._file = str(operation["file"])
        self._rest = {key: operation[key] for key in _KEPT if key in operation}
        self.base = PathField(str(operation.get("base") or os.path.dirname(self._file)), _("Paths begin at"))
        self.base.textChanged.connect(self.try_it)
        self.strip = _number(_("Leading parts that do not count"), 0, 20, int(operation.get("strip", 1)))
        self.strip.valueChanged.connect(self.try_it)
        self.form.addRow(_("Patch"), PathLabel("strong", texts.shown(self._file)))
        self.form.addRow(_("&Paths begin at"), self.base)
        self.form.addRow(_("&Leading parts that do not count"), self.strip)
        self.finish()

    def operation(self) -> Json | None:
        base = self.base.path()
        if not os.path.isabs(base):
            return None
        return {**self._rest, "op": "patch", "file": self._file, "base": base, "strip": self.strip.value()}


def _number(name: str, least: int, most: int, value: int) -> QSpinBox:
    box = QSpinBox(minimum=least, maximum=most, value=value)
    for one in (box, box.lineEdit()):
        one.setAccessibleName(name)
    return box
