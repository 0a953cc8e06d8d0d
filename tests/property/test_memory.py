"""Histories at random: applying, undoing, redoing, editing, crashing and expiring in any order, against a model.

The model knows the tree, and for each batch in force what the tree was before it. History may never offer what it cannot
do, and never lose what it holds.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core import api, memory
from core.api import Committed, Refused
from core.errors import CannotUndo, ProblemCode
from core.history import Choice, Choices, Entry, Hindrance, Limits, State
from tests.support import model, stopping
from tests.support.model import Model, Things
from tests.support.stopping import StoppingFileSystem
from tests.support.tried import Tried

_TOLD = {
    *(ProblemCode.EDITED_SINCE, ProblemCode.GONE_SINCE, ProblemCode.REPLACED_SINCE),
    *(ProblemCode.TAKEN_SINCE, ProblemCode.LATER_BATCH),
}


class Historian(RuleBasedStateMachine):
    """`tree` is what the model believes; `clean`: batches after which nothing was touched, with the tree before each."""

    def __init__(self) -> None:
        super().__init__()
        above = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.root = Path(tempfile.mkdtemp(dir=above, prefix="holdfast-"))
        self.folder, self.state, self.file = self.root / "tree", str(self.root / "state"), self.root / "plan.json"
        self.tree: Things = {"a": ("file", "x\n"), "b": ("folder", ""), "b/c": ("file", "y\n"), "c": ("file", "xx y\n")}
        model.build(self.folder, self.tree)
        self.clean: list[tuple[str, Things]] = []
        self.dropped: set[str] = set()

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def _entries(self) -> list[Entry]:
        return list(memory.history(self.state))

    def _queue(self, rng: object) -> Things | None:
        after = Model(self.tree)
        queued = model.some_operations(rng, after)  # type: ignore[arg-type]
        absolute = [
            {key: str(self.folder / value) if key in ("path", "to") else value for key, value in one.items()}
            for one in queued
        ]
        self.file.write_text(json.dumps({"holdfast": 1, "operations": absolute}))
        return after.things if queued else None

    @rule(rng=st.randoms(use_true_random=False))
    def apply(self, rng: object) -> None:
        intended = self._queue(rng)
        if intended is None:
            return
        outcome = api.apply(api.read_plan(str(self.file)), state=self.state)
        assert isinstance(outcome, Committed), outcome
        if outcome.txn:
            self.clean.append((outcome.txn, self.tree))
        self.tree = intended

    @precondition(lambda self: self.clean)
    @rule()
    def undo_the_last_batch(self) -> None:
        """Nothing has touched its files since, so it goes back without a question, unless it has expired."""
        txn, before = self.clean.pop()
        if txn in self.dropped:
            self.clean = []  # it stays, in the way of those before it
            return
        plan = memory.undo_plan(txn, state=self.state)
        assert plan.problems == [], plan.problems
        outcome = api.apply(plan, state=self.state)
        assert isinstance(outcome, Committed), outcome
        after, self.tree = self.tree, before
        if outcome.txn:
            self.clean.append((outcome.txn, after))  # undoing that one is redoing

    @rule(choice=st.sampled_from([Choice.ASK, Choice.SKIP, Choice.TAKE]), number=st.integers(0, 5))
    def undo_any_batch(self, choice: Choice, number: int) -> None:
        """Whatever is offered can be done, or says why not file by file; and can be taken back again."""
        offered = [entry for entry in self._entries() if entry.can_undo]
        if not offered:
            return
        plan = memory.undo_plan(offered[number % len(offered)].txn, Choices(choice), state=self.state)
        before = model.read(self.folder)
        outcome = api.apply(plan, state=self.state)
        if isinstance(outcome, Refused):
            self._explain(plan, choice)
            assert model.read(self.folder) == before
            return
        assert isinstance(outcome, Committed), outcome
        self.tree = model.read(self.folder)
        self.clean = [(outcome.txn, before)] if outcome.txn else []

    def _explain(self, plan: api.Plan, choice: Choice) -> None:
        codes = {one.code for one in plan.problems}
        assert not codes & _TOLD if choice is Choice.SKIP else codes, codes

    @rule(point=st.integers(1, 60))
    def crash_in_an_undo(self, point: int) -> None:
        if not self.clean or self.clean[-1][0] in self.dropped:
            return
        txn, before = self.clean[-1]
        command = ["undo", txn, "--yes", "--state-dir", self.state]
        stopping.run(command, StoppingFileSystem(point, stopping.die))
        done = api.recover_all(self.state)
        assert all(one.result in (api.Result.PUT_BACK, api.Result.FINISHED) for one in done), done
        found = model.read(self.folder)
        assert found in (before, self.tree)
        if found == before and before != self.tree:
            self.clean[-1] = (self._entries()[0].txn, self.tree)
            self.tree = before

    @rule(point=st.integers(1, 60), rng=st.randoms(use_true_random=False))
    def crash_in_a_batch(self, point: int, rng: object) -> None:
        intended = self._queue(rng)
        if intended is None:
            return
        command = ["apply", str(self.file), "--yes", "--state-dir", self.state]
        stopping.run(command, StoppingFileSystem(point, stopping.die))
        api.recover_all(self.state)
        found = model.read(self.folder)
        assert found in (self.tree, intended)
        if found == intended != self.tree:
            self.clean.append((self._entries()[0].txn, self.tree))
        self.tree = found

    @rule(text=st.sampled_from(["by hand\n", ""]), name=st.sampled_from(["a", "b/c", "c"]))
    def edit_or_delete_by_hand(self, text: str, name: str) -> None:
        path = self.folder / name
        if not path.is_file() or path.is_symlink():
            return
        if text:
            path.write_text(text)
            self.tree = {**self.tree, name: ("file", text)}
        else:
            path.unlink()
            self.tree = {one: what for one, what in self.tree.items() if one != name}
        self.clean = []

    @rule()
    def expire_everything(self) -> None:
        done = memory.expire(Limits(age=1e-9), state=self.state)
        assert not any(one.failed or one.kept for one in done), done
        self.dropped |= {one.txn for one in done}
        entries = {entry.txn: entry for entry in self._entries()}
        for one in done:  # what was redone is undone by undoing that, which may need nothing that was kept
            assert self._cannot(one.txn) or self._is_redone(entries[one.txn])

    @rule(point=st.integers(1, 30))
    def crash_in_an_expiry(self, point: int) -> None:
        """What was not dropped yet can be undone still, and the next expiry drops the rest of what was begun."""
        command = ["history", "--expire", "--days", "0.000000001", "--state-dir", self.state]
        stopping.run(command, StoppingFileSystem(point, stopping.die))
        self.dropped |= {entry.txn for entry in self._entries() if entry.hindrance is Hindrance.EXPIRED}
        offered = [entry.txn for entry in self._entries() if entry.can_undo]
        done = memory.expire(Limits(), state=self.state)
        assert not any(one.failed or one.kept for one in done), done
        assert offered == [entry.txn for entry in self._entries() if entry.can_undo]

    @rule(number=st.integers(0, 5), pinned=st.booleans())
    def pin(self, number: int, pinned: bool) -> None:
        entries = self._entries()
        if entries:
            assert memory.pin(entries[number % len(entries)].txn, pinned=pinned, state=self.state)

    def _cannot(self, txn: str) -> bool:
        try:
            memory.undo_plan(txn, state=self.state)
        except CannotUndo:
            return True
        return False

    @invariant()
    def the_tree_is_what_it_is_believed_to_be(self) -> None:
        assert model.read(self.folder) == self.tree

    @invariant()
    def history_holds_whole_what_it_offers(self) -> None:
        for entry in self._entries():
            assert entry.state is not State.NEEDS_ATTENTION
            if entry.can_undo and not entry.undone_by and not entry.undoes:
                assert self._is_redone(entry) or memory.check_held(entry.txn, state=self.state) == []

    def _is_redone(self, entry: Entry) -> bool:
        """Whether another batch holds what it would bring back: it was undone, and that was undone."""
        return any(other.undoes == entry.txn for other in self._entries())


TestHistorian = Historian.TestCase


def chain(seed: int, root: Path) -> None:
    """Apply some batches, and undo and redo the last ones in between: nobody else touches a file, so nothing is asked."""
    rng = random.Random(seed)
    folder, state = root / "tree", str(root / "state")
    tree: Things = {"a": ("file", "x\n"), "b": ("folder", ""), "b/c": ("file", "y\n"), "c": ("file", "xx y\n")}
    model.build(folder, tree)
    undoable: list[tuple[str, Things]] = []
    for _ in range(8):
        if undoable and rng.random() < 0.5:
            txn, intended = undoable.pop()
            plan = memory.undo_plan(txn, state=state)
        else:
            after = Model(tree)
            operations = [
                {key: str(folder / value) if key in ("path", "to") else value for key, value in one.items()}
                for one in model.some_operations(rng, after)
            ]
            (root / "plan.json").write_text(json.dumps({"holdfast": 1, "operations": operations}))
            plan, intended = api.read_plan(str(root / "plan.json")), after.things
        assert plan.problems == [], (seed, plan.problems)
        outcome = api.apply(plan, state=state)
        assert isinstance(outcome, Committed), (seed, outcome)
        assert model.read(folder) == intended, seed
        undoable += [(outcome.txn, tree)] if outcome.txn else []
        tree = intended


def chains(seeds: range, tried: Tried) -> None:
    for seed in seeds:
        above = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with tempfile.TemporaryDirectory(dir=above, prefix="holdfast-") as root:
            chain(seed, Path(root))
        tried("chains of batches at random, undone and redone")


def test_batches_at_random_are_undone_and_redone_without_a_question(tried: Tried) -> None:
    chains(range(4, 8), tried)


@pytest.mark.full
def test_very_many_batches_at_random_are_undone_and_redone_without_a_question(tried: Tried) -> None:
    chains(range(1500), tried)
