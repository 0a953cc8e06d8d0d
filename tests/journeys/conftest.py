"""A program on a screen of its own, with a real mouse and a real keyboard; every journey leaves a picture.

The pictures lie in the test's folder, or below HOLDFAST_JOURNEYS where that names one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import screen
from tests.support.screen import Program, Screen, Start
from tests.support.work import Work

MANY = 1_500


@pytest.fixture
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Start]:
    """Starts the program, with paths; nothing of it is left afterwards."""
    reason = screen.why_not()
    if reason:
        pytest.skip(reason)
    pictures = Path(os.environ.get("HOLDFAST_JOURNEYS", tmp_path))
    pictures.mkdir(exist_ok=True)
    display = Screen()
    programs: list[Program] = []

    def begin(*paths: Path) -> Program:
        name = f"{request.node.name}-{len(programs) + 1}.png"
        programs.append(Program(display, *paths, picture=pictures / name))
        return programs[-1]

    yield begin
    for program in programs:
        program.end()
    display.close()


@pytest.fixture
def many(work: Work) -> Work:
    work.write({f"part{number % 20:02}/file{number:04}.txt": f"old {number}\n" for number in range(MANY)})
    return work
