"""Many trials in one test: one that goes wrong does not hide the others, and the test fails with all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.tried import Tried

_SHOWN = 12


class Trials:
    """Counts trials, and collects what went wrong."""

    def __init__(self, tried: Tried) -> None:
        self._tried = tried
        self.count = 0
        self.wrong: list[str] = []

    @contextmanager
    def one(self, what: str, story: str) -> Iterator[None]:
        """Judge one trial: `what` is counted, and the story told if an assertion fails."""
        self.count += 1
        self._tried(what)
        try:
            yield
        except AssertionError as error:
            self.wrong.append(f"{story}: {error}")


@contextmanager
def trials(tried: Tried) -> Iterator[Trials]:
    """Trials that must all go right, and of which there must be some."""
    all_of_them = Trials(tried)
    yield all_of_them
    assert all_of_them.count
    wrong = all_of_them.wrong
    assert not wrong, f"{len(wrong)} of {all_of_them.count} trials went wrong:\n" + "\n".join(wrong[:_SHOWN])
