"""Leftovers of transfers that were killed: each is told apart, judged rightly, and kept safe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from core.leftovers.judge import Advice, Reason
from tests.support import browsers, throwaway
from tests.support.makers import LARGE, Maker, makes, wait

pytestmark = [pytest.mark.full, pytest.mark.timeout(1800)]


@makes(60, by="rsync")
def test_an_rsync_that_was_killed(maker: Maker) -> None:
    (maker.path / "large.bin").write_bytes(os.urandom(LARGE // 10))
    (maker.path / "to").mkdir()
    appears = maker.there("to/.large.bin.??????")
    maker.room.killed_when(
        lambda: [one for one in appears() if one.stat().st_size], "rsync", "--bwlimit=1000", "large.bin", "to/"
    )
    assert maker.demand(60, Reason.PERHAPS_PARTIAL).advice is Advice.RESTORE
    maker.write("to/large.bin", "what came later")
    assert maker.only(60).preselected


@makes(61, by="rsync")
def test_an_rsync_that_was_killed_before_it_put_things_into_place(maker: Maker) -> None:
    (maker.path / "large.bin").write_bytes(os.urandom(LARGE // 10))
    maker.write("from/a.txt")
    shutil.copy(maker.path / "large.bin", maker.path / "from/b.bin")
    words = ("rsync", "-r", "--delay-updates", "--bwlimit=1000", "from/", "to/")
    maker.room.killed_when(maker.there("to/.~tmp~/a.txt"), *words)
    maker.demand_managed(61, maker.path / "to/.~tmp~")


@pytest.fixture
def slow() -> Iterator[str]:
    """The address of a file that never comes to an end."""
    with browsers.slow_server() as address:
        yield address


@makes(35, 67, by="Firefox")
def test_a_firefox_that_was_killed_in_a_download(maker: Maker, slow: str) -> None:
    profile = maker.path / "profile"
    with browsers.firefox(maker.room, profile, maker.path / "downloads", slow) as one:
        wait(maker.there("downloads/*.part"))
        wait((profile / "lock").is_symlink)
        assert maker.only(67).reason is Reason.IN_USE
        throwaway.end(one)
    maker.demand(67, Reason.TRANSFER_OVER)
    left = [one for one in maker.found().values() if one.number == 35]
    assert {one.reason for one in left} == {Reason.PART_OF_SOMETHING}
    maker.count(35)


@makes(66, 77, by="Chromium")
def test_a_chromium_that_was_killed_in_a_download(maker: Maker, slow: str) -> None:
    with browsers.chromium(maker.room, maker.path / "profile", maker.path / "downloads", slow) as one:
        wait(maker.there("downloads/*.crdownload"))
        assert maker.only(66).reason is Reason.IN_USE
        throwaway.end(one)
    maker.demand(66, Reason.TRANSFER_OVER)
    left = [one for one in maker.found().values() if one.number == 77]
    assert {one.reason for one in left} == {Reason.PART_OF_SOMETHING}
    maker.count(77)


@makes(69, by="aria2")
def test_an_aria2_that_was_killed(maker: Maker, slow: str) -> None:
    words = ("aria2c", "-q", "--auto-save-interval=1", "--file-allocation=none", "-d", str(maker.path), slow)
    maker.room.killed_when(maker.there("large.bin.aria2"), *words)
    maker.demand(69, Reason.TRANSFER, Reason.TRANSFER_OVER)
