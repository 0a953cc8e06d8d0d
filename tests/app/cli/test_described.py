"""Manual and completions are those of the parsers, and the programs they are for take them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from app import cli, main
from app.cli import completion, described, manual
from app.cli.described import Command

COMMANDS = list(described.commands())


def test_the_command_line_and_the_entrance_know_the_same_commands() -> None:
    assert set(main.COMMANDS) == set(cli.COMMANDS) == {command.name for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_manual_has_every_command_with_every_option(command: Command) -> None:
    page = "\n".join(manual.page())

    assert f".Ss {command.name}" in page
    for option in command.named:
        for name in option.names:
            assert f"Fl {name[1:]}".replace("-", "\\-") in page.replace(f".Ss {command.name}", ""), name


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_completions_have_every_command_with_every_option(shell: str) -> None:
    text = "\n".join(completion.SHELLS[shell]())

    for command in COMMANDS:
        assert command.name in text
        for option in command.named:
            for name in option.names:
                assert (name if shell != "fish" else name.lstrip("-")) in text


def test_no_option_is_without_a_word_about_it() -> None:
    assert [
        (command.name, option.names) for command in COMMANDS for option in command.named if not option.help.strip()
    ] == []


@pytest.mark.full
def test_mandoc_finds_nothing_to_say_about_the_manual(tmp_path: Path) -> None:
    needs("mandoc")
    page = tmp_path / "holdfast.1"
    page.write_text("\n".join(manual.page()) + "\n")

    said = subprocess.run(["mandoc", "-T", "lint", str(page)], capture_output=True, text=True).stdout
    # Whether the pages that it refers to are indexed is about this machine.
    assert [line for line in said.splitlines() if "mandoc.db" not in line] == []


@pytest.mark.full
def test_bash_completes(tmp_path: Path) -> None:
    needs("bash")
    (tmp_path / "a plan.json").touch()

    assert bash(tmp_path, "holdfast", "app") == ["apply"]
    assert bash(tmp_path, "holdfast", "apply", "--sk") == ["--skip-changed"]
    assert bash(tmp_path, "holdfast", "apply", "--links", "") == ["refuse", "keep", "split"]
    assert bash(tmp_path, "holdfast", "apply", "a") == ["a plan.json"]
    assert bash(tmp_path, "holdfast", "recover", "--put-back", "") == []


def bash(folder: Path, *words: str) -> list[str]:
    script = folder / ".completion"
    script.write_text("\n".join(completion.bash()))
    asked = f'. {script}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _holdfast; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", asked, "bash", *words], cwd=folder, capture_output=True, text=True)
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


@pytest.mark.full
def test_fish_completes(tmp_path: Path) -> None:
    needs("fish")
    script = tmp_path / "holdfast.fish"
    script.write_text("\n".join(completion.fish()))

    def fish(line: str) -> list[str]:
        command = ["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"]
        environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.stderr == ""
        return [one.split("\t")[0] for one in done.stdout.splitlines()]

    assert fish("holdfast app") == ["apply"]
    assert fish("holdfast apply --sk") == ["--skip-changed"]
    assert fish("holdfast apply --links ") == ["keep", "refuse", "split"]


@pytest.mark.full
def test_zsh_completes(tmp_path: Path) -> None:
    """In a real terminal, since zsh completes nowhere else."""
    needs("zsh")
    (tmp_path / "_holdfast").write_text("\n".join(completion.zsh()))
    zsh = f"""
        zmodload zsh/zpty
        zpty z zsh -f -i
        zpty -w z 'PROMPT="> "; fpath=({tmp_path} $fpath)'
        zpty -w z 'autoload -Uz compinit; compinit -D; holdfast() {{ :; }}; print re''ady'
        zpty -r z said "*ready*"
        zpty -w -n z $'holdfast apply --sk\\t'
        zpty -r z said "*--skip-changed*" && print completed
        zpty -d z
    """
    done = subprocess.run(["zsh", "-f", "-c", zsh], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1:] == ["completed"], done.stdout + done.stderr


def needs(tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"not installed: {tool}")
