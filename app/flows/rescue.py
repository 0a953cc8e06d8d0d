"""A batch whose engine died is ended at once by the new engine that runs already."""

from __future__ import annotations

from collections.abc import Callable

from app.engine import EngineClient
from app.values import Json, Result

_OUTCOMES = {"put_back": "rolled_back", "finished": "committed"}


def begin(
    engine: EngineClient, since: float, progressed: Callable[[Json], None], ended: Callable[[Result], None]
) -> None:
    """Put back what was begun at that time or later, or finish it where it was complete already; then call `ended`."""

    def look(answer: Json) -> None:
        mine = [one for one in answer["batches"] if one["started"] >= since and not one["alive"]]
        if not mine:
            ended(Result("died"))
            return
        request = engine.ask("recover", txn=mine[0]["txn"], how="put_back")
        request.progressed.connect(progressed)
        request.done.connect(lambda answer: ended(_result(answer)))
        request.failed.connect(lambda code, values: ended(Result("needs_recovery", error=code)))

    engine.ask("pending").done.connect(look)


def _result(answer: Json) -> Result:
    outcome = _OUTCOMES.get(answer["result"], "needs_recovery")
    kept, failed = tuple(answer["kept"]), tuple((path, why) for path, why in answer["failed"])
    return Result(outcome, answer["files"], reason="died", kept=kept, failed=failed)
