"""The rail at the start of the window: one button for each page."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.theme import icons
from app.theme.theme import Theme
from app.theme.tokens import RAIL_WIDTH
from app.window.parts import label

_ICON = 18


class Rail(QWidget):
    """Buttons for the pages; `chosen` (name) when one is pressed."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(RAIL_WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 14, 10, 14)
        self._column.setSpacing(2)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, QToolButton] = {}
        self._icons: dict[str, str] = {}
        self._badges: dict[str, QWidget] = {}
        self._column.addStretch()
        theme.changed.connect(self._paint_again)

    def add(self, name: str, text: str, icon: str, shortcut: str) -> None:
        """Add a page's button below those that are there."""
        button = QToolButton()
        button.setObjectName("nav")
        button.setText(text)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(_ICON, _ICON))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolTip(f"{text} ({shortcut})")
        button.setAccessibleName(text)
        button.clicked.connect(lambda: self.chosen.emit(name))
        badge = label("", "dim")
        row = QHBoxLayout(button)
        row.setContentsMargins(0, 0, 12, 0)
        row.addStretch()
        row.addWidget(badge)
        badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._group.addButton(button)
        self._column.insertWidget(self._column.count() - 1, button)
        self._buttons[name], self._icons[name], self._badges[name] = button, icon, badge
        self._paint_again()

    def show_count(self, name: str, number: int) -> None:
        """Show how many things a page has for the person; none is shown as nothing."""
        badge = self._badges[name]
        badge.setText(f"{number:,}" if number else "")  # type: ignore[attr-defined]
        button = self._buttons[name]
        button.setAccessibleName(f"{button.text()}, {number:,}" if number else button.text())

    def show_button(self, name: str, *, visible: bool) -> None:
        """Show or hide a page's button."""
        self._buttons[name].setVisible(visible)

    def select(self, name: str) -> None:
        """Mark the page that is shown."""
        self._buttons[name].setChecked(True)

    def _paint_again(self) -> None:
        for name, button in self._buttons.items():
            button.setIcon(icons.icon(self._icons[name], self._theme.tokens.text))
