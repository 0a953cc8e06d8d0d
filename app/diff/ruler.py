"""The ruler beside a comparison: where in the whole file something changes."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPixmap

from app.diff.document import Lines
from app.theme.tokens import Tokens

WIDTH = 6


def ruler(lines: Lines, height: int, tokens: Tokens) -> QPixmap:
    """Return it as a picture: made once, because looping over all rows takes its time."""
    pixmap = QPixmap(WIDTH, max(1, height))
    pixmap.fill(QColor(tokens.side))
    painter = QPainter(pixmap)
    count = max(1, len(lines))
    colours = {"-": QColor(tokens.error), "+": QColor(tokens.ok), "~": QColor(tokens.accent)}
    painted = -1
    for number, row in enumerate(lines.rows):
        top = number * height // count
        if row.kind not in colours or top == painted or not lines.changes(number):
            continue
        painted = top
        painter.fillRect(0, top, WIDTH, max(2, height // count), colours[row.kind])
    painter.end()
    return pixmap
