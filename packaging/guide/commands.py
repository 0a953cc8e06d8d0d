"""Writes what the parsers know into the guide's page of commands: python packaging/guide/commands.py

Of each section that is the beginning, up to its examples; those are written by hand, and tests type them in.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "resources" / "guide" / "commands.md"
_SECTION = re.compile(r"^## (.*?)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_EXAMPLES = re.compile(r"^```console$", re.MULTILINE)
EVERYWHERE = ("--help", "--verbose", "--state-dir")  # what all commands take, which is said once

sys.path.insert(0, str(ROOT))

from app.cli import described
from app.cli.described import Command, Option


def made(page: str) -> str:
    """Return the page with what the parsers say now."""
    head = page[: page.index("\n## ") + 1]
    sections = dict(_SECTION.findall(page))
    text = head
    for command in described.commands():
        found = sections.get(command.name, "")
        examples = _EXAMPLES.search(found)
        text += _section(command) + (found[examples.start() :] if examples else "\n")
    return text.rstrip("\n") + "\n"


def _section(command: Command) -> str:
    summary = f"{command.summary[:1].upper()}{command.summary[1:]}."
    usage = command.usage.replace(" holdfast ", "\n    holdfast ")
    rows = [_row(one) for one in (*command.arguments, *own(command)) if one.help]
    table = "\n".join(["", "| | |", "|---|---|", *rows, ""]) if rows else ""
    return f"## {command.name}\n\n{_plain(summary)}\n\n    {usage}\n{table}\n"


def own(command: Command) -> list[Option]:
    """Return the options of a command that not every command has."""
    return [one for one in command.named if not set(one.names) & set(EVERYWHERE)]


def _row(option: Option) -> str:
    value = f" {'|'.join(option.choices) if 0 < len(option.choices) <= 4 else option.value}" if option.value else ""
    names = ", ".join(f"`{name}{value}`" for name in option.names) or f"`{option.value}`"
    said = f"{option.help[:1].upper()}{option.help[1:]}"
    if len(option.choices) > 4:
        said += f": {', '.join(option.choices)}"
    return f"| {names.replace('|', chr(92) + '|')} | {_plain(said)} |"


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(made(PAGE.read_text()))
