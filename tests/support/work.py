"""A folder to work in, and batches written as plan files are."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core import api
from core.api import Outcome, Plan
from core.errors import ProblemCode
from core.progress import CancelToken
from tests.support.tree import Snapshot, snapshot

Json = dict[str, object]


@dataclass
class Work:
    """`tree` is what batches change; the plan file lies in it only while it is read."""

    tree: Path

    def write(self, files: dict[str, str | bytes]) -> None:
        """Make files, and the folders they are in."""
        for name, content in files.items():
            path = self.tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def plan(self, *operations: Json, **header: object) -> Plan:
        """Read a plan whose relative paths start at the tree."""
        file = self.tree / ".plan.json"
        file.write_text(json.dumps({"holdfast": 1, **header, "operations": operations}))
        try:
            return api.read_plan(str(file))
        finally:
            file.unlink()

    def apply(self, *operations: Json, token: CancelToken | None = None) -> Outcome:
        """Plan and apply."""
        return api.apply(self.plan(*operations), token=token)

    def applied(self, *operations: Json) -> str:
        """Plan and apply; return the id of the batch."""
        outcome = self.apply(*operations)
        assert isinstance(outcome, api.Committed)
        return outcome.txn

    def problems(self, *operations: Json, **header: object) -> list[tuple[int | None, ProblemCode]]:
        """Return (operation, code) of every problem."""
        return [(p.operation, p.code) for p in self.plan(*operations, **header).problems]

    def snapshot(self) -> Snapshot:
        """Return an exact picture of the tree."""
        return snapshot(self.tree)

    def texts(self) -> dict[str, str]:
        """Return the content of every regular file, by its path in the tree; what goes meanwhile is gone."""
        found: dict[str, str] = {}
        for path in self.tree.rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and not path.is_symlink():
                    found[str(path.relative_to(self.tree))] = path.read_text()
        return found


Make = Callable[[], Work]


def plan_file(work: Work, operations: list[Json]) -> Path:
    """Write a plan, whose relative paths start at the tree, beside the tree."""
    absolute = [
        {key: str(work.tree / str(value)) if key in ("path", "to", "source") else value for key, value in one.items()}
        for one in operations
    ]
    file = work.tree.parent / "plan.json"
    file.write_text(json.dumps({"holdfast": 1, "operations": absolute}))
    return file
