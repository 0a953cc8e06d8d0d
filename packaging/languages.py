"""Brings the catalogues of `resources/languages` up to date: python packaging/languages.py [CODE...]

What the sources say is put into each catalogue (.po), and what they say no more is taken out; then it is compiled (.mo).
At the end it says what has no translation yet. With the code of a new language its catalogue is begun.

Both files are kept in the repository: so a plain checkout speaks every language, and only who changes a text needs
Babel. `tests/app/test_languages.py` says when this was forgotten.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "resources" / "languages"
DOMAIN = "holdfast"
_DAY = datetime(2026, 1, 1, tzinfo=UTC)
# What would change with every run, or says nothing here.
_UNCHANGING: dict[str, Any] = {
    "project": "Holdfast", "version": "1", "msgid_bugs_address": "see CONTRIBUTING", "language_team": "see CONTRIBUTING",
    "last_translator": "the authors of Holdfast",
    "creation_date": _DAY, "revision_date": _DAY,
}  # fmt: skip
_HEADER = "# What Holdfast says, in another language. packaging/CONTRIBUTING.md says how this is kept up."
_SINGLE = {"_", "marked"}  # the functions of app.words, by which of their arguments is a message
_PLURAL = {"counted"}
_IN_CONTEXT = {"in_context"}


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """Something that is said. `plural`: how it is said of many, "" where there is no number in it."""

    text: str
    plural: str
    context: str
    file: str

    @property
    def id(self) -> str | tuple[str, str]:
        """What Babel calls it."""
        return (self.text, self.plural) if self.plural else self.text


class Unsigned(Catalog):
    """A catalogue that does not name the Babel that wrote it: its files are the same whichever that was."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [header for header in super()._get_mime_headers() if header[0] != "Generated-By"]

    mime_headers = property(_get_mime_headers, Catalog._set_mime_headers)


def said() -> Iterator[Message]:
    """Yield what the sources say, with doubles."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield from said_in(path.read_text(), str(path.relative_to(ROOT)))


def said_in(source: str, file: str = "") -> Iterator[Message]:
    """Yield what one source says."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if node.func.id in _SINGLE and len(texts) == 1:
            yield Message(texts[0], "", "", file)
        elif node.func.id in _PLURAL and len(texts) == 2:
            yield Message(texts[0], texts[1], "", file)
        elif node.func.id in _IN_CONTEXT and len(texts) == 2:
            yield Message(texts[1], "", texts[0], file)


def place(code: str) -> Path:
    """Return where the catalogue of a language is, without its ending."""
    return FOLDER / code / "LC_MESSAGES" / DOMAIN


def catalogue(code: str) -> Catalog:
    """Return the catalogue of a language as it is; an empty one for a new language."""
    path = place(code).with_suffix(".po")
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def updated(old: Catalog) -> Catalog:
    """Return a catalogue with exactly what the sources say."""
    new = Unsigned(locale=old.locale, header_comment=_HEADER, fuzzy=False, **_UNCHANGING)
    for one in sorted(set(said())):
        known = old.get(one.text, one.context or None)
        translation = known.string if known is not None and bool(known.pluralizable) == bool(one.plural) else None
        new.add(one.id, translation, locations=[(one.file, 0)], context=one.context or None)
    return new


def missing(found: Catalog) -> list[str]:
    """Return what has no translation."""
    return [str(one.id) for one in found if one.id and not all(one.string if one.pluralizable else [one.string])]


def main(codes: list[str]) -> int:
    """Bring catalogues up to date; 1 where translations are missing."""
    left = 0
    for code in codes or sorted(one.name for one in FOLDER.iterdir() if one.is_dir()):
        found = updated(catalogue(code))
        place(code).parent.mkdir(parents=True, exist_ok=True)
        with place(code).with_suffix(".po").open("wb") as file:
            write_po(file, found, width=120, include_lineno=False, sort_output=True, omit_header=False)
        with place(code).with_suffix(".mo").open("wb") as file:
            write_mo(file, found)
        for text in missing(found):
            print(f"{code}: {text}")
            left += 1
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
