"""The menus: every action of the window with its name and its keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QMessageBox

from app import history_page_texts, short_texts, texts, window_texts
from app.flows.session import Shelf
from app.settings import named
from app.window import page_menus
from app.words import _
from core.version import VERSION

if TYPE_CHECKING:
    from app.window.guide import GuideWindow
    from app.window.main_window import MainWindow

_THEMES = named("theme").choices
_LONGEST = 60  # characters of a name in a menu


class Menus:
    """Fills the menu bar of a window, and says which actions make sense whenever a menu opens."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._looks: dict[str, QAction] = {}
        self._needs: list[tuple[QAction, Callable[[], bool]]] = []
        self._guide: GuideWindow | None = None
        self._fill_file()
        self._fill_edit()
        self._fill_batch()
        self._fill_view()
        self._pages = (
            page_menus.leftovers(window, self._menu(_("&Leftovers"))),
            page_menus.history(window, self._menu(_("H&istory"))),
        )
        self._fill_help()
        window.flow.state_changed.connect(self.refresh)
        window.recovery_flow.found.connect(self.refresh)
        window.choice.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Enable what makes sense now."""
        for action, makes_sense in self._needs:
            action.setEnabled(makes_sense())

    def _fill_file(self) -> None:
        menu, window = self._menu(_("&File")), self._window
        self._add(menu, _("&Add files…"), window.verbs.choose_files, "Ctrl+O", self._is_idle)
        self._add(menu, _("Add f&older…"), window.verbs.choose_folder, "Ctrl+Shift+O", self._is_idle)
        self._add(menu, _("Add by pa&th…"), window.verbs.add_by_path, "Ctrl+L", self._is_idle)
        self._add(menu, _("&New file…"), window.verbs.new_file, "Ctrl+Shift+N", self._is_idle)
        self._add(menu, _("Add a &patch…"), window.verbs.choose_patch, "", self._is_idle)
        menu.addSeparator()
        self._add(menu, _("Open a p&lan…"), window.verbs.open_plan, "Ctrl+Shift+P", self._is_idle)
        self._add(menu, _("&Save the plan…"), window.verbs.save_plan, "Ctrl+S", self._is_plan)
        self._add_shelf(menu, _("&Recent batches"), window.remembering.recent)
        self._add_shelf(menu, _("Pr&esets"), window.remembering.presets)
        self._add(menu, _("&Keep as a preset…"), self._ask_for_name, "Ctrl+Shift+S", self._is_plan)
        menu.addSeparator()
        self._add(menu, _("&Close"), window.close, "Ctrl+Q")

    def _add_shelf(self, menu: QMenu, title: str, shelf: Shelf) -> None:
        """Add a menu of batches that are kept; what is in it is looked up when it opens."""
        inner, remembering = menu.addMenu(title), self._window.remembering

        def fill() -> None:
            inner.clear()
            for name in shelf.names():
                action = inner.addAction(_in_menu(name))
                action.triggered.connect(lambda checked, name=name: remembering.use(shelf, name))
            if inner.isEmpty():
                inner.addAction(_("None yet")).setEnabled(False)

        inner.aboutToShow.connect(fill)
        fill()

    def _ask_for_name(self) -> None:
        from app.window.dialogs import NameDialog

        window = self._window
        dialog = NameDialog(window.flow.name, window)
        dialog.accepted.connect(lambda: window.remembering.presets.put(dialog.name.text(), window.flow.cards))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _fill_edit(self) -> None:
        menu, queue = self._menu(_("&Edit")), self._window.flow.queue
        undo = self._add(menu, _("&Undo"), queue.undo, "Ctrl+Z", lambda: self._is_idle() and bool(queue.undo_text))
        redo = self._add(
            menu, _("&Redo"), queue.redo, "Ctrl+Shift+Z", lambda: self._is_idle() and bool(queue.redo_text)
        )

        def name() -> None:
            undo.setText(_("&Undo: {what}", what=_in_menu(queue.undo_text)) if queue.undo_text else _("&Undo"))
            redo.setText(_("&Redo: {what}", what=_in_menu(queue.redo_text)) if queue.redo_text else _("&Redo"))
            self.refresh()

        queue.changed.connect(name)

    def _fill_batch(self) -> None:
        menu, window = self._menu(_("&Batch")), self._window
        verbs, choice = window.verbs.on_choice(), window.choice
        rows: list[tuple[str, str, str, Callable[[], bool]]] = [
            (_("&Find && replace…"), "search", "Ctrl+Shift+F", lambda: bool(choice.entries)),
            (_("Replace &with…"), "replace", "Ctrl+Shift+W", lambda: bool(choice.only_file)),
            (_("&Edit text…"), "edit", "Ctrl+E", lambda: bool(choice.only_file)),
            (_("&Rename…"), "rename", "F2", lambda: bool(choice.only)),
            (_("Rename by a &pattern…"), "rename_many", "Shift+F2", lambda: bool(choice.entries)),
            (_("C&onvert files…"), "convert", "Ctrl+Shift+E", lambda: bool(choice.entries)),
            (_("&Delete"), "delete", "Ctrl+Del", lambda: bool(choice.entries)),
        ]
        for text, name, keys, makes_sense in rows:
            self._add(menu, text, verbs[name], keys, lambda sense=makes_sense: self._is_idle() and sense())  # type: ignore[misc]
        menu.addSeparator()
        self._add(menu, _("&Apply"), window.batch.apply, "Ctrl+Return", self._is_idle)
        self._add(menu, _("&Cancel and put everything back"), window.flow.cancel, "Ctrl+.", lambda: window.flow.is_busy)
        self._add(menu, _("&Start over"), window.flow.start_over, "Ctrl+N", self._is_idle)

    def _fill_view(self) -> None:
        menu, window = self._menu(_("&View")), self._window
        self._add(menu, texts.BATCH, lambda: window.show_page("batch"), "Ctrl+1")
        self._add(menu, texts.LEFTOVERS, lambda: window.show_page("leftovers"), "Ctrl+2")
        self._add(menu, history_page_texts.TITLE, lambda: window.show_page("history"), "Ctrl+3")
        self._add(
            menu,
            texts.RECOVERY,
            lambda: window.show_page("recovery"),
            "Ctrl+4",
            lambda: bool(window.interrupted.waiting),
        )
        self._add(menu, texts.SETTINGS, lambda: window.show_page("settings"), "Ctrl+5")
        menu.addSeparator()
        self._add(menu, _("&Filter files"), self._filter, "Ctrl+F")
        self._add(menu, _("&Next change in the file"), window.batch.diff.view.next_change, "F7")
        self._add(menu, _("&Previous change in the file"), window.batch.diff.view.previous_change, "Shift+F7")
        menu.addSeparator()
        looks, group = menu.addMenu(_("&Look")), QActionGroup(window)
        choose = window.preferences.choose
        for choice, text in _THEMES:
            action = self._add(looks, _(text), lambda choice=choice: choose("theme", choice))  # type: ignore[misc]
            action.setCheckable(True)
            group.addAction(action)
            self._looks[choice] = action
        self._mark_look()
        window.theme.changed.connect(self._mark_look)

    def _mark_look(self) -> None:
        self._looks[self._window.theme.choice].setChecked(True)

    def _fill_help(self) -> None:
        menu = self._menu(_("&Help"))
        self._add(menu, _("&Guide"), self._show_guide, "F1")
        self._add(menu, _("Copy &diagnostics"), _copy_diagnostics)
        menu.addSeparator()
        self._add(menu, _("&About Holdfast"), self._about)

    def _menu(self, title: str) -> QMenu:
        return self._window.menuBar().addMenu(title)

    def _add(
        self,
        menu: QMenu,
        text: str,
        act: Callable[[], object],
        keys: str = "",
        makes_sense: Callable[[], bool] | None = None,
    ) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(lambda: act())
        if keys:
            action.setShortcut(QKeySequence(keys))
        if makes_sense is not None:
            self._needs.append((action, makes_sense))
        return action

    def _is_plan(self) -> bool:
        """Whether what is queued can be kept as a plan: an undo is about one batch of this machine."""
        return bool(self._window.flow.operations) and not self._window.flow.is_undo

    def _is_idle(self) -> bool:
        return not self._window.flow.is_busy

    def _filter(self) -> None:
        self._window.show_page("batch")
        self._window.batch.head.filter.setFocus()
        self._window.batch.head.filter.selectAll()

    def _show_guide(self) -> None:
        if self._guide is None:
            from app.window.guide import GuideWindow

            self._guide = GuideWindow(self._window.theme, self._window)
        self._guide.show()
        self._guide.raise_()

    def _about(self) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, texts.TITLE, f"Holdfast {VERSION}", parent=self._window)
        box.setInformativeText(window_texts.ABOUT)
        box.finished.connect(box.deleteLater)
        box.open()


def _in_menu(name: str) -> str:
    """Return a name as it may stand in a menu, in which an ampersand marks a key."""
    name = short_texts.in_a_line(name)
    return (name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…").replace("&", "&&")


def _copy_diagnostics() -> None:
    """Put what helps others to help into the clipboard: nothing of it says who this is, or what the files are called."""
    from app import diagnostics  # asks the engine itself, which nothing else here imports

    found = diagnostics.lines(diagnostics.window(), diagnostics.health(), private=False)
    QGuiApplication.clipboard().setText("\n".join(found))
