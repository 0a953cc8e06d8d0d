"""Other programs go on writing while a batch is applied: no byte of theirs is lost, and no half of a batch stays."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TextIO

import pytest

from core import api
from core.api import Committed, Outcome, Reason, RolledBack
from core.progress import CancelToken
from tests.support.failing import ForeignHand, engine_on
from tests.support.work import Json, Work

OPERATIONS: list[Json] = [
    {"op": "edit", "path": "edited", "find": "old", "replace": "new"},
    {"op": "replace", "path": "replaced", "text": "new"},
    {"op": "delete", "path": "deleted"},
    {"op": "move", "path": "wanders", "to": "other/arrived"},
    {"op": "move", "path": "left", "to": "t"},
    {"op": "move", "path": "right", "to": "left"},
    {"op": "move", "path": "t", "to": "right"},
    {"op": "create", "path": "made/created", "text": "new"},
]
FILES = dict.fromkeys(["edited", "replaced", "deleted", "wanders", "left", "right", "other/stays"], "old text")
THEIRS = "THEIRS!!"  # as long as what was there, so that only time or content tell


def save_in_place(path: Path) -> None:
    path.write_text(THEIRS)


def save_by_renaming(path: Path) -> None:
    draft = path.with_name("draft of another program")
    draft.write_text(THEIRS)
    draft.rename(path)


def apply_with(fs: object, work: Work, token: CancelToken | None = None) -> Outcome:
    plan = work.plan(*OPERATIONS)
    with engine_on(fs):
        return api.apply(plan, token=token)


@pytest.fixture
def ready(work: Work) -> Callable[[], None]:
    """Makes the tree anew."""

    def reset() -> None:
        for path in sorted(work.tree.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        work.write(dict(FILES))

    return reset


@pytest.mark.parametrize("save", [save_in_place, save_by_renaming])
@pytest.mark.parametrize("name", [*FILES, "other/arrived", "created"])
def test_what_another_program_saves_at_any_moment_is_there_afterwards(
    work: Work, ready: Callable[[], None], name: str, save: Callable[[Path], None]
) -> None:
    conflicts = 0
    for point in count(1):
        ready()
        before = work.texts()
        hand = ForeignHand(point, lambda: save(work.tree / name))
        outcome = apply_with(hand, work)
        if hand.count < point:
            break
        found = work.texts()
        story = f"saved before call {point}: {outcome}\n{found}"
        assert THEIRS in found.values(), story
        assert not [one for one in found if ".~hf-" in one], story
        if isinstance(outcome, Committed):
            assert "deleted" not in found or name == "deleted", story
            continue
        conflicts += 1
        assert isinstance(outcome, RolledBack) and outcome.reason is Reason.CONFLICT, story
        kept = [str(Path(path).relative_to(work.tree)) for path in outcome.kept]
        assert [found.pop(one) for one in kept] == ["old text"] * len(kept), story
        assert found == {**before, name: THEIRS}, story
    assert conflicts or name in ("other/stays", "created")


def test_what_appears_under_a_name_that_the_batch_is_to_make_stays_and_the_batch_is_put_back(
    work: Work,
    ready: Callable[[], None],
) -> None:
    outcomes = set()
    for point in count(1):
        ready()
        hand = ForeignHand(point, lambda: work.write({"made/created": THEIRS}))
        outcome = apply_with(hand, work)
        if hand.count < point:
            break
        outcomes.add(type(outcome))
        assert work.texts()["made/created"] == THEIRS, f"call {point}: {outcome}"
    assert outcomes == {Committed, RolledBack}


def test_a_file_under_one_of_our_own_names_is_not_taken_for_ours(work: Work, ready: Callable[[], None]) -> None:
    """Its name says nothing: only what we made ourselves is removed again."""

    class Takes(ForeignHand):
        def __getattr__(self, verb: str) -> Callable[..., object]:
            method = super().__getattr__(verb)
            if verb != "create":
                return method

            def create(folder: int, name: str, mode: int) -> object:
                if name.startswith(".~hf-") and not taken:
                    taken.append(name)
                    (work.tree / name).write_text(THEIRS)
                return method(folder, name, mode)

            return create

    taken: list[str] = []
    ready()

    outcome = apply_with(Takes(0, lambda: None), work)

    assert isinstance(outcome, RolledBack) and outcome.reason is Reason.CONFLICT
    kept = {name: text for name, text in work.texts().items() if name not in FILES}
    assert list(kept.values()) == [THEIRS]
    assert "kept by Holdfast" in next(iter(kept))


@pytest.mark.parametrize("save", [save_in_place, save_by_renaming])
def test_a_save_after_the_switch_survives_the_roll_back_and_the_old_version_stays_in_sight(
    work: Work, ready: Callable[[], None], save: Callable[[Path], None]
) -> None:
    seen = 0
    for point in count(1):
        ready()
        token = CancelToken()
        hand = ForeignHand(point, lambda token=token: (save(work.tree / "edited"), token.cancel()))
        outcome = apply_with(hand, work, token)
        if hand.count < point:
            break
        found = work.texts()
        assert THEIRS in found.values(), f"call {point}: {outcome}"
        if isinstance(outcome, RolledBack) and outcome.kept:
            seen += 1
            assert found["edited"] == THEIRS
            assert [Path(path).read_text() for path in outcome.kept] == ["old text"]
    assert seen


@pytest.mark.parametrize("name", ["edited", "deleted", "wanders"])
def test_a_file_that_goes_away_meanwhile_is_a_conflict_that_names_it(
    work: Work, ready: Callable[[], None], name: str
) -> None:
    ready()
    plan = work.plan(*OPERATIONS)
    (work.tree / name).unlink()
    gone = work.texts()

    outcome = api.apply(plan)

    assert isinstance(outcome, RolledBack) and outcome.reason is Reason.CONFLICT
    assert outcome.path == str(work.tree / name)
    assert work.texts() == gone


def test_a_folder_that_goes_away_meanwhile_puts_everything_back(work: Work, ready: Callable[[], None]) -> None:
    ready()
    plan = work.plan(*OPERATIONS)
    (work.tree / "other").rename(work.tree / "elsewhere")
    moved = work.texts()

    outcome = api.apply(plan)

    assert isinstance(outcome, RolledBack)
    assert work.texts() == moved


def test_a_program_that_still_has_the_old_file_open_loses_nothing(work: Work, ready: Callable[[], None]) -> None:
    """What it writes goes into the previous version, which then is not removed but kept in sight."""
    for point in count(1):
        ready()
        with (work.tree / "edited").open("a") as writer:
            hand = ForeignHand(point, lambda writer=writer: write_late(work, writer))
            outcome = apply_with(hand, work)
        if isinstance(outcome, Committed) and outcome.kept:
            break
        assert hand.count >= point, "it was never kept"
    assert Path(outcome.kept[0]).read_text() == "old text and more"
    assert work.texts()["edited"] == "new text"


def write_late(work: Work, writer: TextIO) -> None:
    if work.texts()["edited"] == "new text":
        writer.write(" and more")
        writer.flush()
