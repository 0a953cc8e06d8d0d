"""A file that has several names, or is a mount point by itself, is written in place when the user agrees to that."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from core import api
from core.api import Committed, RolledBack
from core.errors import Fix, ProblemCode
from tests.support import somebody, stopping
from tests.support.disks import hindrance
from tests.support.failing import ForeignHand, engine_on
from tests.support.spread import spread
from tests.support.stopping import StoppingFileSystem
from tests.support.tried import Tried
from tests.support.work import Json, Work, plan_file

OLD, NEW = "old " * 3000, "new, and longer " * 2000
EDITS: list[Json] = [
    {"op": "write", "path": "one", "text": NEW, "links": "keep"},
    {"op": "edit", "path": "plain", "find": "old", "replace": "new"},
]


@pytest.fixture
def linked(work: Work) -> Work:
    work.write({"one": OLD, "plain": "old"})
    os.link(work.tree / "one", work.tree / "other")
    return work


def names_of(work: Work) -> set[str]:
    return set(os.listdir(work.tree))


def test_all_names_of_a_file_get_the_new_content_and_stay_one_file(linked: Work) -> None:
    before = (linked.tree / "one").stat()

    assert isinstance(linked.apply(*EDITS), Committed)

    now = (linked.tree / "one").stat()
    assert linked.texts() == {"one": NEW, "other": NEW, "plain": "new"}
    assert (now.st_ino, now.st_nlink, now.st_mode) == (before.st_ino, 2, before.st_mode)
    assert now.st_mtime_ns > before.st_mtime_ns


def test_a_search_that_finds_a_file_by_each_of_its_names_changes_it_once(linked: Work) -> None:
    search: Json = {"op": "find_replace", "roots": ["."], "find": "old", "replace": "older", "links": "keep"}
    plan = linked.plan(search)

    assert (plan.problems, plan.files) == ([], 2)
    assert isinstance(linked.apply(search), Committed)
    assert linked.texts()["one"] == linked.texts()["other"] == "older " * 3000


def test_set_id_bits_and_a_kept_time_survive_writing_in_place(linked: Work) -> None:
    (linked.tree / "one").chmod(0o6755)
    os.utime(linked.tree / "one", ns=(1, 1_000_000_007))

    assert isinstance(linked.apply({**EDITS[0], "times": "keep"}), Committed)

    now = (linked.tree / "one").stat()
    assert (oct(now.st_mode & 0o7777), now.st_mtime_ns) == ("0o6755", 1_000_000_007)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file of a group to which its owner does not belong")
def test_a_file_of_a_foreign_group_keeps_it_when_its_owner_writes_it_in_place() -> None:
    with somebody.place() as work:
        work.write({"one": OLD, "plain": "old"})
        os.link(work.tree / "one", work.tree / "other")
        for name in ("one", "plain"):
            os.chown(work.tree / name, somebody.NOBODY, 0)
        (work.tree / "one").chmod(0o640)

        assert somebody.as_user(somebody.NOBODY, lambda: work.apply(*EDITS)) == "Committed"

        now = (work.tree / "one").stat()
        assert (now.st_uid, now.st_gid, oct(now.st_mode & 0o7777)) == (somebody.NOBODY, 0, "0o640")
        assert work.texts()["other"] == NEW


def test_a_file_that_moves_cannot_keep_its_other_names_in_step(linked: Work) -> None:
    moved: Json = {"op": "move", "path": "one", "to": "two"}
    edit: Json = {"op": "edit", "path": "two", "find": "old", "replace": "new", "links": "keep"}

    assert linked.problems(moved, edit) == [(1, ProblemCode.HARD_LINKS)]


def test_killed_at_any_call_the_file_has_its_old_or_its_new_content_under_all_names(
    linked: Work, state: Path, tried: Tried
) -> None:
    seen, plan = set(), plan_file(linked, EDITS)
    before = linked.texts()
    after = {**before, "one": NEW, "other": NEW, "plain": "new"}
    apply = ["apply", str(plan), "--yes", "--state-dir", str(state)]
    for how in (stopping.die, stopping.die_half_way):
        point, code = 0, -signal.SIGKILL
        while code == -signal.SIGKILL:
            point += 1
            code = stopping.run(apply, StoppingFileSystem(point, how))
            assert stopping.run(["recover", "--state-dir", str(state)]) == 0
            assert linked.texts() in (before, after), f"killed at call {point}"
            assert (linked.tree / "one").stat().st_nlink == 2, f"killed at call {point}"
            seen.add(linked.texts() == after)
            tried("SIGKILL at a call of apply that writes in place")
            if linked.texts() == after:
                (linked.tree / "one").write_text(OLD)
                (linked.tree / "plain").write_text("old")
    assert seen == {True, False}


def test_a_recovery_that_is_killed_at_any_call_is_gone_on_with_and_keeps_no_copy_of_its_own(
    linked: Work, state: Path, tried: Tried
) -> None:
    plan, before = plan_file(linked, EDITS), linked.texts()
    apply, recover = ["apply", str(plan), "--yes", "--state-dir", str(state)], ["recover", "--state-dir", str(state)]
    written = stopping.calls(apply).index("truncate") + 4  # the draft is in the file
    (linked.tree / "one").write_text(OLD)
    (linked.tree / "plain").write_text("old")
    for how in (stopping.die, stopping.die_half_way):
        point, code = 0, -signal.SIGKILL
        while code == -signal.SIGKILL:
            point += 1
            assert stopping.run(apply, StoppingFileSystem(written, stopping.die)) == -signal.SIGKILL
            code = stopping.run(recover, StoppingFileSystem(point, how))
            assert stopping.run(recover) == 0
            assert linked.texts() == before, f"killed at call {point} of recovery"
            tried("SIGKILL at a call of a recovery that writes in place")


def test_killed_at_any_call_and_with_its_last_record_spoilt_a_batch_has_not_cost_the_old_content(
    linked: Work, state: Path, tried: Tried
) -> None:
    plan = plan_file(linked, EDITS)
    apply = ["apply", str(plan), "--yes", "--state-dir", str(state)]
    for point in spread(range(1, stopping.count(apply) + 1), 15):
        (linked.tree / "one").write_text(OLD)
        (linked.tree / "plain").write_text("old")
        stopping.run(apply, StoppingFileSystem(point, stopping.die))
        for journal in (state / "journals").glob("*.journal"):
            data = bytearray(journal.read_bytes())
            data[-1] ^= 1
            journal.write_bytes(data)
        stopping.run(["recover", "--state-dir", str(state)])
        there = {
            path.read_text()
            for folder in (linked.tree, state / "attic")
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert {OLD, "old"} <= there, f"killed at call {point}"
        tried("SIGKILL at a call of apply, and its last record spoilt")
        shutil.rmtree(state)
        for path in linked.tree.iterdir():
            if path.name not in ("one", "other", "plain"):
                path.unlink()


def test_a_save_of_another_program_at_any_call_is_there_afterwards(linked: Work, tried: Tried) -> None:
    point, total = 0, 1
    while point < total:
        point += 1
        hand = ForeignHand(point, lambda: (linked.tree / "one").write_text("saved by hand"))
        with engine_on(hand):
            outcome = linked.apply(*EDITS)
        total = hand.count
        saved = [text for text in linked.texts().values() if text == "saved by hand"]
        kept = outcome.kept if isinstance(outcome, (Committed, RolledBack)) else ()
        assert saved or isinstance(outcome, Committed), f"at call {point}: {outcome}"
        tried("a foreign save at a call of apply that writes in place")
        for path in kept:
            Path(path).unlink()
        assert names_of(linked) == {"one", "other", "plain"}, f"at call {point}"
        (linked.tree / "one").write_text(OLD)
        (linked.tree / "plain").write_text("old")


def test_a_file_that_another_one_replaces_at_any_call_goes_with_the_batch_under_its_other_name(
    linked: Work, tried: Tried
) -> None:
    """Where the batch is put back, what it wrote into a file goes back too, though that has lost the batch's name."""

    def save_by_renaming() -> None:
        (linked.tree / "aside").write_text("saved by hand")
        (linked.tree / "aside").replace(linked.tree / "one")

    point, total = 0, 1
    while point < total:
        point += 1
        plan = linked.plan(*EDITS)
        hand = ForeignHand(point, save_by_renaming)
        with engine_on(hand):
            outcome = api.apply(plan)
        total = hand.count
        texts = linked.texts()
        assert "saved by hand" in texts.values(), f"at call {point}: {outcome}"
        after = {"other": NEW, "plain": "new"} if isinstance(outcome, Committed) else {"other": OLD, "plain": "old"}
        assert {name: texts[name] for name in after} == after, f"at call {point}: {outcome}"
        tried("a foreign rename at a call of apply that writes in place")
        for path in linked.tree.iterdir():
            path.unlink()
        linked.write({"one": OLD, "plain": "old"})
        os.link(linked.tree / "one", linked.tree / "other")


def test_killed_after_another_program_replaced_the_file_the_batch_leaves_nothing_in_its_other_names(
    linked: Work, state: Path, tried: Tried
) -> None:
    writing = calls_of(linked, state).index("truncate") + 1
    for point in range(writing - 2, writing + 5):
        replace_then_die(linked, state, point, 0)
        tried("a foreign rename, and SIGKILL soon after it, at a call of apply that writes in place")


@pytest.mark.full
@pytest.mark.parametrize("later", [0, 1, 2, 3])
def test_killed_at_any_call_after_another_program_replaced_the_file_its_other_names_go_with_the_batch(
    linked: Work, state: Path, tried: Tried, later: int
) -> None:
    for point in range(1, len(calls_of(linked, state)) + 1 - later):
        replace_then_die(linked, state, point, later)
        tried("a foreign rename, and SIGKILL soon after it, at a call of apply that writes in place")


def calls_of(work: Work, state: Path) -> list[str]:
    return stopping.calls(["apply", str(plan_file(work, EDITS)), "--yes", "--state-dir", str(state)])


def replace_then_die(work: Work, state: Path, point: int, later: int) -> None:
    def save_by_renaming() -> None:
        (work.tree / "aside").write_text("saved by hand")
        (work.tree / "aside").replace(work.tree / "one")

    for path in work.tree.iterdir():
        path.unlink()
    work.write({"one": OLD, "plain": "old"})
    os.link(work.tree / "one", work.tree / "other")
    apply = ["apply", str(plan_file(work, EDITS)), "--yes", "--state-dir", str(state)]
    assert stopping.run(apply, SaveThenDie(point, save_by_renaming, later)) in (-signal.SIGKILL, 1), f"at call {point}"
    assert stopping.run(["recover", "--state-dir", str(state)]) == 0
    texts = work.texts()
    assert "saved by hand" in texts.values(), f"at call {point}"
    assert (texts["other"], texts["plain"]) in ((OLD, "old"), (NEW, "new")), f"at call {point}"
    assert not [name for name in texts if name.startswith(".")], f"at call {point}"


class SaveThenDie(StoppingFileSystem):
    """Another program does something before a call, and so many calls later we die."""

    def __init__(self, at: int, save: Callable[..., object], later: int) -> None:
        super().__init__(at + later, stopping.die)
        self._save, self._when = save, at

    def __getattr__(self, verb: str) -> Callable[..., object]:
        method = super().__getattr__(verb)
        if verb not in stopping.MUTATING:
            return method

        def counted(*arguments: object, **options: object) -> object:
            if self.count == self._when - 1:
                self._save()
            return method(*arguments, **options)

        return counted


@pytest.fixture
def mounted(work: Work) -> Work:
    """A single file that is mounted over another, as containers do with /etc/hosts."""
    if reason := hindrance("ext4"):
        pytest.skip(reason)
    work.write({"hosts": "below", "outside": "old"})
    subprocess.run(["mount", "--bind", work.tree / "outside", work.tree / "hosts"], check=True)
    return work


@pytest.fixture
def unmount(work: Work) -> Callable[[], None]:
    return lambda: subprocess.run(["umount", work.tree / "hosts"], check=False)  # type: ignore[return-value]


def test_a_mounted_file_is_a_problem_until_it_may_be_written_in_place(
    mounted: Work, unmount: Callable[[], None]
) -> None:
    edit: Json = {"op": "edit", "path": "hosts", "find": "old", "replace": "new"}
    try:
        (problem,) = mounted.plan(edit).problems
        assert (problem.code, Fix.KEEP_LINKS in problem.fixes) == (ProblemCode.MOUNT_POINT, True)
        assert isinstance(mounted.apply({**edit, "links": "keep"}), Committed)
        assert (mounted.tree / "hosts").read_text() == "new"
        assert mounted.problems({"op": "delete", "path": "hosts"}) == [(0, ProblemCode.MOUNT_POINT)]
        assert mounted.problems({"op": "move", "path": "hosts", "to": "x"}) == [(0, ProblemCode.MOUNT_POINT)]
    finally:
        unmount()
    assert (mounted.tree / "outside").read_text() == "new"
