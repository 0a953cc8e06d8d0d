"""What is known of the files of a batch beside their changes: problems, what is worth knowing, and what a change comes to."""

from __future__ import annotations

from app.values import Change, Figures
from core.errors import Problem


class Remarks:
    """Problems and notes by path, figures by the number of the change."""

    def __init__(self) -> None:
        self._problems: dict[str, Problem] = {}
        self._notes: dict[str, Problem] = {}
        self._figures: dict[int, Figures | None] = {}

    def put_problems(self, problems: list[Problem]) -> None:
        """Know these; the first of each path counts."""
        self._problems = {problem.path: problem for problem in reversed(problems)}

    def put_notes(self, notes: list[Problem]) -> None:
        """Know these; one about a symlink is about what that leads to."""
        self._notes = {str(one.values.get("target", one.path)): one for one in notes}

    def put_figures(self, figures: dict[int, Figures | None]) -> None:
        """Know these, too."""
        self._figures.update(figures)

    @property
    def problems(self) -> dict[str, Problem]:
        """All problems, by path."""
        return self._problems

    def problem(self, change: Change) -> Problem | None:
        """Return the problem that stands on a row."""
        return self._problems.get(change.path) or (self._problems.get(change.to) if change.to else None)

    def note(self, change: Change) -> Problem | None:
        """Return what is worth knowing of a row without a problem."""
        return self._notes.get(change.path) if self.problem(change) is None else None

    def figures(self, change: Change) -> Figures | None:
        """Return what a change comes to; None where that is not known, or there is nothing to know."""
        return self._figures.get(change.index)

    def lacks_figures(self, change: Change) -> bool:
        """Whether it has not been found out yet what a change comes to."""
        return change.index >= 0 and change.index not in self._figures
