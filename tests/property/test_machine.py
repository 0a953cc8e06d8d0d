"""A person who queues, applies, cancels, loses the machine, recovers, and edits meanwhile, in any order of these."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core import api
from core.api import Committed, Reason, Refused, RolledBack
from core.progress import CancelToken
from tests.support import model, stopping
from tests.support.failing import ForeignHand, engine_on
from tests.support.model import Model, Op, Things
from tests.support.stopping import StoppingFileSystem


class Person(RuleBasedStateMachine):
    """`believed` is the tree as the model has it; while `interrupted`, it may be that, or `intended`."""

    def __init__(self) -> None:
        super().__init__()
        above = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.root = Path(tempfile.mkdtemp(dir=above, prefix="holdfast-"))
        self.tree, self.state, self.file = self.root / "tree", str(self.root / "state"), self.root / "plan.json"
        self.believed: Things = {}
        self.queued: list[Op] = []
        self.intended: Things = {}
        self.interrupted = False

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def _is_calm(self) -> bool:
        return not self.interrupted

    def _has_batch(self) -> bool:
        return bool(self.queued) and not self.interrupted

    @precondition(_is_calm)
    @rule(rng=st.randoms(use_true_random=False))
    def start_anew(self, rng: object) -> None:
        self.believed = model.some_things(rng)  # type: ignore[arg-type]
        self.queued = []
        model.build(self.tree, self.believed)

    @precondition(lambda self: self.believed and not self.interrupted)
    @rule(rng=st.randoms(use_true_random=False))
    def queue(self, rng: object) -> None:
        after = Model(self.believed)
        self.queued = model.some_operations(rng, after)  # type: ignore[arg-type]
        self.intended = after.things
        absolute = [
            {key: str(self.tree / value) if key in ("path", "to") else value for key, value in one.items()}
            for one in self.queued
        ]
        self.file.write_text(json.dumps({"holdfast": 1, "operations": absolute}))

    @precondition(_has_batch)
    @rule()
    def apply(self) -> None:
        assert isinstance(api.apply(api.read_plan(str(self.file)), state=self.state), Committed)
        self.believed, self.queued = self.intended, []

    @precondition(_has_batch)
    @rule(point=st.integers(1, 40))
    def cancel(self, point: int) -> None:
        plan, token = api.read_plan(str(self.file)), CancelToken()
        with engine_on(ForeignHand(point, token.cancel)):
            outcome = api.apply(plan, state=self.state, token=token)
        if isinstance(outcome, Committed):  # it came too late
            self.believed = self.intended
        else:
            assert isinstance(outcome, RolledBack) and outcome.reason is Reason.CANCELLED, outcome
        self.queued = []

    @precondition(_has_batch)
    @rule(point=st.integers(1, 60))
    def crash(self, point: int) -> None:
        arguments = ["apply", str(self.file), "--yes", "--state-dir", self.state]
        code = stopping.run(arguments, StoppingFileSystem(point, stopping.die))
        self.queued = []
        if code == 0:
            self.believed = self.intended
        else:
            self.interrupted = True

    @precondition(lambda self: self.interrupted)
    @rule(point=st.integers(1, 20))
    def crash_again_in_recovery(self, point: int) -> None:
        stopping.run(["recover", "--state-dir", self.state], StoppingFileSystem(point, stopping.die))

    @precondition(lambda self: self.interrupted)
    @rule()
    def recover(self) -> None:
        done = api.recover_all(self.state)
        assert all(one.result in (api.Result.PUT_BACK, api.Result.FINISHED) for one in done), done
        found = model.read(self.tree)
        assert found in (self.believed, self.intended), done
        self.believed, self.interrupted = found, False

    @precondition(_has_batch)
    @rule(text=st.sampled_from(["theirs\n", "saved by an editor\n"]))
    def edit_between_preview_and_apply(self, text: str) -> None:
        """Whatever becomes of the batch, what the editor saved is in the tree somewhere."""
        plan = api.read_plan(str(self.file))
        name = next((one for one, (kind, _) in sorted(self.believed.items()) if kind == "file"), None)
        if name is None:
            return
        (self.tree / name).write_text(text)
        self.believed = {**self.believed, name: ("file", text)}
        outcome = api.apply(plan, state=self.state)
        found = model.read(self.tree)
        self.queued = []
        if isinstance(outcome, RolledBack | Refused):
            assert found == self.believed, outcome
        else:  # a file that the batch leaves alone, or takes along with its folder
            assert isinstance(outcome, Committed), outcome
            assert ("file", text) in found.values(), outcome
            self.believed = found

    @invariant()
    def the_tree_is_what_it_is_believed_to_be(self) -> None:
        if not self.interrupted and self.tree.exists():
            assert model.read(self.tree) == self.believed

    @invariant()
    def nothing_of_ours_lies_around(self) -> None:
        folder = Path(self.state) / "journals"
        if not self.interrupted and folder.exists():
            assert os.listdir(folder) == []


TestPerson = Person.TestCase
