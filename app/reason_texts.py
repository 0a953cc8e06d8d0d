"""What the engine, the system and `regex` give as a reason. They say it in English, which is what is kept and logged.

`told` says it again in the language. A sentence of a program that is not ours, such as what a parser of YAML minds, has
no translation here and stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from app.words import _, marked

# `core`: plan files.
_PLANS = (
    marked("“{key}” has a character that no file name can hold"),
    marked("“{key}” has a pattern that cannot be used"),
    marked("“{key}” has a value of the wrong type"),
    marked("“{key}” is a date such as 2026-01-31 or 2026-01-31T12:00"),
    marked("“{key}” is missing"),
    marked("“{key}” is not a key of a pair"),
    marked("“{key}” is not a key of a plan"),
    marked("“{key}” is not a key of “{name}”"),
    marked("“{key}” is not a path"),
    marked("“{key}” is there twice"),
    marked("“{key}” leaves the plan's folder; use an absolute path for that"),
    marked("“{key}” must be a list of texts"),
    marked("“{key}” must be a text"),
    marked("“{key}” must be a whole number, and at least {least}"),
    marked("“{key}” must be true or false"),
    marked("“{name}” is not an encoding that files can be searched in"),
    marked("“{name}” is not an operation"),
    marked("“base64” is not base64"),
    marked("“executable” goes with “text” and “base64”; a source is a program or is none"),
    marked("“expect” is about one file, so there must be one root"),
    marked("“expect” is “sha256:” and 64 digits"),
    marked("“newline” is “lf”, “crlf” or “cr”"),
    marked("“op” is missing"),
    marked("“pairs” is a list of objects with “find” and “replace”"),
    marked("“pairs” stands for “find” and “replace”"),
    marked("“roots” must name at least one file or folder"),
    marked("“text” has a character that no file can hold"),
    marked("“trailing_space” can only be taken away (false)"),
    marked("a conversion needs one of {keys}"),
    marked("a key is a text"),
    marked("an operation is an object"),
    marked("exactly one of “text”, “base64” and “source” is needed"),
    marked("not JSON: {reason}"),
    marked("not JSON: a comma with nothing after it"),
    marked("not UTF-8"),
    marked("something follows the end of the plan"),
    marked("this is a plan of version {value}; this program reads {version}"),
)

# `core`: searches and new names.
_SEARCHES = (
    marked("“{name}” is no name"),
    marked("“{piece}” means nothing"),
    marked("there is no group “{value}”"),
)

# `core`: patches.
_PATCHES = (
    marked("it changes what kind of file this is"),
    marked("it has a change of a file that is no text"),
    marked("it has a file without a name"),
    marked("it has no file in it"),
    marked("it is larger than 64 MiB"),
    marked("line {line}: {reason}"),
    marked("the part that begins here ends too early"),
    marked("the part that begins here has other lines than it says"),
    marked("this belongs to no part"),
    marked("this is no range of lines"),
    marked("this path is absolute"),
    marked("this path leads out of the folder"),
)

# `regex`: what is wrong with a pattern.
_PATTERNS = (
    marked("{reason} at position {position}"),
    marked("bad character in group name"),
    marked("bad character range"),
    marked("bad escape (end of pattern)"),
    marked("bad escape {escape}"),
    marked("cannot refer to an open group"),
    marked("invalid group reference"),
    marked("min repeat greater than max repeat"),
    marked("missing {character}"),
    marked("missing group name"),
    marked("multiple repeat"),
    marked("nothing to repeat"),
    marked("unbalanced parenthesis"),
    marked("unknown extension"),
    marked("unknown group"),
    marked("unknown property"),
    marked("unterminated character set"),
)

# The system: what a disk says, as the C library has it.
_SYSTEM = (
    marked("Cannot allocate memory"),
    marked("Device or resource busy"),
    marked("Directory not empty"),
    marked("Disk quota exceeded"),
    marked("File exists"),
    marked("File name too long"),
    marked("Input/output error"),
    marked("Invalid argument"),
    marked("Invalid cross-device link"),
    marked("Is a directory"),
    marked("No such file or directory"),
    marked("No space left on device"),
    marked("Not a directory"),
    marked("Operation not permitted"),
    marked("Operation not supported"),
    marked("Permission denied"),
    marked("Read-only file system"),
    marked("Stale file handle"),
    marked("Text file busy"),
    marked("Too many levels of symbolic links"),
    marked("Too many links"),
    marked("Too many open files"),
)

# `core`: what is kept of batches.
_RECORDS = (
    marked("its record is damaged"),
    marked("what a program wrote into a previous version cannot be brought out"),
)

# `app`: the window and its engine.
_WINDOW = (
    marked("PySide6, which shows the window, is not installed. Start with: sh packaging/run.sh"),
    marked(
        "PySide6 {pyside} aborts on Python {python}. "
        'Install another one: pip install "PySide6-Essentials<6.12", or use Python 3.12 or later.'
    ),
    marked("the worker keeps dying"),
)

ALL = (*_PLANS, *_SEARCHES, *_PATCHES, *_PATTERNS, *_SYSTEM, *_RECORDS, *_WINDOW)
_NESTED = frozenset({"reason"})  # what is itself a reason


def told(reason: object) -> str:
    """Return a reason in the language; what is not known here as it is."""
    text = str(reason)
    for pattern, message in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return _(
                message, **{key: told(value) if key in _NESTED else value for key, value in found.groupdict().items()}
            )
    return text


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what each reason is recognised by; those with the most words of their own come first."""
    ordered = sorted(ALL, key=lambda message: -len(re.sub(r"\{\w+\}", "", message)))
    return tuple((_pattern(message), message) for message in ordered)


def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", message)
    text = "".join(f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts))
    return re.compile(text, re.DOTALL)
