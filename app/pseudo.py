"""A language that nobody speaks, to see what a translation will do.

LANGUAGE=en_XA shows every word of the program with accents, a third longer, and in brackets. What has no brackets was
never looked up; what lacks the last one is cut off.
"""

from __future__ import annotations

import gettext
import re

CODE = "en_XA"
_ACCENTED = str.maketrans("AEIOUYCNSZaeiouycnsz", "ÅÉÎØÛÝÇÑŠŽåéîøûýçñšž")
# What programs read in a message: {names}, %(names)s and %Y, options, commands in quotes, mnemonics.
_KEPT = re.compile(r"(\{[^}]*\}|%\(\w+\)[sd]|%[A-Za-z]|`[^`]*`|--[a-z-]+|&.|\\.|<[^>]*>)")
_LONGER = 3  # a letter more for so many


class Pseudo(gettext.NullTranslations):
    """Translates every message by itself."""

    def gettext(self, message: str) -> str:
        """Return a message as the language has it."""
        return pseudo(message)

    def pgettext(self, context: str, message: str) -> str:
        """Return a message, whatever it is about."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return one of two."""
        return pseudo(msgid1 if n == 1 else msgid2)


def pseudo(text: str) -> str:
    """Return a text with accents and brackets, and a third longer; what has no word in it stays as it is."""
    parts = _KEPT.split(text)
    letters = sum(one.isalpha() for part in parts[::2] for one in part)
    if not letters:
        return text
    accented = "".join(part if number % 2 else part.translate(_ACCENTED) for number, part in enumerate(parts))
    return f"[{accented}{'~' * -(-letters // _LONGER)}]"
