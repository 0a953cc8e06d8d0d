"""Find & replace: what, where, how; and what comes of it, while it is typed."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app import window_texts
from app.flows.trial import Trial, Tried
from app.theme.theme import Theme
from app.values import Json
from app.window.pairs import PairsBox
from app.window.parts import Tick, label
from app.window.question import ADD, OperationQuestion
from app.window.scope import ScopeBox
from app.window.trial_view import TrialView
from app.words import _

_HOW = {
    "regex": (_("&Regular expression"), window_texts.REGEX_HELP),
    "ignore_case": (_("&Ignore case"), ""),
    "word": (_("Whole &words"), ""),
    "preserve_case": (_("&Keep case"), _("Gives the replacement the case of what it replaces")),
    "multiline": (_("&Over line ends"), _("A match may go over line ends, and ^ and $ are those of lines")),
}
_KEPT = ("skip", "encoding", "links", "times", "guard", "max_per_file", "dotall", "binary")


class SearchDialog(OperationQuestion):
    """Makes or changes one `find_replace`."""

    def __init__(self, operation: Json, trial: Trial, theme: Theme, parent: QWidget, accept: str = ADD) -> None:
        super().__init__(_("Find & replace"), window_texts.NOTHING_BEFORE_APPLY, accept, parent)
        self.want(820, 680)
        self._trial = trial
        self._rest = {key: operation[key] for key in _KEPT if key in operation}
        self.pairs = PairsBox(theme, operation)
        self._pairs_before = self.pairs.pairs()
        self.scope = ScopeBox(theme, operation)
        self.how = {name: Tick(theme, words) for name, (words, __) in _HOW.items()}
        self.guard = label("", "warn")
        self.view = TrialView(trial, theme)
        row = QHBoxLayout()
        row.setSpacing(16)
        for name, tick in self.how.items():
            tick.setToolTip(_HOW[name][1])
            tick.setChecked(bool(operation.get(name)))
            tick.toggled.connect(self._try)
            row.addWidget(tick)
        row.addStretch()
        self.column.addWidget(self.pairs)
        self.column.addLayout(row)
        self.column.addWidget(self.scope)
        self.column.addWidget(self.guard)
        self.column.addWidget(self.view, 1)
        self.finish()
        for part in (self.pairs, self.scope):
            part.changed.connect(self._try)
        trial.changed.connect(self._show_mistake)
        self.finished.connect(trial.stop)
        self.pairs.focus()
        self._try()

    def operation(self) -> Json:
        """Return what is asked for."""
        how = {name: True for name, tick in self.how.items() if tick.isChecked()}
        rest = dict(self._rest)
        if self.pairs.pairs() != self._pairs_before:
            rest.pop("skip", None)  # those are matches of another search
        return {"op": "find_replace", **self.scope.values(), **self.pairs.values(), **how, **rest}

    def _try(self) -> None:
        usable = any(find for find, __ in self.pairs.pairs())
        self.accept_button.setEnabled(usable)
        empty = [find for find, put in self.pairs.pairs() if find and not put]
        self.guard.setVisible(bool(empty))
        self.guard.setText(window_texts.deletes(empty[0], len(self.pairs.pairs())) if empty else "")
        self.pairs.show_mistake("", None)
        if usable:
            self._trial.of(self.operation())
        else:
            self._trial.of(None)
            self.view.show_nothing()

    def _show_mistake(self, tried: Tried) -> None:
        reason, at = tried.mistake
        self.pairs.show_mistake(reason, at)
        self.accept_button.setEnabled(not reason)
