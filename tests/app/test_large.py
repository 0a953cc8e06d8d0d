"""A hundred thousand files and fifty thousand lines: the window answers all the time."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.diff.view import DiffView
from app.flows import operations
from app.models.arranging import steps
from app.models.columns import Column
from app.models.files import FilesModel
from app.theme.theme import Theme
from app.values import Change, DiffRow, DiffSummary, Match
from tests.support.robot import Robot
from tests.support.stalls import LIMIT_SECONDS, Watchdog, slowness
from tests.support.work import Work

MANY = 100_000


def change(number: int, luck: random.Random) -> Change:
    folder = f"/home/me/project/part{luck.randrange(900):03}/deep{luck.randrange(40)}"
    size = luck.randrange(100_000)
    return Change(number, 0, "edit", "file", f"{folder}/File{luck.randrange(10**8):08}.py", "", size, size, number % 9)


@pytest.fixture(scope="module")
def changes() -> list[Change]:
    luck = random.Random(7)
    return [change(number, luck) for number in range(MANY)]


@pytest.fixture
def watched() -> Iterator[Watchdog]:
    """Fails the test when the window did not answer for too long, and says where it was.

    The collector of garbage leaves out what is there already: it is the tests', and would be looked through for them.
    """
    gc.collect()
    gc.freeze()
    with Watchdog() as watchdog:
        yield watchdog
    gc.unfreeze()
    assert not watchdog.stalls, "\n".join(watchdog.stalls)


def fill(robot: Robot, changes: list[Change]) -> FilesModel:
    """Let changes arrive as the engine sends them."""
    batch = robot.window.batch
    robot.window.flow.queue.note([operations.find_and_replace(["/home/me/project"], "old", "new")])
    batch._show_middle()
    for start in range(0, MANY, 500):
        batch.model.append(changes[start : start + 500])
        if start % 5_000 == 0:
            robot.bot.wait(1)
    return batch.model


def test_the_watchdog_names_the_line_that_holds_the_window_up(qtbot: QtBot) -> None:
    def hold_up() -> None:
        until = time.thread_time() + 5 * LIMIT_SECONDS * slowness()
        while time.thread_time() < until:
            pass

    with Watchdog() as watchdog:
        qtbot.wait(20)
        hold_up()
        qtbot.wait(20)
    (stall,) = watchdog.stalls
    assert "hold_up" in stall


def test_a_hundred_thousand_files_are_sorted_filtered_ticked_and_scrolled_without_a_stall(
    robot: Robot, changes: list[Change], watched: Watchdog
) -> None:
    model = fill(robot, changes)
    table = robot.window.batch.table
    assert model.rowCount() == MANY
    for column in (Column.FILE, Column.MATCHES, Column.FILE):
        with robot.bot.waitSignal(model.arranged, timeout=60_000):
            table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    names = [model.index(row, 0).data().casefold() for row in range(0, MANY, 997)]
    assert names == sorted(names, reverse=True)
    for text in ("p", "part1", "part12"):
        with robot.bot.waitSignal(model.arranged, timeout=60_000):
            robot.window.batch.head.filter.setText(text)
    assert 0 < model.rowCount() < MANY / 10
    with robot.bot.waitSignal(model.arranged, timeout=60_000):
        robot.window.batch.head.filter.clear()
    for _ in range(2):  # all off, all on again
        model.tick_shown()
        robot.bot.wait(1)
    assert model.totals.files == MANY
    for key in (Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_PageDown):
        QTest.keyClick(table, key)
        robot.bot.wait(1)
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    robot.bot.wait(1)


def test_sorting_in_steps_gives_what_sorting_at_once_gives(changes: list[Change]) -> None:
    def key(one: Change) -> int:
        return one.matches

    for reverse in (False, True):
        stepwise = steps(changes, lambda one: one.index % 3 > 0, key, reverse=reverse)
        try:
            while True:
                next(stepwise)
        except StopIteration as end:
            found = end.value
        assert found == sorted((one for one in changes if one.index % 3 > 0), key=key, reverse=reverse)


def test_a_step_takes_a_small_part_of_what_sorting_at_once_takes(changes: list[Change]) -> None:
    def at_once() -> None:
        sorted(changes, key=lambda one: f"{one.path.rpartition('/')[2].casefold()}\0{one.path}")

    def longest_step() -> float:
        stepwise = steps(changes, None, lambda one: f"{one.path.rpartition('/')[2].casefold()}\0{one.path}")
        longest, end = 0.0, False
        while not end:
            began = time.thread_time()
            end = next(stepwise, "end") == "end"
            longest = max(longest, time.thread_time() - began)
        return longest

    ratios = []
    for _ in range(3):
        began = time.thread_time()
        at_once()
        ratios.append(longest_step() / (time.thread_time() - began))
    assert statistics.median(ratios) < 0.5, ratios


def rows(number: int) -> list[DiffRow]:
    return [
        DiffRow(
            "~" if at % 50 == 0 else "=",
            at,
            f"line {at} is as it is",
            at,
            f"line {at} is as it {'was' * (at % 50 == 0)}",
        )
        for at in range(1, number + 1)
    ]


def seconds_of(do: Callable[[], object]) -> float:
    began = time.thread_time()
    do()
    return time.thread_time() - began


def test_fifty_thousand_lines_are_shown_as_soon_as_a_few(qtbot: QtBot, theme: Theme) -> None:
    view, many = DiffView(theme), rows(50_000)
    few = many[:2_000]
    qtbot.addWidget(view)
    view.resize(1000, 500)
    view.show()

    def show(shown: list[DiffRow]) -> None:
        view.show_rows(shown)
        view.grab()

    show(few)
    ratios = [seconds_of(lambda: show(many)) / seconds_of(lambda: show(few)) for _ in range(3)]
    assert statistics.median(ratios) < 8, ratios  # twenty-five times as many lines


def test_a_long_change_is_shown_before_all_of_it_has_come(robot: Robot, work: Work, watched: Watchdog) -> None:
    work.write({"a.txt": "".join(f"old line {number}\n" for number in range(50_000))})
    shown: list[int] = []
    ticks: list[bool] = []
    view = robot.window.batch.diff.view

    def note(change: Change, rows: list[DiffRow], summary: DiffSummary, matches: list[Match] | None) -> None:
        shown.append(len(rows))
        ticks.append(matches is not None and view._paint.has_ticks)

    robot.window.look.found.connect(note)
    robot.window.flow.add(operations.find_and_replace([str(work.tree / "a.txt")], "old line 1", "new line 1"))
    robot.wait(lambda: len(shown) >= 2)
    assert shown[0] <= 2_000 < shown[-1]
    assert view.lines[0].kind in "=~@"
    assert ticks == [False, True]  # they come last, into room that is kept for them
    assert any(line.matches for line in view.lines[:10])
