"""The manual page, made from the parsers: `python -m app.cli.manual`."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator

from app.cli import described
from app.cli.described import Command, Option
from app.words import _

_WIDTH = 68
_CHOICES_AT_MOST = 40  # letters, or they do not stand in a line

# What is in no parser. Each exit code is what the guide's reference has as well.
EXIT_CODES = {
    "0": _("done"),
    "1": _("the disk or the state refuses, or it failed and was put back: nothing was changed"),
    "2": _("the arguments make no sense, or the file cannot be read as a plan"),
    "3": _("something needs attention; nothing is lost, and the text says where it is"),
    "129, 130, 143": _("interrupted by SIGHUP, SIGINT or SIGTERM, and put back"),
}
ENVIRONMENT = {
    "HOLDFAST_STATE_DIR": _("where Holdfast keeps its own files, if --state-dir does not say"),
    "HOLDFAST_RG": _("the ripgrep to search with; empty for none. What is found never depends on it"),
}


def page() -> Iterator[str]:
    """Yield the lines of the page, in mdoc."""
    yield ".Dd $Mdocdate$"
    yield ".Dt HOLDFAST 1"
    yield ".Os"
    yield from _section("NAME", ".Nm holdfast", f".Nd {_('change many files at once: all of them, or none of them')}")
    yield from _section("SYNOPSIS", ".Nm", ".Op Ar path ...", ".Nm", ".Ar command", ".Op Ar option ...")
    yield from _section("DESCRIPTION")
    yield from _sentences(_("Without a command the window is shown; what is named joins the batch"))
    yield from _sentences(_("A batch that ends early, however it ends, leaves every file as it was before"))
    yield from _sentences(_("After a crash the next start puts right what was left"))
    yield from (".Pp", _("The commands:"))
    for command in described.commands():
        yield from _command(command)
    yield from _section("ENVIRONMENT", ".Bl -tag -width Ds")
    yield from _items(("Ev", name, said) for name, said in ENVIRONMENT.items())
    yield from _section("EXIT STATUS", ".Bl -tag -width Ds")
    yield from _items(("Sy", name, said) for name, said in EXIT_CODES.items())
    yield from _section("EXAMPLES", _("Find and replace over a tree, look at it, and apply it:"))
    yield from (
        ".Bd -literal -offset indent",
        "holdfast plan -w left right src -o plan.json",
        "holdfast preview plan.json",
    )
    yield from ("holdfast apply plan.json", ".Ed")
    yield from _section("SEE ALSO", ".Xr patch 1 ,", ".Xr sed 1")


def _section(title: str, *lines: str) -> Iterator[str]:
    yield f".Sh {title}"
    yield from lines


def _items(items: Iterator[tuple[str, str, str]]) -> Iterator[str]:
    for macro, name, said in items:
        yield f".It {macro} {_safe(name)}"
        yield from _sentences(said)
    yield ".El"


def _command(command: Command) -> Iterator[str]:
    yield f".Ss {command.name}"
    yield from _sentences(command.summary)
    yield ".Bd -literal -offset indent"
    for usage in command.usage.split(" holdfast "):
        said = usage if usage.startswith("holdfast") else f"holdfast {usage}"
        yield from map(_safe, textwrap.wrap(said, _WIDTH - 8, break_on_hyphens=False, subsequent_indent="    "))
    yield ".Ed"
    yield ".Bl -tag -width Ds"
    for option in command.options:
        if option.help:
            yield f".It {_names(option)}"
            yield from _sentences(option.help)
            if len("|".join(option.choices)) > _CHOICES_AT_MOST:
                yield from _sentences(_("One of {choices}", choices=", ".join(option.choices)))
    yield ".El"


def _names(option: Option) -> str:
    value = ""
    if option.value:
        choices = "|".join(option.choices)
        value = f" Ar {_safe(choices if 0 < len(choices) <= _CHOICES_AT_MOST else option.value)}"
    if not option.names:
        return value.strip()
    return " , ".join(f"Fl {_safe(name[1:])}{value}" for name in option.names)


def _sentences(text: str) -> Iterator[str]:
    """Yield a text as short lines, each sentence on a new one."""
    for sentence in f"{text[:1].upper()}{text[1:]}.".replace(". ", ".\n").split("\n"):
        yield from map(_safe, textwrap.wrap(sentence, _WIDTH, break_on_hyphens=False))


def _safe(text: str) -> str:
    r"""Escape what roff would read as its own: a backslash anywhere, a dot or quote at the start of a line."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...")
    return f"\\&{text}" if text.startswith((".", "'")) else text


def main() -> int:
    """Print the page."""
    sys.stdout.write("\n".join(page()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
