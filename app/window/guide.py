"""The guide in a window of its own: the pages that are shipped, with the links between them."""

from __future__ import annotations

import html
from importlib import resources

from PySide6.QtCore import QUrl
from PySide6.QtGui import QKeySequence, QShortcut, QTextDocument
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from app import texts
from app.words import _

FIRST = "index.md"


class Pages(QTextBrowser):
    """Shows pages by their name; nothing is loaded from anywhere else, and nothing else is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenExternalLinks(False)
        self.setAccessibleName(_("Guide"))
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

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Guide – {title}", title=texts.TITLE))
        self.resize(820, 720)
        self.pages = Pages()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        for keys, act in (("Alt+Left", self.pages.backward), ("Alt+Right", self.pages.forward)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
