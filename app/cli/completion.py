"""Completions for bash, zsh and fish, made from the parsers: `python -m app.cli.completion SHELL`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from app.cli import described
from app.cli.described import Command, Option


def bash() -> Iterator[str]:
    """Yield a completion for bash; it stands without bash-completion, too."""
    found = list(described.commands())
    general = " ".join(name for one in described.general() for name in one.names)
    yield "# bash completion for holdfast"
    yield "_holdfast() {"
    yield "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words"
    yield "    COMPREPLY=()"
    yield "    if ((COMP_CWORD == 1)); then"
    yield f'        words="{" ".join(one.name for one in found)} {general}"'
    yield '        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word"; compgen -f -- "$word")'
    yield "        return"
    yield "    fi"
    yield "    case ${COMP_WORDS[1]} in"
    for command in found:
        yield f"        {command.name})"
        yield "            case $before in"
        yield from _bash_values(command)
        yield "            esac"
        names = " ".join(name for one in command.named for name in one.names)
        yield "            if [[ $word == -* ]]; then"
        yield "                " + _bash_reply(f'-W "{names}"')
        if _takes_files(command):
            yield "            else"
            yield f"                {_bash_reply('-f')}"
        yield "            fi ;;"
    yield "    esac"
    yield "}"
    yield "complete -o filenames -F _holdfast holdfast"


def _bash_values(command: Command) -> Iterator[str]:
    """Yield what follows an option that takes a value."""
    for option in command.named:
        if not option.value:
            continue
        if option.choices:
            reply = f'-W "{" ".join(option.choices)}"'
        elif option.takes_folders:
            reply = "-d"
        elif option.takes_files:
            reply = "-f"
        else:
            yield f"                {'|'.join(option.names)}) return ;;"
            continue
        yield f"                {'|'.join(option.names)}) {_bash_reply(reply)}; return ;;"


def _bash_reply(what: str) -> str:
    """Return the line that offers it; a name with blanks is one offer."""
    return f'mapfile -t COMPREPLY < <(compgen {what} -- "$word")'


def zsh() -> Iterator[str]:
    """Yield a completion for zsh, to lie in a folder of `fpath` as `_holdfast`."""
    yield "#compdef holdfast"
    yield "_holdfast() {"
    yield "    local -a commands"
    yield "    commands=("
    found = list(described.commands())
    for command in found:
        yield f"        {_quoted(f'{command.name}:{_plain(command.summary)}')}"
    yield "    )"
    yield "    if ((CURRENT == 2)); then"
    yield "        _describe -t commands command commands"
    yield "        _files"
    yield "        return"
    yield "    fi"
    yield "    local command=${words[2]}"
    yield "    shift words; ((CURRENT--))"
    yield "    case $command in"
    for command in found:
        specs = [*map(_zsh_option, command.named), "'*:file:_files'" if _takes_files(command) else ""]
        yield f"        {command.name}) _arguments {' '.join(filter(None, specs))} ;;"
    yield "    esac"
    yield "}"
    yield '_holdfast "$@"'


def _zsh_option(option: Option) -> str:
    said = _plain(option.help).replace("[", "(").replace("]", ")")
    names = option.names[0] if len(option.names) == 1 else "{" + ",".join(option.names) + "}"
    return f"{names}{_quoted(f'[{said}]{_zsh_value(option)}')}"


def _zsh_value(option: Option) -> str:
    if not option.value:
        return ""
    if option.choices:
        return f":{option.value.lower()}:({' '.join(option.choices)})"
    action = "_files -/" if option.takes_folders else "_files" if option.takes_files else " "
    return f":{_plain(option.value.lower())}:{action}"


def fish() -> Iterator[str]:
    """Yield a completion for fish."""
    yield "# fish completion for holdfast"
    yield from (f"complete -c holdfast -n __fish_use_subcommand {_fish_names(one)}" for one in described.general())
    for command in described.commands():
        yield (
            f"complete -c holdfast -n __fish_use_subcommand -a {command.name} -d {_fish_quoted(_plain(command.summary))}"
        )
        for option in command.named:
            words = f"complete -c holdfast -n '__fish_seen_subcommand_from {command.name}' {_fish_names(option)}"
            if option.choices:
                words += f" -x -a {_fish_quoted(' '.join(option.choices))}"
            elif option.takes_folders:
                words += " -x -a '(__fish_complete_directories)'"
            elif option.value:
                words += " -r"
            yield words
        if not _takes_files(command):
            yield f"complete -c holdfast -n '__fish_seen_subcommand_from {command.name}' -f"


def _fish_names(option: Option) -> str:
    names = (f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
    return f"{' '.join(names)} -d {_fish_quoted(_plain(option.help))}"


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _plain(text: str) -> str:
    r"""Return a text without what shells and their completions read as their own."""
    return text.replace("\\", "").replace(":", ",").replace("`", "")


def _takes_files(command: Command) -> bool:
    return any(option.takes_files for option in command.arguments)


SHELLS: dict[str, Callable[[], Iterator[str]]] = {"bash": bash, "zsh": zsh, "fish": fish}


def main(arguments: list[str]) -> int:
    """Print the completion for a shell."""
    sys.stdout.write("\n".join(SHELLS[arguments[0]]()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
