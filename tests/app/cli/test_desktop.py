"""Into the desktop and out of it again: as a batch, all or none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import desktop

ROOT = Path(__file__).parents[3]
PROGRAM = "/opt/my tools/holdfast"


def holdfast(home: Path, *arguments: str, program: str = PROGRAM) -> subprocess.CompletedProcess[str]:
    """Run a command as a Holdfast that is installed at that path does."""
    code = f"import sys; sys.argv[0] = {program!r}; from app.main import main; sys.exit(main())"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home), "XDG_DATA_HOME": str(home / "share")}
    command = [sys.executable, "-P", "-c", code, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def below(folder: Path) -> dict[str, str]:
    return {
        str(one.relative_to(folder)): one.read_text("utf-8", "replace") for one in folder.rglob("*") if one.is_file()
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's home, whose file manager is Nautilus."""
    (tmp_path / "home/share/nautilus").mkdir(parents=True)
    return tmp_path / "home"


def test_everything_is_put_where_a_desktop_looks_for_it(home: Path) -> None:
    done = holdfast(home, "install-desktop")

    assert (done.returncode, done.stderr) == (0, "")
    assert set(below(home)) >= {
        "share/applications/holdfast.desktop",
        "share/icons/hicolor/scalable/apps/holdfast.svg",
        "share/mime/packages/holdfast.xml",
        "share/man/man1/holdfast.1",
        "share/bash-completion/completions/holdfast",
        "share/zsh/site-functions/_holdfast",
        "share/fish/vendor_completions.d/holdfast.fish",
        "share/kio/servicemenus/holdfast.desktop",
        "share/nautilus/scripts/Change these files with Holdfast…",
    }


def test_what_is_started_is_this_very_program(home: Path) -> None:
    holdfast(home, "install-desktop")

    found = below(home)
    assert f'Exec="{PROGRAM}" %F\n' in found["share/applications/holdfast.desktop"]
    assert f"TryExec={PROGRAM}\n" in found["share/applications/holdfast.desktop"]
    script = home / "share/nautilus/scripts/Change these files with Holdfast…"
    assert script.read_text() == f"#!/bin/sh\nexec '{PROGRAM}' \"$@\"\n"
    assert os.access(script, os.X_OK)
    assert os.access(home / "share/kio/servicemenus/holdfast.desktop", os.X_OK)
    assert not os.access(home / "share/applications/holdfast.desktop", os.X_OK) or os.geteuid() == 0


def test_only_file_managers_that_are_there_get_an_action(home: Path) -> None:
    holdfast(home, "install-desktop")

    assert (home / "share/nautilus/scripts").is_dir()
    assert not (home / "share/nemo").exists()


def test_taking_it_out_leaves_nothing_of_it_and_touches_nothing_else(home: Path) -> None:
    (home / "share/nautilus/scripts").mkdir()
    (home / "share/nautilus/scripts/mine").write_text("mine")
    holdfast(home, "install-desktop")

    done = holdfast(home, "uninstall-desktop")

    assert (done.returncode, done.stderr) == (0, "")
    left = {name for name in below(home) if "cache" not in name.lower() and not name.startswith("share/mime/")}
    assert left == {"share/nautilus/scripts/mine"}
    assert not (home / "share/mime/packages/holdfast.xml").exists()


def test_putting_it_there_twice_is_no_mistake(home: Path) -> None:
    holdfast(home, "install-desktop")
    once = below(home)

    assert holdfast(home, "install-desktop").returncode == 0
    assert below(home) == once


def test_where_one_part_cannot_be_put_none_is(home: Path) -> None:
    (home / "share/man").write_text("in the way")
    before = below(home)

    done = holdfast(home, "install-desktop")

    assert done.returncode == 1
    assert done.stderr.startswith("Nothing was changed.\n")
    assert below(home) == before


def test_a_copy_that_nobody_can_start_by_its_path_is_not_put_there(home: Path) -> None:
    done = holdfast(home, "install-desktop", program="/somewhere/app/__main__.py")

    assert done.returncode == 1
    assert done.stderr.startswith("Nothing was changed.")
    assert below(home) == {}


def test_scripts_are_told_by_json(home: Path) -> None:
    done = holdfast(home, "install-desktop", "--json")

    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["event"], last["outcome"], last["exit"]) == ("outcome", "committed", 0)
    assert last["files"] >= 9


@pytest.mark.parametrize(
    ("program", "in_entry"),
    [
        ("/usr/bin/holdfast", "/usr/bin/holdfast"),
        ("/a b/holdfast", '"/a b/holdfast"'),
        ('/a"b/holdfast', '"/a\\\\"b/holdfast"'),
        ("/a$b/holdfast", '"/a\\\\$b/holdfast"'),
        ("/100%/holdfast", '"/100%%/holdfast"'),
    ],
)
def test_odd_paths_are_written_as_desktop_entries_want_them(program: str, in_entry: str) -> None:
    assert f"Exec={in_entry} %F\n" in desktop.entry("holdfast.desktop", program).decode()


@pytest.mark.full
def test_the_official_checkers_accept_what_is_shipped(tmp_path: Path) -> None:
    """`holdfast-servicemenu.desktop` is no desktop entry but KDE's own format; AppStream wants a domain that is ours."""
    for tool in ("desktop-file-validate", "appstreamcli", "xmllint", "update-mime-database"):
        if shutil.which(tool) is None:
            pytest.skip(f"not installed: {tool}")
    shipped = ROOT / "resources/desktop"
    for text in (desktop.read("holdfast.desktop"), desktop.entry("holdfast.desktop", '/odd "$path"/holdfast')):
        entry = tmp_path / "holdfast.desktop"
        entry.write_bytes(text)
        assert said("desktop-file-validate", entry) == ""
    remarks = said("appstreamcli", "validate", "--no-net", "--pedantic", "--explain", shipped / "holdfast.metainfo.xml")
    assert [line.split()[2] for line in remarks.splitlines() if line[:2] in ("E:", "W:", "I:")] == [
        "cid-desktopapp-is-not-rdns"
    ]
    assert said("xmllint", "--noout", *sorted(shipped.glob("*.xml")), *sorted(shipped.glob("*.svg"))) == ""
    (tmp_path / "mime/packages").mkdir(parents=True)
    shutil.copy(shipped / "holdfast-mime.xml", tmp_path / "mime/packages")
    assert "rror" not in said("update-mime-database", tmp_path / "mime")
    assert "holdfast" in (tmp_path / "mime/globs2").read_text()


def said(*command: object) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.mark.full
def test_a_desktop_knows_a_plan_by_its_name_and_by_its_first_key(home: Path) -> None:
    if shutil.which("gio") is None or shutil.which("update-mime-database") is None:
        pytest.skip("not installed: gio, update-mime-database")
    holdfast(home, "install-desktop")
    plan = '{"holdfast": 1, "operations": []}'
    (home / "job.holdfast.json").write_text(plan)
    (home / "no-ending").write_text(plan)
    (home / "other.json").write_text('{"other": 1}')

    def kind(name: str) -> str:
        environment = {**os.environ, "XDG_DATA_HOME": str(home / "share")}
        command = ["gio", "info", "-a", "standard::content-type", str(home / name)]
        found = subprocess.run(command, env=environment, capture_output=True, text=True).stdout
        return found.split("standard::content-type: ")[-1].strip()

    assert kind("job.holdfast.json") == kind("no-ending") == "application/x-holdfast-plan+json"
    assert kind("other.json") == "application/json"
