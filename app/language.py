"""Which language this start of the program speaks: the one in the settings, else that of the environment.

The settings are read by hand: `app.settings` would import half of the engine before anything is shown.
"""

from __future__ import annotations

from app import words
from core.fs import kept

_FOLDER_OPTION = "--state-dir"


def choose(arguments: list[str]) -> str:
    """Take the language, before any table of words is imported, and return its code."""
    chosen = kept.load("settings", _state(arguments)).get("language")
    return words.use(chosen if isinstance(chosen, str) and chosen in words.NAMES else words.SYSTEM)


def _state(arguments: list[str]) -> str | None:
    """Return the state directory that is named, as argparse would find it."""
    for number, word in enumerate(arguments):
        if word == _FOLDER_OPTION and number + 1 < len(arguments):
            return arguments[number + 1]
        if word.startswith(f"{_FOLDER_OPTION}="):
            return word.partition("=")[2]
    return None
