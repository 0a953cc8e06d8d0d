"""What is worth knowing of a file and in nobody's way stands on its row, and does not keep the batch from being applied."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt

from app.flows import operations
from app.flows.batch import State
from app.models.columns import Column
from tests.support.robot import Robot
from tests.support.work import Json, Work

PATCH = """\
--- a/shifted
+++ b/shifted
@@ -1,3 +1,3 @@
 one
-old
+new
 three
"""


def test_open_files_symlinks_and_shifted_patches_are_ready_and_told_of(robot: Robot, work: Work) -> None:
    work.write({"open": "old\n", "real": "old\n", "shifted": "before\nbefore\none\nold\nthree\n", "fix.diff": PATCH})
    os.symlink("real", work.tree / "link")
    edits: list[Json] = [
        {"op": "edit", "path": str(work.tree / name), "find": "old", "replace": "new"} for name in ("open", "link")
    ]
    patch: Json = {"op": "patch", "file": str(work.tree / "fix.diff"), "base": str(work.tree)}
    table, model = robot.window.batch.table, robot.window.batch.model
    with open(work.tree / "open", "a"):
        for one in (*edits, patch):
            robot.window.flow.add(operations.card(one))
        robot.wait_for(State.READY)

    said = dict(zip(robot.rows(table), robot.rows(table, Column.STATUS), strict=True))
    assert said == {
        "open": "ready, but open",
        "real": "ready, behind a symlink",
        "shifted": "ready, at another line",
    }
    told = model.index(robot.rows(table).index("real"), 0).data(Qt.ItemDataRole.ToolTipRole)
    assert told.startswith(f"{work.tree}/link: this is a symlink")

    robot.apply()
    robot.wait_for(State.OVER)
    assert set(robot.rows(table, Column.STATUS)) == {"applied"}
    assert (work.tree / "real").read_text() == "new\n"
