"""The guide in a window of its own: the pages that are shipped, with the links between them."""

from __future__ import annotations

import html
from collections.abc import Callable
from importlib import resources

from PySide6.QtCore import QUrl
from PySide6.QtGui import QKeySequence, QShortcut, QTextDocument
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from app import texts
from app.theme.theme import Theme
from app.window.parts import IconButton
from app.words import _

FIRST = "index.md"
_MARGIN = 28


class Pages(QTextBrowser):
    """Shows pages by their name; nothing is loaded from anywhere else, and nothing else is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenExternalLinks(False)
        self.setAccessibleName(_("Guide"))
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(_MARGIN)
        self.setSource(QUrl(FIRST))

    def loadResource(self, kind: int, url: QUrl | str) -> object:
        name = QUrl(url).path()
        place = resources.files("resources").joinpath("guide", name)
        if "/" in name or not place.is_file():
            return None
        data = place.read_bytes()
        if name.endswith(".json"):
            return f"<pre>{html.escape(data.decode())}</pre>"
        return data.decode() if kind == QTextDocument.ResourceType.MarkdownResource.value else data


class GuideWindow(QDialog):
    """The guide, beside whatever it is about."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Guide – {title}", title=texts.TITLE))
        room = parent.screen().availableSize()
        self.resize(min(820, room.width()), min(720, room.height()))
        self.pages = Pages()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addLayout(self._make_head(theme))
        column.addWidget(self.pages)

    def _make_head(self, theme: Theme) -> QHBoxLayout:
        pages, row = self.pages, QHBoxLayout()
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        ways: list[tuple[str, str, str, Callable[[], object]]] = [
            ("earlier", _("Back"), "Alt+Left", pages.backward),
            ("later", _("Forward"), "Alt+Right", pages.forward),
            ("batch", _("Contents"), "Alt+Home", pages.home),
        ]
        for icon, name, keys, act in ways:
            row.addWidget(IconButton(theme, icon, f"{name} ({keys})", act))
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        row.addStretch()
        return row
