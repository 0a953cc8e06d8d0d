"""The command line as values, read from the parsers themselves: what manual and completions are made of."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from app import cli
from app.words import _


@dataclass(frozen=True, slots=True)
class Option:
    """An option or argument. `names` is empty for an argument; `value` names what it takes, "" for none."""

    names: tuple[str, ...]
    value: str
    help: str
    choices: tuple[str, ...] = ()

    @property
    def takes_folders(self) -> bool:
        """Whether its value can only be a folder."""
        return self.value == "FOLDER"

    @property
    def takes_files(self) -> bool:
        """Whether its value is a file or a folder."""
        return self.value.split(".")[0].rstrip(".") in {"FILE", "PATH", "PLAN", "LEFTOVER"} or "PATH" in self.value


@dataclass(frozen=True, slots=True)
class Command:
    """A command, what it does, and what it takes: arguments first."""

    name: str
    summary: str
    usage: str
    options: tuple[Option, ...]

    @property
    def arguments(self) -> tuple[Option, ...]:
        """What it takes without a name."""
        return tuple(one for one in self.options if not one.names)

    @property
    def named(self) -> tuple[Option, ...]:
        """What it takes by name."""
        return tuple(one for one in self.options if one.names)


def commands() -> Iterator[Command]:
    """Yield every command."""
    parser = cli.make_parser()
    holder = next(one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    for name, command in holder.choices.items():
        found = [_option(one) for one in command._actions]
        yield Command(name, cli.COMMANDS[name], _usage(command), tuple(sorted(found, key=lambda one: bool(one.names))))


def general() -> tuple[Option, ...]:
    """Return the options that stand without a command."""
    return tuple(_option(one) for one in cli.make_parser("")._actions if one.option_strings)


def _option(action: argparse.Action) -> Option:
    value = ""
    if action.nargs != 0:
        value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    said = "" if action.help in (None, argparse.SUPPRESS) else str(action.help)
    if action.help and action.dest == "help":
        said = _("show what the command takes, and exit")
    return Option(tuple(action.option_strings), value, said, tuple(map(str, action.choices or ())))


def _usage(command: argparse.ArgumentParser) -> str:
    said = command.format_usage().removeprefix("usage: ").removeprefix(_("usage: "))
    return " ".join(said.split())
