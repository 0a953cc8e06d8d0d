"""Leftovers as rows: what is ticked unasked, how long something has to wait, and a hundred thousand of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app import leftover_texts
from app.models import leftover_ticks
from app.models.leftover_columns import Column
from app.models.leftovers import LeftoversModel
from app.values import Leftover
from app.window.leftovers_page import LeftoversPage
from core.leftovers import clear
from tests.app.test_large import watched
from tests.support.robot import Robot
from tests.support.stalls import Watchdog

__all__ = ["watched"]

MANY = 100_000
CLEAR = Leftover("/t/0.bak", "backup", "an editor", 10, 0.0, 1, "/t/0", True, "", "clear", "same", number=24)
KEEP = replace(CLEAR, path="/t/keep~", advice="keep", reason="older", same=False, number=5)
WAIT = replace(CLEAR, path="/t/wait.tmp", advice="wait", reason="too_new")


def some(number: int, **values: object) -> list[Leftover]:
    return [replace(CLEAR, path=f"/t/{at:06}.bak", ino=at, **values) for at in range(number)]  # type: ignore[arg-type]


def names(model: LeftoversModel) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_only_what_the_engine_advises_to_clear_is_ticked_and_a_person_may_change_that(qtbot: QtBot) -> None:
    model = LeftoversModel()
    model.put([CLEAR, KEEP, WAIT])
    assert (model.ticked(), model.total.files, model.total.bytes) == ([CLEAR], 1, 10)
    model.tick([CLEAR, WAIT], ticked=False)
    model.tick([KEEP, WAIT], ticked=True)  # what waits cannot be ticked
    assert (model.ticked(), model.total.files) == ([KEEP], 1)
    model.put([replace(KEEP, size=11)])  # another file than the one that was ticked
    assert model.ticked() == []


def test_of_a_kind_of_which_there_is_too_much_nothing_is_ticked(qtbot: QtBot) -> None:
    model = LeftoversModel()
    model.put(some(leftover_ticks.FILES_AT_MOST))
    assert model.total.files == leftover_ticks.FILES_AT_MOST
    model.put([replace(CLEAR, path="/t/one more.bak")])
    assert model.ticked() == []
    model.put([replace(CLEAR, path="/t/x~", number=5)])
    assert model.total.files == 1
    model.remove(["/t/one more.bak"])
    assert model.total.files == len(model.ticked()) == leftover_ticks.FILES_AT_MOST + 1


def test_the_limits_are_the_engines() -> None:
    assert (leftover_ticks.FILES_AT_MOST, leftover_ticks.BYTES_AT_MOST) == (clear.FILES_AT_MOST, clear.BYTES_AT_MOST)


def test_what_waits_says_how_long() -> None:
    for seconds, text in (
        (59.0, "wait, 1 minute left"),
        (480.0, "wait, 8 minutes left"),
        (82_000.0, "wait, 23 hours left"),
        (-1.0, "wait"),
    ):
        assert leftover_texts.advice(replace(WAIT, due=1000.0 + seconds), 1000.0) == text
    assert leftover_texts.advice(replace(KEEP, due=5000.0), 1000.0) == "keep"


def test_there_is_a_group_for_every_advice_and_a_look_for_each() -> None:
    from app.window import leftover_rows

    assert set(leftover_texts.PAGE_GROUPS) - {""} == set(leftover_texts.ADVICE) == set(leftover_rows._ADVICE_LOOKS)


def test_groups_and_words_say_what_is_shown_and_what_comes_is_put_in_its_place(qtbot: QtBot) -> None:
    model = LeftoversModel()
    model.sort(Column.FILE)
    model.put([KEEP, CLEAR, WAIT])
    assert names(model) == ["0.bak", "keep~", "wait.tmp"]
    assert [model.in_group(group) for group in ("", "clear", "keep", "wait", "ask")] == [3, 1, 1, 1, 0]
    model.show_group("keep")
    assert names(model) == ["keep~"]
    model.put([replace(CLEAR, advice="keep")])  # judged anew
    assert names(model) == ["0.bak", "keep~"]
    model.filter("KEEP")
    assert names(model) == ["keep~"]
    model.filter("")
    model.show_group("")
    model.remove([KEEP.path])
    assert names(model) == ["0.bak", "wait.tmp"]


@pytest.fixture(scope="module")
def luck() -> list[Leftover]:
    return some(MANY, advice="keep")


@pytest.fixture
def page(robot: Robot) -> LeftoversPage:
    robot.window.show_page("leftovers")
    return robot.window.leftovers


def test_a_hundred_thousand_leftovers_come_change_and_go_without_a_stall(
    robot: Robot, page: LeftoversPage, luck: list[Leftover], watched: Watchdog
) -> None:
    robot.window.leftovers_flow.roots.append("/t")
    for start in range(0, MANY, 500):
        page._take(luck[start : start + 500])
        if start % 5_000 == 0:
            robot.bot.wait(1)
    robot.wait(lambda: page.model.rowCount() == MANY)
    for column in (Column.SIZE, Column.FILE):
        with robot.bot.waitSignal(page.model.arranged, timeout=60_000):
            page.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    with robot.bot.waitSignal(page.model.arranged, timeout=60_000):
        page.filter.setText("0099")
    with robot.bot.waitSignal(page.model.arranged, timeout=60_000):
        page.filter.clear()
    page.model.tick_shown()
    robot.bot.wait(1)
    assert page.model.total.files == MANY
    for start in range(0, MANY, 20_000):
        page._take([replace(one, size=one.size + 1) for one in luck[start : start + 500]])
        page._forget([one.path for one in luck[start + 500 : start + 1_000]])
        robot.bot.wait(1)
    robot.wait(lambda: page.model.rowCount() == MANY - 2_500)
    for key in (Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
        QTest.keyClick(page.table, key)
        robot.bot.wait(1)
    robot.window.leftovers_flow.roots.clear()
