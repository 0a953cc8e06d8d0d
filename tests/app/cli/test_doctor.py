"""What doctor says of the window and of the state directory; of places, see test_command_line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from app import surroundings
from app.cli import run as command
from tests.support.interrupted import interrupt
from tests.support.work import Work

SETUP = Path(__file__).parents[3] / "packaging/setup.sh"


@pytest.fixture
def without_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine where two libraries of Qt, which one package has, and one more cannot be loaded."""
    monkeypatch.setattr(
        surroundings, "LIBRARIES", {"libnone.so.1": "one", "libnone2.so.1": "one", "libc.so.6": "libc6"}
    )


def test_what_is_missing_is_named_with_the_line_that_installs_it(
    without_a_library: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(["doctor", str(tmp_path)])

    said = capsys.readouterr().out
    assert "  missing: libnone.so.1, libnone2.so.1\n" in said
    assert "  on Debian and Ubuntu: apt-get install one\n" in said


def test_scripts_get_the_packages_alone(without_a_library: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["doctor", "--missing"]) == 0
    assert capsys.readouterr().out == "one\n"


def test_the_packages_are_those_that_the_set_up_installs() -> None:
    named = re.search(r'QT_LIBRARIES="(.*?)"', SETUP.read_text(), re.DOTALL)
    assert named is not None
    assert set(surroundings.LIBRARIES.values()) == set(named[1].split())


def test_what_may_be_shown_to_others_has_no_path_and_no_name_of_a_user(
    tmp_path: Path, state: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "secret-name")
    command(["doctor", "--share", str(tmp_path), str(tmp_path / "nowhere")])

    shown = capsys.readouterr()
    assert not re.search(r"(^|[^:/\w])/\w+/", shown.out + shown.err)
    assert str(tmp_path) not in shown.out + shown.err
    assert str(state) not in shown.out + shown.err


def test_a_batch_that_waits_is_counted(work: Work, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    interrupt(work, state)

    command(["doctor", str(work.tree)])

    assert "1 batch interrupted, to be put right: run `holdfast recover`" in capsys.readouterr().out


def test_a_journal_that_cannot_be_read_is_counted(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command(["doctor", "--json", "."])
    (state / "journals/aaaaaaaaaa.journal").write_bytes(b"no journal")
    capsys.readouterr()

    command(["doctor", "--json", "."])

    events = {one["event"]: one for one in map(json.loads, capsys.readouterr().out.splitlines())}
    assert events["state"]["unreadable"] == 1


def test_a_state_directory_that_cannot_be_used_is_said_and_told_by_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("in the way")

    assert command(["doctor", "--state-dir", str(tmp_path / "state"), str(tmp_path)]) == 1
    assert "cannot be used: " in capsys.readouterr().out
