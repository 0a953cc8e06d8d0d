"""What the guide says to those who write programs runs as it stands."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.worker import PROTOCOL
from tests.support import guide
from tests.support.tried import Tried

ROOT = Path(__file__).parents[2]
PAGE = guide.GUIDE / "programs.md"


def script(number: int) -> str:
    return re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)[number]


def run(folder: Path, source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "script.py").write_text(source)
    command = [sys.executable, str(folder / "script.py"), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


def test_the_examples_for_the_library_answer_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tried: Tried
) -> None:
    monkeypatch.chdir(tmp_path)
    text = re.sub(r"^```\w*$", "", PAGE.read_text(), flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, str(PAGE), 0)
    said: list[str] = []

    found = doctest.DocTestRunner().run(examples, out=said.append)

    tried("examples for the library", found.attempted)
    assert found.attempted > 15
    assert found.failed == 0, "".join(said)


def test_the_script_that_uses_the_library_renames_a_function(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project/one.py").write_text("def old(): pass\nold()\n")
    (tmp_path / "project/two.txt").write_text("old\n")

    done = run(tmp_path, script(0), "old", "new", "project")

    assert (done.returncode, done.stdout, done.stderr) == (0, "Committed 2\n", "")
    assert (tmp_path / "project/one.py").read_text() == "def new(): pass\nnew()\n"
    assert (tmp_path / "project/two.txt").read_text() == "old\n"


def test_the_script_that_drives_a_worker_edits_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old\n")

    done = run(tmp_path, script(1), "file", "old", "new")

    assert (done.returncode, done.stdout, done.stderr) == (0, "done 1\ncommitted\n", "")
    assert (tmp_path / "file").read_text() == "new\n"


def test_the_page_is_about_the_protocol_that_the_worker_speaks() -> None:
    assert f'"protocol": {PROTOCOL},' in PAGE.read_text()
    assert f'hello["protocol"] != {PROTOCOL}' in script(1)
