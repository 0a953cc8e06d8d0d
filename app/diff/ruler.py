"""The ruler beside a comparison: where in the whole file something changes."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPixmap

from app.diff.document import Line
from app.theme.tokens import Tokens

WIDTH = 6


def ruler(lines: list[Line], height: int, tokens: Tokens) -> QPixmap:
    """Return it as a picture: made once, because looping over all rows takes its time."""
    pixmap = QPixmap(WIDTH, max(1, height))
    pixmap.fill(QColor(tokens.side))
    painter = QPainter(pixmap)
    count = max(1, len(lines))
    for number, one in enumerate(lines):
        if one.kind in "=@#" or one.is_out:
            continue
        colour = tokens.error if one.kind == "-" else tokens.ok if one.kind == "+" else tokens.accent
        painter.fillRect(0, number * height // count, WIDTH, max(2, height // count), QColor(colour))
    painter.end()
    return pixmap
