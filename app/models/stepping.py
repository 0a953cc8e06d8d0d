"""Work of many steps, done between events."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

_T = TypeVar("_T")


class Stepper(QObject, Generic[_T]):
    """Runs a generator of one of `app.models.arranging`, a step at a time; `done` gets what it returns.

    One at a time: beginning another gives the one before up.
    """

    def __init__(self, done: Callable[[_T], object], parent: QObject) -> None:
        super().__init__(parent)
        self._done = done
        self._steps: Generator[None, None, _T] | None = None
        self._pump = QTimer(self, singleShot=True, interval=0)
        self._pump.timeout.connect(self._step)

    @property
    def is_running(self) -> bool:
        """Whether something is not done yet."""
        return self._steps is not None

    def begin(self, steps: Generator[None, None, _T], *, at_once: bool) -> None:
        """Begin; `at_once`: and end it before this returns."""
        self._steps = steps
        if not at_once:
            self._pump.start()
            return
        while self._steps is steps:
            self._step()

    def stop(self) -> None:
        """Give it up."""
        self._pump.stop()
        self._steps = None

    def _step(self) -> None:
        if self._steps is None:
            return
        try:
            next(self._steps)
            self._pump.start()
        except StopIteration as end:
            self.stop()
            self._done(end.value)
