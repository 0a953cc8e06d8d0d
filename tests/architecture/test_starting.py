"""What starts without Qt, and how fast."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import versions

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_engine_imports_with_qt_made_unimportable() -> None:
    code = (
        "import sys; sys.modules['PySide6'] = sys.modules['shiboken6'] = None\n"
        "import core, importlib, pkgutil\n"
        "names = [one.name for one in pkgutil.walk_packages(core.__path__, 'core.')]\n"
        "for name in names: importlib.import_module(name)\n"
        "print(len(names))\n"
    )
    assert int(python(code)) > 60


@pytest.mark.parametrize("command", ["plan", "preview", "apply", "recover", "demo", "doctor", "settings", "worker"])
def test_commands_import_no_qt(command: str) -> None:
    code = f"import sys; from app.main import main; main(['{command}', '--help']); print('PySide6' in sys.modules)"
    assert python(code).splitlines()[-1] == "False"


def test_the_version_is_told_without_importing_the_engine() -> None:
    code = "import sys; from app.main import main; main(['--version']); print(sorted(sys.modules))"
    said = python(code)
    for heavy in ("PySide6", "core.txn", "argparse", "regex", "pygit2"):
        assert f"'{heavy}'" not in said


def test_the_version_is_told_about_as_fast_as_python_starts() -> None:
    bare, version = [], []
    for _ in range(7):
        for times, command in ((bare, ["-c", "pass"]), (version, ["-P", "-m", "app", "--version"])):
            began = time.perf_counter()
            subprocess.run([sys.executable, *command], env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - began)
    ratio = statistics.median(version) / statistics.median(bare)
    assert ratio < 4, f"{ratio:.1f} times as long as starting Python"


def test_the_bad_pair_of_python_and_qt_is_refused() -> None:
    assert "aborts on Python 3.11" in versions.refusal((3, 11), "6.12.0")
    assert versions.refusal((3, 11), "6.11.3") == ""
    assert versions.refusal((3, 12), "6.12.0") == ""
    assert "not installed" in versions.refusal((3, 13), "")
    assert versions.refusal() == ""


def test_this_pair_of_python_and_qt_survives_many_calls() -> None:
    """The bad pair aborts after some 5,000 calls that return nothing."""
    code = "from PySide6.QtCore import QObject\no = QObject()\nfor _ in range(20_000): o.setObjectName('x')\nprint('alive')"
    assert python(code) == "alive\n"


def test_without_a_display_it_says_so_and_names_what_works() -> None:
    environment = {k: v for k, v in ENVIRONMENT.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run([sys.executable, "-P", "-m", "app", "/"], capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert done.stderr.startswith("Nothing was changed. There is no display")
    assert "demo" in done.stderr


def test_the_window_starts_without_the_engine_and_without_pages_that_are_not_shown() -> None:
    """Both were half of the time that a start took. The engine is in another process anyway."""
    code = (
        "import os, sys; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "from app import start\n"
        "def begun(window):\n"
        "    print(sorted(vars(window)), sorted(sys.modules))\n"
        "    window.closed.connect(lambda: None)\n"
        "    window.close()\n"
        "start.run([], begun)\n"
    )
    said = python(code)
    for heavy in (
        "core.api",
        "core.plan",
        "core.txn.transaction",
        "pygit2",
        "regex",
        "PySide6.QtDBus",
        "app.window.guide",
    ):
        assert f"'{heavy}'" not in said, heavy
    for page in ("leftovers", "history", "settings"):
        assert f"'{page}'" not in said, page
    assert "'batch'" in said
