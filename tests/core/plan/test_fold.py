"""However operations follow one another, the tree ends as if they had been done one by one: or it stays as it was."""

from __future__ import annotations

import errno
import random
from itertools import count
from pathlib import Path

import pytest

from core import api
from core.api import Committed, NeedsRecovery
from core.errors import ProblemCode
from tests.support import model
from tests.support.failing import FailingFileSystem, engine_on
from tests.support.folding import FoldingFileSystem
from tests.support.model import Model, Op
from tests.support.tree import difference, snapshot
from tests.support.work import Json, Work

CASES: dict[str, tuple[dict[str, str], list[Json], dict[str, str]]] = {
    "a chain": (
        {"a": "1", "b": "2", "c": "3"},
        [
            {"op": "move", "path": "c", "to": "d"},
            {"op": "move", "path": "b", "to": "c"},
            {"op": "move", "path": "a", "to": "b"},
        ],
        {"b": "1", "c": "2", "d": "3"},
    ),
    "a swap": (
        {"a": "1", "b": "2"},
        [
            {"op": "move", "path": "a", "to": "t"},
            {"op": "move", "path": "b", "to": "a"},
            {"op": "move", "path": "t", "to": "b"},
        ],
        {"a": "2", "b": "1"},
    ),
    "a swap of folders": (
        {"a/x": "1", "b/y": "2"},
        [
            {"op": "move", "path": "a", "to": "t"},
            {"op": "move", "path": "b", "to": "a"},
            {"op": "move", "path": "t", "to": "b"},
        ],
        {"a/y": "2", "b/x": "1"},
    ),
    "only the case of a name": ({"a": "1"}, [{"op": "move", "path": "a", "to": "A"}], {"A": "1"}),
    "a move, then something new under the old name": (
        {"a": "1"},
        [{"op": "move", "path": "a", "to": "b"}, {"op": "create", "path": "a", "text": "new"}],
        {"a": "new", "b": "1"},
    ),
    "the same across folders": (
        {"one/a": "1", "two/x": "2"},
        [{"op": "move", "path": "one/a", "to": "two/b"}, {"op": "create", "path": "one/a", "text": "new"}],
        {"one/a": "new", "two/b": "1", "two/x": "2"},
    ),
    "an edit in a folder that was moved": (
        {"a/x": "old"},
        [{"op": "move", "path": "a", "to": "b"}, {"op": "edit", "path": "b/x", "find": "old", "replace": "new"}],
        {"b/x": "new"},
    ),
    "a folder is deleted and something made beneath it": (
        {"a/x": "1", "a/y": "2"},
        [{"op": "delete", "path": "a"}, {"op": "create", "path": "a/x", "text": "new"}],
        {"a/x": "new"},
    ),
    "a file is deleted and something made beneath it": (
        {"a": "1"},
        [{"op": "delete", "path": "a"}, {"op": "create", "path": "a/b/c", "text": "new"}],
        {"a/b/c": "new"},
    ),
    "a move onto a name that was deleted": (
        {"a": "1", "b": "2"},
        [{"op": "delete", "path": "b"}, {"op": "move", "path": "a", "to": "b"}],
        {"b": "1"},
    ),
    "a move and a deletion of what was moved": (
        {"a": "1", "b": "2"},
        [{"op": "delete", "path": "b"}, {"op": "move", "path": "a", "to": "b"}, {"op": "delete", "path": "b"}],
        {},
    ),
    "a folder moved into one that is moved": (
        {"a/x": "1", "b/c/y": "2"},
        [{"op": "move", "path": "a", "to": "b/c/a"}, {"op": "move", "path": "b/c", "to": "d"}],
        {"d/a/x": "1", "d/y": "2"},
    ),
    "out of a folder that is deleted": (
        {"a/x": "1", "a/y": "2"},
        [{"op": "move", "path": "a/x", "to": "b/x"}, {"op": "delete", "path": "a"}],
        {"b/x": "1"},
    ),
    "into a folder that is deleted": (
        {"a": "1", "b/y": "2"},
        [{"op": "move", "path": "a", "to": "b/a"}, {"op": "delete", "path": "b"}],
        {},
    ),
    "away and back": (
        {"a": "1"},
        [{"op": "move", "path": "a", "to": "b"}, {"op": "move", "path": "b", "to": "a"}],
        {"a": "1"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_operations_compose(work: Work, case: str) -> None:
    files, operations, after = CASES[case]
    work.write(dict(files))

    assert isinstance(work.apply(*operations), Committed)

    assert work.texts() == after


def test_something_new_takes_the_name_of_a_deleted_symlink_and_leaves_what_it_led_to(work: Work) -> None:
    work.write({"behind": "stays"})
    (work.tree / "link").symlink_to("behind")
    operations: list[Json] = [{"op": "delete", "path": "link"}, {"op": "create", "path": "link", "text": "new"}]
    assert "deleted symlink" in list(api.preview_lines(work.plan(*operations)))

    assert isinstance(work.apply(*operations), Committed)

    assert work.texts() == {"behind": "stays", "link": "new"}
    assert not (work.tree / "link").is_symlink()


def test_a_symlink_to_a_folder_leads_nowhere_once_it_is_deleted(work: Work) -> None:
    work.write({"real/x": "stays"})
    (work.tree / "link").symlink_to("real")

    work.apply({"op": "delete", "path": "link"}, {"op": "create", "path": "link/x", "text": "new"})

    assert work.texts() == {"real/x": "stays", "link/x": "new"}


def test_a_symlink_in_a_folder_that_was_moved_is_followed_from_its_new_place(work: Work) -> None:
    work.write({"a/deep/x": "old", "real": "old"})
    (work.tree / "a/link").symlink_to("deep")

    work.apply(
        {"op": "move", "path": "a", "to": "b"}, {"op": "edit", "path": "b/link/x", "find": "old", "replace": "new"}
    )

    assert work.texts() == {"b/deep/x": "new", "real": "old"}


def test_a_deletion_is_shown_under_the_name_that_the_file_has_now(work: Work) -> None:
    work.write({"a": "1", "b": "2"})

    plan = work.plan(
        {"op": "delete", "path": "b"}, {"op": "move", "path": "a", "to": "b"}, {"op": "delete", "path": "b"}
    )

    shown = sorted((change.action.value, Path(change.path).name) for change in plan.changes())
    assert shown == [("delete", "a"), ("delete", "b")]


@pytest.mark.parametrize("name", ["file", "folder"])
def test_only_the_case_of_a_name_changes_where_the_disk_takes_both_for_the_same(work: Work, name: str) -> None:
    work.write({"file": "1", "folder/x": "2"})

    with engine_on(FoldingFileSystem()):
        outcome = work.apply({"op": "move", "path": name, "to": name.capitalize()})

    assert isinstance(outcome, Committed)
    assert sorted(path.name for path in work.tree.iterdir()) == sorted(
        {"file", "folder"} - {name} | {name.capitalize()}
    )


def test_another_name_of_the_same_file_is_no_other_spelling(work: Work) -> None:
    work.write({"file": "1"})
    (work.tree / "FILE").hardlink_to(work.tree / "file")

    assert work.problems({"op": "move", "path": "file", "to": "FILE"}) == [(0, ProblemCode.EXISTS)]


@pytest.mark.parametrize("seed", range(0, 400, 50))
def test_any_operations_give_what_they_give_one_by_one(work: Work, state: Path, seed: int) -> None:
    for number in range(seed, seed + 50):
        things, operations, after = _batch(number)
        model.build(work.tree, things)
        plan = work.plan(*map(dict, operations))
        assert not plan.problems, _story(number, things, operations)
        assert list(api.preview_lines(plan)) or plan.files == 0

        assert isinstance(api.apply(plan), Committed), _story(number, things, operations)

        assert model.read(work.tree) == after, _story(number, things, operations)
        assert not list((state / "journals").iterdir())


@pytest.mark.parametrize("seed", range(1000, 1024))
def test_any_operations_on_a_full_disk_change_nothing_or_everything(work: Work, state: Path, seed: int) -> None:
    things, operations, after = _batch(seed)
    for point in count(1):
        model.build(work.tree, things)
        before = snapshot(work.tree)
        plan = work.plan(*map(dict, operations))
        fs = FailingFileSystem(point, errno.ENOSPC)
        with engine_on(fs):
            outcome = api.apply(plan)
        if not fs.failed:
            break
        if isinstance(outcome, Committed | NeedsRecovery):
            api.recover_all()
        story = f"{_story(seed, things, operations)}\nENOSPC at call {point}: {outcome}"
        if isinstance(outcome, Committed):
            assert model.read(work.tree) == after, story
        else:
            found = snapshot(work.tree)
            assert found == before, f"{story}\n{difference(found, before)}"
        assert not list((state / "journals").iterdir()), story


def _batch(seed: int) -> tuple[model.Things, list[Op], model.Things]:
    rng = random.Random(seed)
    things = model.some_things(rng)
    after = Model(things)
    operations = model.some_operations(rng, after)
    return things, operations, after.things


def _story(seed: int, things: model.Things, operations: list[Op]) -> str:
    return "\n".join([f"seed {seed}, tree {things}", *map(str, operations)])
