"""`holdfast demo` shows the promises on a real tree, and says so when one does not hold."""

from __future__ import annotations

import json
import os

import pytest

from app.cli import run
from core.fs import trees


def steps(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_it_applies_cancels_kills_and_recovers_and_leaves_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(["demo", "--json"]) == 0
    told = steps(capsys)
    names = ["copy", "plan", "preview", "apply", "plan", "cancel", "kill", "recover", "outcome"]
    assert [one["event"] for one in told] == names
    assert all(one["held"] for one in told)
    files = int(str(told[3]["text"]).split()[2].replace(",", ""))
    assert files > 1000
    assert os.listdir(str(tmp_path)) == []


def test_it_fails_when_a_tree_is_not_as_it_was(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = iter(range(100))
    monkeypatch.setattr(trees, "picture", lambda folder: str(next(pictures)))
    assert run(["demo", "--json"]) == 3
    told = {one["event"]: one for one in steps(capsys)}
    assert str(told["cancel"]["text"]).startswith("NOT AS PROMISED")
    assert told["outcome"]["text"] == "A promise was broken."
