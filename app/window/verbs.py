"""What a person can queue: each verb asks what it has to know, and then adds a card to the batch, or changes one."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QMenu, QWidget

from app.flows import operations
from app.flows.batch import BatchFlow
from app.flows.choice import Choice
from app.flows.looking import Look
from app.flows.operations import Card
from app.flows.plans import PlanFiles
from app.flows.preferences import Preferences
from app.flows.trial import Trial
from app.settings import search_defaults
from app.theme.theme import Theme
from app.values import Change, Json
from app.window.chooser import Chooser
from app.words import _

# Dialogs are read when the first of them is opened: the first window does not wait for them.
_Asks = Callable[[Json, Trial, Theme, QWidget, str], "OperationQuestion"]
_OVER_TREES = ("find_replace", "rename", "convert", "patch")

if TYPE_CHECKING:
    from app.window.question import OperationQuestion

_PATCHES = (".diff", ".patch")
_PLAN = ".json"


class Verbs:
    """Finds what to act on (the choice, or one row of the table), and opens the dialogs."""

    def __init__(
        self,
        window: QWidget,
        flow: BatchFlow,
        choice: Choice,
        chooser: Chooser,
        theme: Theme,
        preferences: Preferences,
        look: Look,
        trial: Trial,
        plans: PlanFiles,
    ) -> None:
        self._window, self._flow, self._choice, self._chooser = window, flow, choice, chooser
        self._theme, self._preferences, self._look, self._trial = theme, preferences, look, trial
        self._plans = plans
        look.text_read.connect(self._open_editor)

    def on_choice(self) -> dict[str, Callable[[], object]]:
        """Return the verbs that act on what is chosen, by name."""
        return {
            "search": lambda: self.search(self._choice.paths),
            "replace": lambda: self.replace(self._choice.only_file),
            "edit": lambda: self._look.read_text(self._choice.only_file),
            "rename": lambda: self.rename(self._choice.only),
            "rename_many": lambda: self.rename_many(self._choice.paths),
            "convert": lambda: self.convert(self._choice.paths),
            "delete": lambda: self.delete(self._choice.paths),
        }

    def choose_files(self) -> None:
        """Choose files to work on."""
        self._chooser.files(self._window, _("Choose files"), self.take)

    def choose_folder(self) -> None:
        """Choose a folder to work on."""
        self._chooser.folder(self._window, _("Choose a folder"), self.take)

    def add_by_path(self) -> None:
        """Choose a file or folder by its path, whatever bytes its name is made of."""
        from app.window.dialogs import PathDialog

        dialog = PathDialog(self._window)
        self._open(dialog, lambda: self.take([dialog.path()]))

    def take(self, paths: list[str]) -> None:
        """Take what was dropped or chosen: patches and plans into the queue, all else as what to work on."""
        patches = [path for path in paths if path.lower().endswith(_PATCHES)]
        if paths and len(paths) == len(patches):
            for path in patches:
                self.patch(path)
        elif len(paths) == 1 and paths[0].lower().endswith(_PLAN):
            self._plans.look(paths[0], lambda: self._choice.add(paths))
        elif paths:
            self._choice.add(paths)

    # over many files

    def search(self, paths: list[str]) -> None:
        """Find and replace in files, and in all text files below folders."""
        self._ask({"op": "find_replace", "roots": paths, "find": "", "replace": "", **self._defaults()})

    def rename_many(self, paths: list[str]) -> None:
        """Give files new names by a pattern."""
        self._ask({"op": "rename", "roots": paths})

    def convert(self, paths: list[str]) -> None:
        """Give files another encoding or other line ends."""
        self._ask({"op": "convert", "roots": paths})

    def patch(self, path: str) -> None:
        """Apply a unified diff."""
        self._ask({"op": "patch", "file": path})

    def choose_patch(self) -> None:
        """Choose a unified diff, and apply it."""
        self._chooser.file(self._window, _("Choose a patch"), lambda found: self.patch(found[0]))

    # plans

    def open_plan(self) -> None:
        """Queue what a plan file says."""
        self._chooser.file(self._window, _("Open a plan"), lambda found: self._plans.open(found[0]))

    def save_plan(self) -> None:
        """Write what is queued as a plan file."""
        self._chooser.save(self._window, _("Save the plan"), "plan.json", lambda found: self._plans.save(found[0]))

    # single files

    def replace(self, path: str) -> None:
        """Give a file the content of another."""
        self._choose_content(path, self.queue)

    def replace_by(self, change: Change, source: str) -> None:
        """Give a file of the batch the content of another, which was dropped on it."""
        self.queue(operations.replace_with(change.to or change.path, source))

    def rename(self, path: str) -> None:
        """Give a file or folder another name."""
        from app.window.dialogs import RenameDialog

        dialog = RenameDialog(path, self._window)
        self._open(dialog, lambda: self.queue(operations.rename(path, dialog.target())))

    def delete(self, paths: list[str]) -> None:
        """Delete files and folders. No question: nothing happens before the batch is applied."""
        self.queue(operations.delete(paths))

    def new_file(self) -> None:
        """Make a file."""
        from app.window.dialogs import NewFileDialog

        paths = self._choice.paths
        folder = paths[0] if paths else os.path.expanduser("~")
        dialog = NewFileDialog(
            folder if not self._choice.only_file else os.path.dirname(folder), self._theme, self._window
        )
        self._open(dialog, lambda: self.queue(operations.card(dialog.operation())))

    def fill_menu(self, menu: QMenu, change: Change) -> None:
        """Offer what can be done with one file of the batch."""
        path = change.to or change.path
        menu.addAction(_("Find && replace in this file…"), lambda: self.search([path]))
        menu.addAction(_("Replace with…"), lambda: self.replace(path))
        menu.addAction(_("Edit text…"), lambda: self._look.read_text(change.path))
        menu.addAction(_("Rename…"), lambda: self.rename(path))
        menu.addAction(_("Delete"), lambda: self.delete([path]))

    # what is queued

    def can_change(self, queued: Card) -> bool:
        """Whether there is a dialog for a card."""
        if len(queued.operations) != 1:
            return False
        operation = queued.operations[0]
        return queued.kind in (*_OVER_TREES, "create", "write", "move", "edit") or bool(
            {"text", "source"} & set(operation)
        )

    def change(self, queued: Card) -> None:
        """Open the dialog of a card again."""
        from app.window.dialogs import EditTextDialog, NewFileDialog, PieceDialog, RenameDialog
        from app.window.question import CHANGE

        if not self.can_change(queued):
            return
        operation = queued.operations[0]
        match queued.kind:
            case "find_replace" | "rename" | "convert" | "patch":
                self._ask(operation, queued)
            case "create" | "write":
                new = NewFileDialog("", self._theme, self._window, operation)
                self._open(new, lambda: self._exchange(queued, operations.card(new.operation())))
            case "move":
                path = operation["path"]
                rename = RenameDialog(path, self._window, operation["to"], CHANGE)
                self._open(rename, lambda: self._exchange(queued, operations.rename(path, rename.target())))
            case "edit":
                piece = PieceDialog(operation, self._window)
                self._open(piece, lambda: self._exchange(queued, operations.card(piece.operation())))
            case "replace" if "source" in operation:
                self._choose_content(operation["path"], lambda new: self._exchange(queued, new))
            case "replace":
                path, digest = operation["path"], operation.get("expect", "")
                editor = EditTextDialog(path, operation["text"], self._window)
                self._open(editor, lambda: self._exchange(queued, operations.edit_text(path, editor.text(), digest)))

    def queue(self, queued: Card) -> None:
        """Queue something; what was chosen for it is done with."""
        self._flow.add(queued)
        self._choice.clear()

    def _choose_content(self, path: str, then: Callable[[Card], object]) -> None:
        title = _("Choose the file with the new content")
        self._chooser.file(self._window, title, lambda found: then(operations.replace_with(path, found[0])))

    def _ask(self, operation: Json, queued: Card | None = None) -> None:
        from app.window.question import ADD, CHANGE

        make = _question(operation["op"])
        dialog = make(operation, self._trial, self._theme, self._window, CHANGE if queued else ADD)

        def take() -> None:
            found = dialog.operation()
            if found is not None and queued is not None:
                self._exchange(queued, operations.card(found))
            elif found is not None:
                self.queue(operations.card(found))

        self._open(dialog, take)

    def _exchange(self, queued: Card, new: Card) -> None:
        self._flow.queue.exchange(queued, new)

    def _defaults(self) -> Json:
        found = search_defaults(self._preferences.values)
        return {key: found[key] for key in ("hidden", "gitignore", "ignore_case") if key in found}

    def _open_editor(self, path: str, text: str, digest: str) -> None:
        from app.window.dialogs import EditTextDialog

        dialog = EditTextDialog(path, text, self._window)
        self._open(dialog, lambda: self.queue(operations.edit_text(path, dialog.text(), digest)))

    def _open(self, dialog: QDialog, accepted: Callable[[], object]) -> None:
        dialog.accepted.connect(accepted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _question(op: str) -> _Asks:
    """Return the dialog that asks about an operation over trees."""
    from app.window import search_dialog, tree_dialogs

    asks: dict[str, _Asks] = {
        "find_replace": search_dialog.SearchDialog,
        "rename": tree_dialogs.RenameManyDialog,
        "convert": tree_dialogs.ConvertDialog,
        "patch": tree_dialogs.PatchDialog,
    }
    return asks[op]
