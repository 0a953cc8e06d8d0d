"""Settings: declared once, kept, in force at once, and the same for window and command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox

from app.cli import run
from app.settings import ALL, Settings, search_defaults
from app.theme.tokens import CONTRAST
from core import api
from tests.support.robot import Robot
from tests.support.work import Work


def test_what_is_chosen_is_there_at_the_next_start(state: Path) -> None:
    Settings().set("theme", "dark")
    Settings().set("watched", ("/a/\udcff",))
    assert (Settings().text("theme"), Settings().paths("watched")) == ("dark", ["/a/\udcff"])
    assert (state / "kept" / "settings.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"theme": "pink"}', '{"theme": 3, "links": null}', "\0"])
def test_what_cannot_be_read_counts_as_not_chosen(state: Path, kept: str) -> None:
    (state / "kept").mkdir()
    (state / "kept" / "settings.json").write_text(kept)
    assert Settings().text("theme") == "system"


def test_a_default_is_not_kept_so_that_a_later_default_counts(state: Path) -> None:
    settings = Settings()
    settings.set("theme", "dark")
    settings.set("theme", "system")
    assert api.kept_document("settings") == {}


def test_where_the_disk_refuses_the_document_before_stays(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    api.keep("settings", {"theme": "dark"})

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        api.keep("settings", {"theme": "light"})
    assert api.kept_document("settings") == {"theme": "dark"}
    assert os.listdir(state / "kept") == ["settings.json"]


def test_every_setting_is_on_the_page_with_its_name_and_meaning(robot: Robot) -> None:
    robot.press(Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert robot.window.page == "settings"
    page = robot.window.settings
    controls = [*page.findChildren(QAbstractButton), *page.findChildren(QComboBox)]
    names = {one.accessibleName() for one in controls}
    assert {one.label for one in ALL if not isinstance(one.default, tuple)} <= names
    assert all(f"Add to {one.label}" in names for one in ALL if isinstance(one.default, tuple))


def test_a_theme_is_in_force_at_once_wherever_it_is_chosen(robot: Robot) -> None:
    robot.press(Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    box = next(one for one in robot.window.settings.findChildren(QComboBox) if one.accessibleName() == "Theme")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_End)
    assert robot.theme.tokens is CONTRAST
    robot.window.preferences.choose("theme", "light")  # as the menu does
    assert box.currentText() == "Light"
    assert Settings().text("theme") == "light"


def test_watched_folders_are_watched_again_after_a_restart(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "a", "a.txt.bak": "b"})
    robot.press(Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    robot.answers.next.append([str(work.tree)])
    robot.click("Add to Watched folders")
    assert Settings().paths("watched") == [str(work.tree)]
    robot.press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    robot.wait(lambda: robot.rows(robot.window.leftovers.table) == ["a.txt.bak"])
    robot.window.show_page("settings")
    robot.click(f"Remove {work.tree}")
    assert robot.window.leftovers_flow.roots == []


def test_the_command_line_has_the_same_settings(capsys: pytest.CaptureFixture[str], work: Work) -> None:
    assert run(["settings", "links", "split"]) == 0
    assert run(["settings", "search_hidden", "on"]) == 0
    assert run(["settings", "theme", "pink"]) == 2
    assert capsys.readouterr().err == "Nothing was changed. “theme” can be: system, light, dark, contrast.\n"
    assert search_defaults(Settings()) == {"links": "split", "hidden": True}
    work.write({".hidden": "old"})
    assert run(["plan", "old", "new", str(work.tree), "--unpinned"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written["operations"][0] | {"links": "split", "hidden": True} == written["operations"][0]
    assert run(["settings", "links", "--default"]) == 0
    assert Settings().text("links") == "refuse"
