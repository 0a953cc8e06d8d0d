"""The menu of a row: each of its matches by itself, since one tick stands for all of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QWidget

from app.diff.document import visible
from app.values import Match

_LONGEST = 40  # characters of each side


def match_menu(matches: tuple[Match, ...], parent: QWidget, tick: Callable[[Match], object]) -> QMenu:
    """Return a menu with a check for each match; `tick` is called with one that is to be left out, or taken in again."""
    menu = QMenu(parent)
    for number, match in enumerate(matches, 1):
        mnemonic = f"&{number}  " if number < 10 else ""
        action = menu.addAction(f"{mnemonic}{_short(match.old)} → {_short(match.new)}")
        action.setCheckable(True)
        action.setChecked(not match.is_out)
        action.triggered.connect(lambda checked, match=match: tick(match))
    return menu


def _short(text: str) -> str:
    text = visible(text.replace("\n", " "))
    return (text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…").replace("&", "&&")
