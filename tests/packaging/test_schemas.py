"""The JSON Schemas say what the program takes and prints."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.plan import planfile
from tests.support import guide

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


@pytest.mark.full
def test_what_is_printed_is_what_the_schema_says(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    events = jsonschema.Draft202012Validator(EVENTS)
    reader = guide.Reader(tmp_path)
    seen = set()
    for typed in guide.commands(guide.GUIDE / "json.md"):
        said = reader.type(typed.command)
        for line in said.splitlines():
            if line.startswith("{"):
                events.validate(json.loads(line))
                seen.add(json.loads(line)["event"])
    # These three need a batch that was interrupted, or one with something to remark on.
    assert {one["properties"]["event"]["const"] for one in EVENTS["oneOf"]} - seen == {"note", "pending", "recovered"}


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
