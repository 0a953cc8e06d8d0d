"""The guide says what is so: whatever it has a person type answers what it says."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from app import cli
from app.cli import described, manual
from core.journal.reader import State
from tests.support import guide
from tests.support.tried import Tried

ROOT = Path(__file__).parents[2]
TYPED = [typed for page in guide.pages() for typed in guide.commands(page)]


@pytest.mark.parametrize("page", guide.pages(), ids=lambda page: page.stem)
def test_everything_that_a_page_has_one_type_answers_what_it_says(page: Path, tmp_path: Path, tried: Tried) -> None:
    reader = guide.Reader(tmp_path)
    for typed in guide.commands(page):
        got = reader.type(typed.command)
        tried("commands of the guide")
        assert re.fullmatch(typed.pattern, got, re.DOTALL), f"$ {typed.command}\n{got}\n-- instead of\n{typed.answer}"


def test_every_option_that_the_guide_names_is_one_and_is_tried() -> None:
    options = {name for command in described.commands() for option in command.named for name in option.names}
    options |= {name for option in described.general() for name in option.names}
    named = {name for page in guide.pages() for name in re.findall(r"(?<![\w-])--[a-z][a-z-]+", page.read_text())}
    tried = {word for typed in TYPED for word in typed.command.replace("=", " ").split()}

    assert named - options == set()
    assert named - tried == set()


def test_every_command_that_the_guide_names_is_one_and_is_tried() -> None:
    named = {name for page in guide.pages() for name in re.findall(r"`holdfast ([a-z][a-z-]+)", page.read_text())}
    tried = {typed.command.split()[1] for typed in TYPED if typed.command.startswith("holdfast ")}

    assert named - set(cli.COMMANDS) == set()
    # `worker` is driven by tests/packaging/test_programs.py, with the script that its page shows.
    assert named - tried - {"worker"} == set()


def test_the_page_of_commands_says_what_the_parsers_say() -> None:
    """If it does not any more: python packaging/guide/commands.py"""
    page = (guide.GUIDE / "commands.md").read_text()

    assert runpy.run_path(str(ROOT / "packaging/guide/commands.py"))["made"](page) == page


@pytest.mark.parametrize("name", ["settings.md", "worker.md"])
def test_pages_that_the_sources_say_whole_are_as_they_say(name: str) -> None:
    """If one is not any more: python packaging/guide/pages.py"""
    pages = runpy.run_path(str(ROOT / "packaging/guide/pages.py"))["PAGES"]

    assert pages[name]() == (guide.GUIDE / name).read_text()


# Each with the test that does it.
ELSEWHERE = {
    ("demo", "--keep"): "tests/app/test_demo.py",
    ("demo", "--json"): "tests/app/test_demo.py",
}


def test_every_option_of_every_command_is_tried_on_the_page_of_commands(tried: Tried) -> None:
    everywhere = runpy.run_path(str(ROOT / "packaging/guide/commands.py"))["EVERYWHERE"]
    typed = [one.command.replace("=", " ").split() for one in guide.commands(guide.GUIDE / "commands.md")]
    used = {(words[at + 1], word) for words in typed for at in _starts(words) for word in words[at + 2 :]}
    for command in described.commands():
        assert command.name in {name for name, _ in used} | {name for name, _ in ELSEWHERE} | {"stats", "recover"}
        for option in command.named:
            if not set(option.names) & set(everywhere):
                names = {(command.name, name) for name in option.names}
                assert names & (used | set(ELSEWHERE)), f"{command.name} {option.names}"
                tried("options of commands that the guide tries")
    assert set(everywhere) <= {word for words in typed for word in words}


def _starts(words: list[str]) -> list[int]:
    return [at for at, word in enumerate(words[:-1]) if word.endswith("holdfast") and not words[at + 1].startswith("-")]


def test_the_guide_has_all_exit_codes() -> None:
    text = (guide.GUIDE / "exit-codes.md").read_text()

    assert re.findall(r"^\| (\d[\d, ]*) \|", text, re.MULTILINE) == list(manual.EXIT_CODES)


def test_links_between_pages_lead_somewhere() -> None:
    for page in (*guide.pages(), ROOT / "README.md", *(ROOT / "packaging").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_picture_of_the_protocol_is_drawn_from_the_states_that_the_code_has() -> None:
    """If it is not any more: python packaging/guide/diagram.py"""
    source = ROOT / "packaging/guide/diagram.py"
    diagram = runpy.run_path(str(source))
    drawn = diagram["draw"]()

    assert (guide.GUIDE / "protocol.svg").read_text() == drawn
    for state in State:
        assert f">{state.value}</text>" in drawn


@pytest.mark.full
def test_the_guide_is_built_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-f", "packaging/guide/mkdocs.yml"]
    done = subprocess.run([*command, "-d", str(tmp_path / "site")], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site/tutorial/index.html").is_file()
