"""What the window remembers: the session, what was applied lately, and how large it was."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

from app.flows.session import Session, Shelf, kept_ticks, presets, recent
from app.values import Json, Result
from app.words import _

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

_PAGES = ("batch", "leftovers", "settings")


class Remembering:
    """Keeps what a window shows, and shows it again."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.recent, self.presets = recent(), presets()
        self._session = Session(window.flow, self._more, window)
        self._session.is_on = window.preferences.values.is_on("restore_session")
        window.batch.model.ticks_changed.connect(self._session.note)
        window.flow.over.connect(self._shelve)
        window.preferences.changed.connect(self._obey)

    def restore(self) -> None:
        """Show what was there at the end of the last session; the page of an interrupted batch still comes first."""
        if not self._session.is_on:
            return
        window, kept = self._window, self._session.restored()
        ticks = kept.get("unticked")
        if isinstance(ticks, list):
            window.batch.model.untick_again([path for path in ticks if isinstance(path, str)])
        window.restoreGeometry(QByteArray(base64.b64decode(str(kept.get("geometry", "")))))
        if kept.get("page") in _PAGES:
            window.show_page(str(kept["page"]))

    def keep(self) -> None:
        """Keep the session now: the window is about to close."""
        self._session.keep()

    def use(self, shelf: Shelf, name: str) -> None:
        """Queue a batch that is kept, behind what is queued already."""
        flow = self._window.flow
        flow.queue.put(_("Add {name}", name=name), [*flow.cards, *shelf.cards(name)])
        self._window.show_page("batch")

    def _shelve(self, result: Result) -> None:
        if result.outcome == "committed" and not self._window.flow.is_undo:  # that has its place in History
            self.recent.put(self._window.flow.name, self._window.flow.cards)

    def _obey(self, name: str, value: object) -> None:
        if name == "restore_session":
            self._session.is_on = value is True
            if value is not True:
                self._session.forget()

    def _more(self) -> Json:
        window = self._window
        geometry = base64.b64encode(window.saveGeometry().data()).decode("ascii")
        return {"page": window.page, "unticked": kept_ticks(window.batch.model.unticked()), "geometry": geometry}
