"""What a real screen reader is told, over the real accessibility bus."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import screen
from tests.support.screen import Screen
from tests.support.work import Work

ROOT = Path(__file__).parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"  # which has the typelibs of the bus, if anything has

# Runs within a bus of its own: starts the accessibility bus and the program, and prints (role, name) of all that is told.
_DUMP = """
import gi, json, os, subprocess, sys, time
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi
bus = subprocess.Popen([sys.argv[1], "--launch-immediately"])
time.sleep(0.5)
program = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

def walk(one, depth=0):
    yield one.get_role_name(), one.get_name()
    if one.get_role_name() in ("table", "tree table"):  # the header and a row are enough of a hundred thousand
        for column in range(min(12, one.get_child_count())):
            cell = one.get_child_at_index(column)
            yield cell.get_role_name(), cell.get_name()
        return
    for number in range(one.get_child_count() if depth < 30 else 0):
        child = one.get_child_at_index(number)
        if child is not None:
            yield from walk(child, depth + 1)

def is_told(beginning):
    return any(name.startswith(beginning) for _, name in found)

found, until = [], time.monotonic() + 40
while time.monotonic() < until and not (is_told("Apply 2 changes") and is_told("ticked, ")):
    time.sleep(0.3)
    desktop = Atspi.get_desktop(0)
    try:
        apps = [desktop.get_child_at_index(n) for n in range(desktop.get_child_count())]
        found = [pair for app in apps if app and app.get_name() == "Holdfast" for pair in walk(app)]
    except Exception:
        continue
program.kill()
bus.kill()
print(json.dumps(found))
"""


def why_not() -> str:
    """Return why the bus cannot be tried here, "" when it can."""
    if screen.why_not():
        return screen.why_not()
    if not os.path.exists("/usr/libexec/at-spi-bus-launcher") or shutil.which("dbus-run-session") is None:
        return "not installed: at-spi2-core, dbus"
    code = "import gi; gi.require_version('Atspi', '2.0')"
    told = subprocess.run([SYSTEM_PYTHON, "-c", code], capture_output=True)
    return "not installed: python3-gi, gir1.2-atspi-2.0" if told.returncode else ""


def test_a_screen_reader_is_told_of_the_batch_its_rows_and_its_buttons(work: Work, tmp_path: Path, state: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    work.write({"a.txt": "old old\n"})
    search = {"op": "find_replace", "roots": [str(work.tree)], "find": "old", "replace": "new"}
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"holdfast": 1, "operations": [search]}))
    display = Screen()
    environment = {
        **os.environ,
        "DISPLAY": display.display,
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "PYTHONPATH": str(ROOT),
    }
    program = [sys.executable, "-P", "-m", "app", str(plan)]
    try:
        dump = ["dbus-run-session", "--", SYSTEM_PYTHON, "-c", _DUMP, "/usr/libexec/at-spi-bus-launcher", *program]
        with open(tmp_path / "told", "w") as told:  # no pipe: what the bus starts would keep it open
            subprocess.run(dump, env=environment, stdout=told, stderr=subprocess.DEVNULL, timeout=90, check=False)
    finally:
        display.close()
    found = {tuple(pair) for pair in json.loads((tmp_path / "told").read_text().splitlines()[-1])}
    names = {name for _, name in found}
    assert {"Batch", "Leftovers", "History", "Settings", "Filter files", "Add to the batch"} <= names
    assert ("table", "Files that will change") in found or ("tree table", "Files that will change") in found
    assert any(name.startswith("Apply 2 changes in 1 file") for name in names)
    assert any(name.startswith("old → new") for name in names)
    assert f"ticked, {work.tree}/a.txt" in names
