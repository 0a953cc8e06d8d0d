"""A row that goes on in the next line where there is no room: words of other languages are longer."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle

_GAP = 8


class Flow(QLayout):
    """Lays its widgets out at the end of the line."""

    def __init__(self) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._height(self._lines(width))

    def sizeHint(self) -> QSize:
        shown = [one.sizeHint() for one in self._items if not one.isEmpty()]
        width = sum(one.width() + _GAP for one in shown) - _GAP
        return QSize(max(0, width), max((one.height() for one in shown), default=0))

    def minimumSize(self) -> QSize:
        shown = [one.minimumSize() for one in self._items if not one.isEmpty()]
        return QSize(max((one.width() for one in shown), default=0), max((one.height() for one in shown), default=0))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        widget = self.parentWidget()
        direction = widget.layoutDirection() if widget is not None else Qt.LayoutDirection.LeftToRight
        lines = self._lines(rect.width())
        top = rect.top() + (rect.height() - self._height(lines)) // 2
        for line in lines:
            left = rect.right() + 1 - sum(one.sizeHint().width() + _GAP for one in line) + _GAP
            for one in line:
                place = QRect(left, top, one.sizeHint().width(), one.sizeHint().height())
                one.setGeometry(QStyle.visualRect(direction, rect, place))
                left += one.sizeHint().width() + _GAP
            top += max(one.sizeHint().height() for one in line) + _GAP

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for one in self._items:
            if one.isEmpty():
                continue
            wide = one.sizeHint().width()
            if not lines or used + _GAP + wide > width:
                lines.append([])
                used = -_GAP
            lines[-1].append(one)
            used += _GAP + wide
        return lines

    @staticmethod
    def _height(lines: list[list[QLayoutItem]]) -> int:
        return sum(max(one.sizeHint().height() for one in line) + _GAP for line in lines) - _GAP if lines else 0
