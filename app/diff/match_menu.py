"""The menu of a row: each of its matches by itself, since one tick stands for all of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.diff.document import visible
from app.values import Match

_LONGEST = 40  # characters of each side


def show_match_menu(
    matches: tuple[Match, ...], parent: QWidget, place: QPoint, toggle: Callable[[int], object]
) -> None:
    """Show a menu with a check for each match; `toggle` is called with the number, from 0, of one that is chosen."""
    menu = QMenu(parent)
    for number, match in enumerate(matches):
        mnemonic = f"&{number + 1}  " if number < 9 else ""
        action = menu.addAction(f"{mnemonic}{_short(match.old)} → {_short(match.new)}")
        action.setCheckable(True)
        action.setChecked(not match.is_out)
        action.triggered.connect(lambda checked, number=number: toggle(number))
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)


def _short(text: str) -> str:
    text = visible(text.replace("\n", " "))
    return (text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…").replace("&", "&&")
