"""What the window does about interrupted batches: their page comes first, and as long as one waits it stays in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.keeping import Pending

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


class Interrupted:
    """Follows the recovery flow of a window. `waiting`: how many batches have to be put right."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._decided_later = False
        self.waiting = 0
        window.recovery_flow.found.connect(self._show)
        window.recovery.later.connect(self._decide_later)
        window.engine.restarted.connect(self._look_again)

    def show_waiting(self) -> None:
        """A batch that waits stays in sight until it is put right."""
        window = self._window
        window.strips.show_waiting(0 if window.page == "recovery" else self.waiting)

    def _show(self, batches: list[Pending]) -> None:
        window, waiting = self._window, [one for one in batches if not one.alive]
        self.waiting = len(waiting)
        self.show_waiting()
        window.rail.show_button("recovery", visible=bool(waiting), count=len(waiting))
        if waiting and not self._decided_later and not window.flow.is_busy:
            window.show_page("recovery")
        elif not waiting and window.page == "recovery":
            window.show_page("batch")
            window.batch.trouble.say(window.recovery.notice.says)

    def _decide_later(self) -> None:
        self._decided_later = True
        self._window.show_page("batch")

    def _look_again(self) -> None:
        if not self._window.flow.is_busy:
            self._window.recovery_flow.look()
