"""Two dozen processes apply random batches to the same files, and are killed at random: no batch is ever mixed."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import api
from core.api import Committed
from tests.support.tried import Tried
from tests.support.work import Json

WRITERS = 24
GROUPS = [f"group{number}" for number in range(5)]
FOLDERS = ("north", "south", "east")
PARITIES = ("even", "odd")


def build(tree: Path) -> None:
    """Make groups of files that agree: the same text in every folder, and a flag whose name says even or odd."""
    for folder in (*FOLDERS, "flags"):
        (tree / folder).mkdir(parents=True)
    for group in GROUPS:
        for folder in FOLDERS:
            (tree / folder / group).write_text("nobody 0\n")
        (tree / "flags" / f"{group} even").write_text("")


def one_batch(tree: Path, rng: random.Random, writer: int, serial: int) -> list[Json]:
    """Return operations that change some groups as a whole. The serial number says which flag belongs to the text."""
    operations: list[Json] = []
    parity = PARITIES[serial % 2]
    for group in rng.sample(GROUPS, rng.randint(1, 3)):
        text = f"writer{writer} {serial}\n" * rng.randint(1, 400)
        operations += [{"op": "replace", "path": str(tree / folder / group), "text": text} for folder in FOLDERS]
        there = next((one for one in PARITIES if (tree / "flags" / f"{group} {one}").exists()), parity)
        if there != parity:
            flags = tree / "flags"
            operations.append(
                {"op": "move", "path": str(flags / f"{group} {there}"), "to": str(flags / f"{group} {parity}")}
            )
        else:  # whoever moves the flag meanwhile must not get between: the same name again, as a file that is new indeed
            flag = str(tree / "flags" / f"{group} {parity}")
            operations.append({"op": "replace", "path": flag, "text": f"writer{writer} {serial}"})
    rng.shuffle(operations)
    return operations


def write_until(end: float, tree: Path, state: Path, writer: int, seed: int) -> int:
    """Apply batches until then; return how many were committed."""
    rng = random.Random(seed)
    plan, committed, serial = state / f"plan of writer {writer}", 0, 0
    while time.monotonic() < end:
        serial += 1
        plan.write_text(json.dumps({"holdfast": 1, "operations": one_batch(tree, rng, writer, serial)}))
        outcome = api.apply(api.read_plan(str(plan)), state=str(state))
        committed += isinstance(outcome, Committed)
        if not isinstance(outcome, Committed):
            api.recover_all(str(state))
    return committed


def at_once(tree: Path, states: list[Path], seconds: float, seed: int) -> Iterator[int]:
    """Start the writers; yield their process ids."""
    end = time.monotonic() + seconds
    for writer in range(WRITERS):
        child = os.fork()
        if child == 0:
            code = 99
            try:
                signal.alarm(200)
                code = 10 if write_until(end, tree, states[writer % len(states)], writer, seed + writer) else 11
            finally:
                os._exit(code)
        yield child


def one_round(place: Path, seconds: float, seed: int, *, shared: bool, killing: bool) -> int:
    """Let them write, kill some, recover, and look at every group; return how many writers committed something."""
    tree = place / f"tree{seed}"
    states = [place / f"state{seed}-{number}" for number in range(1 if shared else WRITERS)]
    build(tree)
    for state in states:
        state.mkdir()
    rng = random.Random(seed)
    children = list(at_once(tree, states, seconds, seed * 100))
    if killing:
        for child in rng.sample(children, WRITERS * 2 // 3):
            time.sleep(rng.uniform(0, 2 * seconds / WRITERS))
            os.kill(child, signal.SIGKILL)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert set(codes) <= {10, 11, *((-signal.SIGKILL,) if killing else ())}, codes
    for state in states:
        done = api.recover_all(str(state))
        assert not [one for one in done if one.result is api.Result.NEEDS_ATTENTION], done
    look_at(tree)
    for state in states:
        assert os.listdir(state / "journals") == []
    return codes.count(10)


def look_at(tree: Path) -> None:
    """Demand that each file is one writer's version, each group one batch's, and that nothing of ours is left."""
    for group in GROUPS:
        texts = [(tree / folder / group).read_text() for folder in FOLDERS]
        lines = {line for text in texts for line in text.splitlines()}
        assert len(set(texts)) == 1, f"{group} is mixed: {lines}"
        assert len(lines) == 1, f"{group} is of several writers: {lines}"
        parity = PARITIES[int(lines.pop().split()[1]) % 2]
        flags = [path.name for path in (tree / "flags").glob(f"{group} *")]
        assert flags == [f"{group} {parity}"], f"{group}: {flags}"
    found = sorted(path.name for path in tree.rglob("*") if not path.is_dir())
    assert len(found) == len(GROUPS) * (len(FOLDERS) + 1), found


@pytest.mark.parametrize("killing", [False, True], ids=["in peace", "with kills"])
@pytest.mark.parametrize("shared", [True, False], ids=["one state directory", "one each"])
def test_many_writers_never_mix_their_batches(memory: Path, tried: Tried, shared: bool, killing: bool) -> None:
    assert one_round(memory, 1.0, 1, shared=shared, killing=killing)
    tried(f"a round of {WRITERS} writers")


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("shared", [True, False], ids=["one state directory", "one each"])
def test_many_writers_never_mix_their_batches_however_often(memory: Path, tried: Tried, shared: bool) -> None:
    for seed in range(2, 26):
        one_round(memory, 3.0, seed, shared=shared, killing=seed % 2 == 0)
        tried(f"a round of {WRITERS} writers")
