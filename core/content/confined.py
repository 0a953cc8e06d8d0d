"""Patterns that find the same in many lines at once as in each line by itself, which takes twenty times as long.

Such a pattern cannot match a line end, and asks for nothing beside its match but whether a word begins or ends there:
a line end is as little of a word as the end of a text. Whatever is not known to be harmless is taken for the contrary.
"""

from __future__ import annotations

import re

import regex

_PLAIN = r"[^\x00-\x08\x0a-\x1f\\\[\](){}^$*+?|.]"  # stands for itself
_ESCAPED = r"\\[wdt]|\\[^\w\s]"
# No [^…], nothing that may reach down to a line end, and no classes in classes.
_CLASS = r"\[(?:[^\x00-\x1f\\\[\]^]|\\[wd]|\\[^\w\s])(?:[^\x00-\x1f\\\[\]]|\\[wd]|\\[^\w\s])*\]"
_TOKEN = re.compile(
    rf"""
      {_PLAIN} | {_ESCAPED} | \\b | {_CLASS} | [.|)]
    | \((?:\?:|\?P<\w+>)?(?![?*])                 # groups, none that look around or set flags
    | [*+?] | \{{\d+(?:,\d*)?\}}                  # how often; not how inexactly
    """,
    re.VERBOSE,
)


def is_confined(pattern: str) -> bool:
    """Return whether that is known of a pattern, looked for without DOTALL in text that has no carriage returns."""
    at = 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            return False
        at = token.end()
    try:
        # What matches nothing at all would do so behind the last line end, too.
        return regex.search(pattern, "", regex.V0) is None
    except regex.error:
        return False
