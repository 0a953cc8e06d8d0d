"""The JSON Schemas say what the program takes and prints."""

from __future__ import annotations

import ast
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli import ending
from core.plan import planfile
from tests.support import guide
from tests.support.interrupted import interrupt
from tests.support.tried import Tried
from tests.support.work import Work

ROOT = Path(__file__).parents[2]

PLAN: dict[str, Any] = json.loads((guide.GUIDE / "plan.schema.json").read_text())
EVENTS: dict[str, Any] = json.loads((guide.GUIDE / "events.schema.json").read_text())
OPERATIONS = {one["properties"]["op"]["const"]: one for one in PLAN["properties"]["operations"]["items"]["oneOf"]}


def test_the_schema_of_plans_has_the_operations_and_keys_that_are_read() -> None:
    assert {op: set(one["properties"]) - {"op"} for op, one in OPERATIONS.items()} == planfile._KEYS


def test_the_guide_has_every_operation_of_a_plan() -> None:
    text = (guide.GUIDE / "plan-files.md").read_text()

    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) - {"op"} == set(OPERATIONS)


def test_the_example_of_a_plan_can_be_read(tmp_path: Path) -> None:
    example = re.search(r"^```json\n(.*?)^```$", (guide.GUIDE / "plan-files.md").read_text(), re.MULTILINE | re.DOTALL)
    assert example is not None
    (tmp_path / "plan.json").write_text(example[1])

    with planfile.read(str(tmp_path / "plan.json")) as plan:
        assert {type(one).__name__ for one in plan.operations()} >= {"Write", "Create", "Patch", "Convert", "Rename"}


def test_the_guide_has_every_event_of_the_schema() -> None:
    text = (guide.GUIDE / "json.md").read_text()
    named = {name for row in re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}

    assert named == {one["properties"]["event"]["const"] for one in EVENTS["oneOf"]}


def test_the_schema_has_every_event_that_the_commands_print() -> None:
    """The demonstration has figures of its own, which `json.md` says may change."""
    printed = set()
    for path in (ROOT / "app" / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) == "emit":
                printed |= {one.value for one in node.args[:2] if isinstance(one, ast.Constant)}
                printed |= {
                    one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and one.value == "leftover"
                }
    schema = {one["properties"]["event"]["const"] for one in EVENTS["oneOf"]}

    assert printed | {"leftover"} == schema


def test_the_schema_and_the_guide_have_every_word_for_an_outcome() -> None:
    (outcome,) = (one for one in EVENTS["oneOf"] if one["properties"]["event"]["const"] == "outcome")
    words = set(outcome["properties"]["outcome"]["enum"])
    sources = "".join(path.read_text() for path in (ROOT / "app" / "cli").glob("*.py"))
    printed = set(re.findall(r'outcome="(\w+)"', sources)) | set(ending._NAMES.values())
    text = (guide.GUIDE / "json.md").read_text()

    assert printed | {"failed"} == words
    assert words == set(
        re.findall(r"`(\w+)`", text[text.index("`committed` ·") : text.index("The rest, one after")])
    ) - {"x"}


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def test_every_event_of_the_guide_comes_and_is_what_the_schema_says(tmp_path: Path, tried: Tried) -> None:
    """The commands of its two pages are typed in; then a batch is interrupted, and watched is what comes and goes."""
    named = {one["properties"]["event"]["const"]: one["properties"] for one in EVENTS["oneOf"]}
    seen = set()
    for line in (*_typed(tmp_path), *_interrupted(tmp_path / "interrupted"), *_watched(tmp_path / "watched")):
        event = json.loads(line)
        known = named[event["event"]]
        assert event["event"] == "outcome" or set(event) <= set(known), f"{set(event) - set(known)} in {line}"
        seen.add(event["event"])
        tried("events compared with the schema")

    assert seen == set(named)


def _typed(folder: Path) -> Iterator[str]:
    reader = guide.Reader(folder)
    for typed in guide.commands(guide.GUIDE / "json.md"):
        yield from (line for line in reader.type(typed.command).splitlines() if line.startswith("{"))


def _interrupted(folder: Path) -> Iterator[str]:
    folder.mkdir()
    one = interrupt(Work(folder), folder / "state")
    for words in (["recover", "--list"], ["recover"]):
        yield from holdfast(*words, "--json", "--state-dir", str(one.state))


def _watched(folder: Path) -> Iterator[str]:
    folder.mkdir()
    (folder / "old.txt~").write_text("old")
    command = [sys.executable, "-m", "app", "watch", "--json", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield line
            if '"live": true' in line:
                (folder / "old.txt~").unlink()
            if '"gone"' in line:
                process.send_signal(signal.SIGINT)


def holdfast(*words: str) -> list[str]:
    done = subprocess.run([sys.executable, "-m", "app", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.splitlines()


@pytest.mark.full
def test_what_is_printed_is_what_the_schema_says(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    events = jsonschema.Draft202012Validator(EVENTS)
    for line in (*_typed(tmp_path), *_interrupted(tmp_path / "interrupted"), *_watched(tmp_path / "watched")):
        events.validate(json.loads(line))


@pytest.mark.full
def test_plans_that_are_written_are_what_the_schema_says(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    plans = jsonschema.Draft202012Validator(PLAN)
    plans.check_schema(PLAN)
    reader = guide.Reader(tmp_path)
    count = 0
    for typed in guide.commands(guide.GUIDE / "how-to.md"):
        reader.type(typed.command)
        for path in tmp_path.glob("*.json"):
            plans.validate(json.loads(path.read_text()))
            count += 1
    assert count > 20
    with pytest.raises(jsonschema.ValidationError):
        plans.validate({"holdfast": 1, "operations": [{"op": "delete", "path": "a", "recursive": True}]})
