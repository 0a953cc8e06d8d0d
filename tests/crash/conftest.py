"""Says at the end of a run how many points were tried."""

from __future__ import annotations

import pytest

_tried: dict[str, int] = {}


@pytest.fixture
def tried() -> dict[str, int]:
    """Counts of points tried, by what was tried."""
    return _tried


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _tried:
        terminalreporter.section("crash points")
        for what, number in _tried.items():
            terminalreporter.line(f"{number:6} {what}: 0 violations")
