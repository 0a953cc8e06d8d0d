"""The menus of two pages: what their buttons do, with its keys, while the page is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton

from app import history_page_texts
from app.words import _

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

Button = Callable[[], QPushButton | QAction]


class Row(NamedTuple):
    """One action: its name, its keys, and the button of the page that does it."""

    text: str
    keys: str
    button: Button


class PageMenu:
    """A menu whose actions press the buttons of a page, which is made when it is shown for the first time."""

    def __init__(self, window: MainWindow, page: str, menu: QMenu, rows: list[Row | None]) -> None:
        self._window, self._page, self._menu = window, page, menu
        self._actions: list[tuple[QAction, Button]] = []
        for row in rows:
            if row is None:
                menu.addSeparator()
            else:
                self._add(row)
        menu.aboutToShow.connect(self._look)
        menu.aboutToHide.connect(self.refresh)
        window.page_shown.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Enable what belongs to the page that is shown: a button that cannot be pressed says no by itself."""
        for action, _button in self._actions:
            action.setEnabled(self._window.page == self._page)

    def _add(self, row: Row) -> None:
        action = self._menu.addAction(row.text)
        action.setShortcut(QKeySequence(row.keys))
        action.triggered.connect(lambda: self._press(row.button()))
        self._actions.append((action, row.button))

    def _look(self) -> None:
        """Show which of the buttons can be pressed now."""
        if self._window.page == self._page:
            for action, button in self._actions:
                action.setEnabled(button().isEnabled())

    def _press(self, button: QPushButton | QAction) -> None:
        if isinstance(button, QAction):
            button.trigger()
        else:
            button.click()


def leftovers(window: MainWindow, menu: QMenu) -> PageMenu:
    """Fill the menu of the Leftovers page."""
    rows = [
        Row(_("&Add a folder…"), "Ctrl+Shift+L", lambda: window.leftovers.add),
        Row(_("&Watch no folder"), "", lambda: window.leftovers.stop),
        None,
        Row(_("&Restore the original from this leftover…"), "Ctrl+R", lambda: window.leftovers.restore_button),
        Row(_("&Clear what is ticked…"), "Ctrl+Shift+Del", lambda: window.leftovers.clear_button),
        Row(_("&Keep: show it no more until it changes"), "Ctrl+K", lambda: window.leftovers.keep_button),
        Row(_("&Ignore this kind here…"), "Ctrl+I", lambda: window.leftovers.ignore_button),
        None,
        Row(_("Show what is &protected"), "", lambda: window.leftovers.protected),
        Row(_("&Show again what was kept or ignored"), "", lambda: window.leftovers.again),
    ]
    return PageMenu(window, "leftovers", menu, rows)


def history(window: MainWindow, menu: QMenu) -> PageMenu:
    """Fill the menu of the History page."""
    reports = [
        Row(_("Save a report: {format}…", format=name), "", partial(_report, window, how))
        for how, name in history_page_texts.REPORT_NAMES.items()
    ]
    rows: list[Row | None] = [
        Row(_("&Undo this batch…"), "Ctrl+U", lambda: window.history.undo_button),
        Row(_("&Keep for good, or no longer"), "Ctrl+K", lambda: window.history.pin_button),
        Row(_("&Free space…"), "", lambda: window.history.free_button),
        None,
        *reports,
    ]
    return PageMenu(window, "history", menu, rows)


def _report(window: MainWindow, how: str) -> QAction:
    return window.history.reports[how]
