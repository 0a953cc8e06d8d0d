"""A tree, a batch of thirteen operations, a state directory; and a verdict on what a disturbed run has left."""

from __future__ import annotations

import json
import os
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import stopping
from tests.support.tree import Snapshot, difference, snapshot

OPERATIONS: list[dict[str, object]] = [
    {"op": "replace", "path": "big.bin", "source": "new.bin"},
    {"op": "replace", "path": "small.txt", "text": "small, new\n"},
    {"op": "replace", "path": "link", "text": "through the link\n"},
    {"op": "edit", "path": "code.py", "find": "old_name", "replace": "new_name"},
    {"op": "create", "path": "made/deeper/fresh.txt", "text": "fresh\n"},
    {"op": "delete", "path": "sub/gone.txt"},
    {"op": "move", "path": "sub/wanders.txt", "to": "other/arrived.txt"},
    {"op": "move", "path": "left", "to": "tmp"},
    {"op": "move", "path": "right", "to": "left"},
    {"op": "move", "path": "tmp", "to": "right"},
    {"op": "move", "path": "folder", "to": "made/renamed"},
    {"op": "edit", "path": "made/renamed/inner.txt", "find": "a", "replace": "b"},
    {"op": "delete", "path": "whole"},
]


def build(folder: Path) -> None:
    """Make what the operations are about."""
    rng = random.Random(1)
    for name in ("sub", "other", "folder/nested", "whole/of/it"):
        (folder / name).mkdir(parents=True)
    (folder / "big.bin").write_bytes(rng.randbytes(200_000))
    (folder / "new.bin").write_bytes(rng.randbytes(150_000))
    (folder / "code.py").write_text("old_name = 1\nprint(old_name)\n")
    (folder / "code.py").chmod(0o750)
    (folder / "small.txt").write_text("small\n")
    (folder / "target.txt").write_text("behind the link\n")
    (folder / "link").symlink_to("target.txt")
    (folder / "sub/gone.txt").write_text("gone\n")
    (folder / "sub/wanders.txt").write_text("wanders\n")
    (folder / "left").write_text("left\n")
    (folder / "right").write_text("right\n")
    (folder / "folder/inner.txt").write_text("a cat\n")
    (folder / "folder/nested/deep.txt").write_text("deep\n")
    (folder / "whole/of/it/x").write_text("x\n")


def write_plan(path: Path, tree: Path, operations: list[dict[str, object]]) -> None:
    """Write a plan file whose relative paths start at the tree."""
    absolute = [
        {key: str(tree / str(value)) if key in ("path", "to", "source") else value for key, value in one.items()}
        for one in operations
    ]
    path.write_text(json.dumps({"holdfast": 1, "operations": absolute}))


@dataclass
class Bench:
    """`tree` and `state` may lie on different disks; `home` has the plan and the template that the tree is made of."""

    home: Path
    tree: Path
    state: Path
    before: Snapshot = field(default_factory=dict)
    after: Snapshot = field(default_factory=dict)

    @property
    def plan(self) -> Path:
        return self.home / "plan.json"

    @property
    def template(self) -> Path:
        return self.home / "template"

    @property
    def apply(self) -> list[str]:
        return ["apply", str(self.plan), "--yes", "--state-dir", str(self.state)]

    @property
    def recover(self) -> list[str]:
        return ["recover", "--state-dir", str(self.state)]

    def prepare(self, operations: list[dict[str, object]]) -> None:
        """Write the plan, and find out what the tree is before and after it; the template is there already."""
        write_plan(self.plan, self.tree, operations)
        self.reset()
        self.before = snapshot(self.tree)
        assert stopping.run(self.apply) == 0
        self.after = snapshot(self.tree)
        assert self.after != self.before
        assert self.unfinished() == []

    def reset(self) -> None:
        """Build the tree and an empty state directory anew."""
        for folder in (self.tree, self.state):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, self.tree, symlinks=True)

    def verdict(self) -> str:
        """Name what the tree is: "before", "after", or how it is neither."""
        found = snapshot(self.tree)
        if found == self.before:
            return "before"
        if found == self.after:
            return "after"
        return f"not before:\n{difference(found, self.before)}\nnot after:\n{difference(found, self.after)}"

    def unfinished(self) -> list[str]:
        """Return what lies in the state directory besides history."""
        folder = self.state / "journals"
        return sorted(os.listdir(folder)) if folder.exists() else []

    def demand_whole(self, story: str) -> str:
        """Return "before" or "after"; fail if the tree is neither, or if anything of a batch is left to do."""
        verdict = self.verdict()
        assert verdict in ("before", "after"), f"{story}: {verdict}"
        assert self.unfinished() == [], f"{story}: {self.unfinished()}"
        return verdict
