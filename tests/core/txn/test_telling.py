"""A person is told as soon as the end of a batch is sure: what then still goes on is only tidying up."""

from __future__ import annotations

import errno
import os

import pytest

from core import api, names
from core.api import Committed, NeedsRecovery, RolledBack
from core.fs.api import Handle
from core.fs.real import RealFileSystem
from core.progress import CancelToken, Meter, Phase
from tests.support.failing import engine_on
from tests.support.tree import Snapshot
from tests.support.work import Json, Work

OPERATIONS: list[Json] = [
    {"op": "edit", "path": "edited", "find": "old", "replace": "new"},
    {"op": "replace", "path": "replaced", "text": "new"},
    {"op": "create", "path": "made/created", "text": "new"},
]


@pytest.fixture
def filled(work: Work) -> Work:
    work.write({"edited": "old", "replaced": "old"})
    return work


def half_way() -> tuple[Meter, CancelToken]:
    meter = Meter()
    return meter, CancelToken(lambda: meter.sample().phase is Phase.SWITCH and meter.files_done > 0)


def side_files(tree: Snapshot) -> list[bytes]:
    return [path for path in tree if names.parse_side(os.path.basename(os.fsdecode(path)))]


def test_who_cancels_is_told_when_the_files_are_as_they_were_and_before_what_was_prepared_is_removed(
    filled: Work,
) -> None:
    before = filled.snapshot()
    seen: list[tuple[Committed | RolledBack, Snapshot]] = []
    meter, token = half_way()

    outcome = api.apply(
        filled.plan(*OPERATIONS), meter=meter, token=token, told=lambda end: seen.append((end, filled.snapshot()))
    )

    ((end, then),) = seen
    assert end == outcome
    assert isinstance(end, RolledBack)
    assert side_files(then)
    assert {path: what for path, what in then.items() if path in before} == before
    assert filled.snapshot() == before


def test_nobody_is_told_that_all_is_back_while_it_may_not_be_so_after_a_power_cut(filled: Work) -> None:
    class Failing(RealFileSystem):
        def sync_folder(self, folder: Handle) -> None:
            if meter.sample().phase is Phase.PUT_BACK:
                raise OSError(errno.EIO, "no")
            super().sync_folder(folder)

    seen: list[object] = []
    meter, token = half_way()

    with engine_on(Failing()):
        outcome = api.apply(filled.plan(*OPERATIONS), meter=meter, token=token, told=seen.append)

    assert isinstance(outcome, NeedsRecovery)
    assert seen == []


def test_what_cannot_be_removed_after_that_is_left_to_recovery_and_the_files_are_as_they_were(filled: Work) -> None:
    class Failing(RealFileSystem):
        def unlink(self, folder: Handle, name: str) -> None:
            if ends and names.parse_side(name):
                raise OSError(errno.EIO, "no")
            super().unlink(folder, name)

    before = filled.snapshot()
    ends: list[object] = []
    meter, token = half_way()

    with engine_on(Failing()):
        outcome = api.apply(filled.plan(*OPERATIONS), meter=meter, token=token, told=ends.append)

    assert isinstance(outcome, NeedsRecovery)
    assert isinstance(ends[0], RolledBack)
    assert [one.result for one in api.recover_all()] == [api.Result.PUT_BACK]
    assert filled.snapshot() == before


def deaf(end: object) -> None:
    raise OSError(errno.EIO, "the terminal is gone")


def test_who_cannot_be_told_of_a_put_back_does_not_keep_what_was_prepared_from_being_removed(filled: Work) -> None:
    before = filled.snapshot()
    meter, token = half_way()

    with pytest.raises(OSError, match="the terminal is gone"):
        api.apply(filled.plan(*OPERATIONS), meter=meter, token=token, told=deaf)

    assert filled.snapshot() == before
    assert list(api.pending()) == []


def test_who_cannot_be_told_of_a_change_does_not_keep_the_previous_versions_from_being_put_away(filled: Work) -> None:
    with pytest.raises(OSError, match="the terminal is gone"):
        api.apply(filled.plan(*OPERATIONS), told=deaf)

    assert filled.texts() == {"edited": "new", "replaced": "new", "made/created": "new"}
    assert not side_files(filled.snapshot())
    assert list(api.pending()) == []


def test_what_could_not_be_removed_is_said_to_be_all(filled: Work) -> None:
    class Failing(RealFileSystem):
        def unlink(self, folder: Handle, name: str) -> None:
            raise OSError(errno.EIO, "no")

    meter, token = half_way()
    with engine_on(Failing()):
        outcome = api.apply(filled.plan(*OPERATIONS), meter=meter, token=token)

    assert isinstance(outcome, NeedsRecovery)
    assert outcome.as_it_was
