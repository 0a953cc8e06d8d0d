"""How a plan is told: its changes, early ones while a search goes on; what speaks against it; and what it comes to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from core import api, memory
from core.api import Change, Plan
from core.worker import messages
from core.worker.messages import Json

if TYPE_CHECKING:
    from core.worker.server import Talk

_CHANGES_AT_ONCE = 500
_FOLDERS_AT_MOST = 100
_PAUSE_SECONDS = 0.1


class Early:
    """Tells of changes while a search goes on: of the first at once, then of all that there are every tenth of a second."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._waiting: list[Json] = []
        self._since = 0.0
        self.next = 0  # the first index of which nothing was told

    def __call__(self, plan: Plan, change: Change) -> None:
        """Take a change."""
        self._waiting.append(messages.change(change))
        self.next = change.index + 1
        if len(self._waiting) == _CHANGES_AT_ONCE or time.monotonic() - self._since > _PAUSE_SECONDS:
            self.end()
            self._since = time.monotonic()

    def end(self) -> None:
        """Tell of what waits."""
        if self._waiting:
            self._talk.tell("changes", changes=self._waiting)
            self._waiting = []


def tell(number: int, plan: Plan, talk: Talk, first: int = 0) -> Json:
    """Tell what a plan is, and of its changes from an index on."""
    changes = (messages.change(one) for one in plan.changes() if one.index >= first)
    talk.tell_all("changes", "changes", changes, _CHANGES_AT_ONCE)
    for event, found in (("problems", plan.problems), ("notes", plan.notes)):
        talk.tell_all(event, event, map(messages.problem, found), _CHANGES_AT_ONCE)
    return {
        "plan": number,
        "files": plan.files,
        "matches": plan.matches,
        "bytes": plan.bytes,
        "problems": len(plan.problems),
        "undo": plan.undo,
        "unkept": memory.unkept(plan)[:_FOLDERS_AT_MOST] if plan.undo else [],
        "keeps": memory.limits_in_force().age,
        "found": list(plan.found.items()),
        "space": plan.needs(api.file_system().mounts()),
    }
