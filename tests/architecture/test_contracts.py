"""The house keeps its shape: each contract is broken by a planted violation of its kind, and the check names it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).parent / "lint-imports"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the code."""
    for part in ("app", "core", "resources"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "*.otf", "*.ttf"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def check(house: Path) -> tuple[int, str]:
    done = subprocess.run([LINT, "--no-cache"], cwd=house, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def plant(house: Path, module: str, line: str) -> None:
    path = house / (module.replace(".", "/") + ".py")
    path.write_text(f"{path.read_text()}\n{line}\n")


def test_the_house_as_it_is_keeps_every_contract(house: Path) -> None:
    code, said = check(house)
    assert code == 0, said


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("core.progress", "import app.texts", "The program stands on the engine"),
        ("core.journal.codec", "import core.plan.plan", "Inside the engine, imports point down"),
        ("core.leftovers.scan", "import core.api", "Inside the engine, imports point down"),
        ("app.flows.batch", "import app.window.parts", "Inside the program, imports point down"),
        ("app.values", "import app.engine", "Inside the program, imports point down"),
        ("core.errors", "import PySide6.QtCore", "The engine knows no Qt"),
        ("app.settings", "import PySide6.QtCore", "The command line knows no Qt"),
        ("app.cli.preview", "import PySide6.QtCore", "The command line knows no Qt"),
        ("app.window.parts", "import core.fs.files", "The program reaches the engine through its door"),
        ("app.models.files", "import core.txn.run", "The program reaches the engine through its door"),
        ("core.leftovers.scan", "import watchdog.events", "Only one module watches"),
        ("core.worker.finding", "import send2trash", "Only the file system knows the trash"),
    ],
)
def test_a_planted_violation_is_found_and_named(house: Path, module: str, line: str, contract: str) -> None:
    plant(house, module, line)
    code, said = check(house)
    assert code == 1, said
    broken = [text for text in said.splitlines() if "BROKEN" in text]
    assert any(text.startswith(contract) for text in broken), said
