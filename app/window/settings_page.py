"""The settings, made from their declarations: a group a card, a setting a row."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app import texts, window_texts
from app.flows.preferences import Preferences
from app.settings import Setting, Value, groups
from app.theme.theme import Theme
from app.window.chooser import Chooser
from app.window.notice import Notice
from app.window.parts import IconButton, PathLabel, Tick, button, label
from app.words import _

_WIDTH = 760
_BOX_HEIGHT = 30


class SettingsPage(QWidget):
    """Shows `Preferences`; what is chosen is in force at once."""

    def __init__(self, preferences: Preferences, chooser: Chooser, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self._preferences, self._chooser, self._theme = preferences, chooser, theme
        self._show: dict[str, Callable[[Value], None]] = {}
        self.notice = Notice(theme)
        inner = QWidget()
        inner.setObjectName("page")
        inner.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(8)
        for name, settings in groups().items():
            column.addWidget(label(_(name), "strong"))
            column.addWidget(self._group(settings))
            column.addSpacing(8)
        column.addStretch()
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 20, 12, 20)
        outer.setSpacing(12)
        outer.addWidget(label(texts.SETTINGS, "title"))
        outer.addWidget(label(window_texts.SETTINGS_MEAN, "dim", wraps=True))
        outer.addWidget(self.notice)
        outer.addWidget(area, 1)
        preferences.changed.connect(lambda name, value: self._show[name](value))
        preferences.trouble.connect(lambda reason: self.notice.say(window_texts.not_kept(reason)))

    def _group(self, settings: list[Setting]) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 6, 16, 6)
        column.setSpacing(0)
        for number, setting in enumerate(settings):
            if number:
                line = QFrame()
                line.setObjectName("line")
                column.addWidget(line)
            column.addLayout(self._row(setting))
        return card

    def _row(self, setting: Setting) -> QHBoxLayout | QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(1)
        name = label(_(setting.label))
        words.addWidget(name)
        words.addWidget(label(_(setting.meaning), "dim", wraps=True))
        if isinstance(setting.default, tuple):
            column = QVBoxLayout()
            column.setContentsMargins(0, 10, 0, 10)
            column.setSpacing(8)
            column.addLayout(words)
            column.addWidget(self._folders(setting))
            return column
        row = QHBoxLayout()
        row.setContentsMargins(0, 10, 0, 10)
        row.setSpacing(24)
        row.addLayout(words, 1)
        control = self._choices(setting) if setting.choices else self._tick(setting)
        name.setBuddy(control)  # a screen reader says of a box what is chosen, and this is what it is about
        row.addWidget(control)
        return row

    def _tick(self, setting: Setting) -> Tick:
        tick = Tick(self._theme)
        tick.setAccessibleName(_(setting.label))
        tick.setAccessibleDescription(_(setting.meaning))
        tick.setChecked(self._preferences.values.is_on(setting.name))
        tick.toggled.connect(lambda on: self._preferences.choose(setting.name, on))
        self._show[setting.name] = lambda value: tick.setChecked(value is True)
        return tick

    def _choices(self, setting: Setting) -> QComboBox:
        box = QComboBox()
        box.setMinimumHeight(_BOX_HEIGHT)
        box.setAccessibleName(_(setting.label))
        box.setAccessibleDescription(_(setting.meaning))
        for value, words in setting.choices:
            box.addItem(_(words), value)

        def show(value: Value) -> None:
            box.setCurrentIndex(box.findData(value))

        show(self._preferences.values.get(setting.name))
        box.currentIndexChanged.connect(lambda: self._preferences.choose(setting.name, str(box.currentData())))
        # The wheel scrolls the page; it must not choose something in passing.
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.wheelEvent = lambda event: event.ignore()  # type: ignore[method-assign]
        self._show[setting.name] = show
        return box

    def _folders(self, setting: Setting) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)

        def add(paths: list[str]) -> None:
            known = self._preferences.values.paths(setting.name)
            self._preferences.choose(setting.name, tuple(dict.fromkeys([*known, *paths])))

        def show(value: Value) -> None:
            while column.count() > 1:
                item = column.takeAt(0)
                if item is not None and (widget := item.widget()):
                    widget.deleteLater()
            for number, path in enumerate(value if isinstance(value, tuple) else ()):
                column.insertWidget(number, self._folder(setting, path))

        column.addWidget(
            button(
                _("Add a folder…"),
                lambda: self._chooser.folder(self, _(setting.label), add),
                name=_("Add to {label}", label=_(setting.label)),
            ),
            0,
            Qt.AlignmentFlag.AlignLeading,
        )
        show(self._preferences.values.get(setting.name))
        self._show[setting.name] = show
        return holder

    def _folder(self, setting: Setting, path: str) -> QWidget:
        def remove() -> None:
            left = [one for one in self._preferences.values.paths(setting.name) if one != path]
            self._preferences.choose(setting.name, tuple(left))

        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PathLabel("", texts.shown(path)), 1)
        row.addWidget(IconButton(self._theme, "close", _("Remove {path}", path=texts.shown(path)), remove))
        return line
