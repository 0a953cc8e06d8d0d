"""A process that dies at any call, in a batch or in its recovery, leaves exactly the tree before or the tree after."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import stopping
from tests.support.plain import LinklessStoppingFileSystem, PlainStoppingFileSystem
from tests.support.stopping import ImpatientFileSystem, StoppingFileSystem
from tests.support.tree import Snapshot, difference, snapshot
from tests.support.tried import Tried

OPERATIONS: list[dict[str, object]] = [
    {"op": "replace", "path": "big.bin", "source": "new.bin"},
    {"op": "replace", "path": "small.txt", "text": "small, new\n"},
    {"op": "replace", "path": "link", "text": "through the link\n"},
    {"op": "edit", "path": "code.py", "find": "old_name", "replace": "new_name"},
    {"op": "create", "path": "made/deeper/fresh.txt", "text": "fresh\n"},
    {"op": "delete", "path": "sub/gone.txt"},
    {"op": "move", "path": "sub/wanders.txt", "to": "other/arrived.txt"},
    {"op": "move", "path": "left", "to": "tmp"},
    {"op": "move", "path": "right", "to": "left"},
    {"op": "move", "path": "tmp", "to": "right"},
    {"op": "move", "path": "folder", "to": "made/renamed"},
    {"op": "edit", "path": "made/renamed/inner.txt", "find": "a", "replace": "b"},
    {"op": "delete", "path": "whole"},
]


@dataclass
class Bench:
    """A tree, a plan, a state directory; and what the tree may look like afterwards."""

    root: Path
    before: Snapshot
    after: Snapshot

    @property
    def tree(self) -> Path:
        return self.root / "tree"

    @property
    def apply(self) -> list[str]:
        return ["apply", str(self.root / "plan.json"), "--yes", "--state-dir", str(self.root / "state")]

    @property
    def recover(self) -> list[str]:
        return ["recover", "--state-dir", str(self.root / "state")]

    def reset(self) -> None:
        """Build the tree and an empty state directory anew."""
        for part in ("tree", "state"):
            shutil.rmtree(self.root / part, ignore_errors=True)
        shutil.copytree(self.root / "template", self.tree, symlinks=True)

    def verdict(self) -> str:
        """Name what the tree is: "before", "after", or how it is neither."""
        found = snapshot(self.tree)
        if found == self.before:
            return "before"
        if found == self.after:
            return "after"
        return f"not before:\n{difference(found, self.before)}\nnot after:\n{difference(found, self.after)}"

    def unfinished(self) -> list[str]:
        """Return what lies in the state directory besides history."""
        folder = self.root / "state" / "journals"
        return sorted(os.listdir(folder)) if folder.exists() else []


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: what a killed process has written survives it there just as on a disk."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="holdfast-") as folder:
        yield Path(folder)


@pytest.fixture
def bench(memory: Path) -> Bench:
    template = memory / "template"
    for folder in ("sub", "other", "folder/nested", "whole/of/it"):
        (template / folder).mkdir(parents=True)
    (template / "big.bin").write_bytes(os.urandom(200_000))
    (template / "new.bin").write_bytes(os.urandom(150_000))
    (template / "code.py").write_text("old_name = 1\nprint(old_name)\n")
    (template / "code.py").chmod(0o750)
    (template / "small.txt").write_text("small\n")
    (template / "target.txt").write_text("behind the link\n")
    (template / "link").symlink_to("target.txt")
    (template / "sub/gone.txt").write_text("gone\n")
    (template / "sub/wanders.txt").write_text("wanders\n")
    (template / "left").write_text("left\n")
    (template / "right").write_text("right\n")
    (template / "folder/inner.txt").write_text("a cat\n")
    (template / "folder/nested/deep.txt").write_text("deep\n")
    (template / "whole/of/it/x").write_text("x\n")
    tree = memory / "tree"
    operations = [
        {k: str(tree / str(v)) if k in ("path", "to", "source") else v for k, v in one.items()} for one in OPERATIONS
    ]
    (memory / "plan.json").write_text(json.dumps({"holdfast": 1, "operations": operations}))
    bench = Bench(memory, {}, {})
    bench.reset()
    bench.before = snapshot(bench.tree)
    assert stopping.run(bench.apply) == 0
    bench.after = snapshot(bench.tree)
    assert bench.unfinished() == []
    return bench


def points(bench: Bench) -> range:
    bench.reset()
    return range(1, stopping.count(bench.apply) + 1)


@pytest.mark.parametrize("how", [stopping.die, stopping.die_half_way])
def test_killed_at_any_call_it_recovers_to_before_or_after(bench: Bench, tried: Tried, how: object) -> None:
    seen = set()
    for point in points(bench):
        bench.reset()
        assert stopping.run(bench.apply, StoppingFileSystem(point, how)) == -signal.SIGKILL
        assert stopping.run(bench.recover) == 0
        verdict = bench.verdict()
        assert verdict in ("before", "after"), f"killed at call {point}: {verdict}"
        assert bench.unfinished() == [], f"killed at call {point}"
        seen.add(verdict)
        tried("SIGKILL at a call of apply")
    assert seen == {"before", "after"}


@pytest.mark.parametrize("missing", [PlainStoppingFileSystem, LinklessStoppingFileSystem])
@pytest.mark.parametrize("how", [stopping.die, stopping.die_half_way])
def test_killed_where_exchange_or_links_are_missing_it_recovers_to_before_or_after(
    bench: Bench, tried: Tried, missing: type[StoppingFileSystem], how: Callable[..., None]
) -> None:
    seen, point, code = set(), 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        point += 1
        bench.reset()
        code = stopping.run(bench.apply, missing(point, how))
        assert stopping.run(bench.recover, missing(0, stopping.die)) == 0
        verdict = bench.verdict()
        assert verdict in ("before", "after"), f"killed at call {point}: {verdict}"
        assert bench.unfinished() == [], f"killed at call {point}"
        seen.add(verdict)
        tried(f"SIGKILL at a call of apply without {'exchange' if missing is PlainStoppingFileSystem else 'links'}")
    assert seen == {"before", "after"}


@pytest.mark.parametrize("part", range(4))  # so that several processors can share the work
def test_killed_at_any_call_of_a_recovery_the_next_one_ends_it(bench: Bench, tried: Tried, part: int) -> None:
    for point in points(bench)[part::4]:
        inner = 0
        while True:
            inner += 1
            bench.reset()
            stopping.run(bench.apply, StoppingFileSystem(point, stopping.die))
            code = stopping.run(bench.recover, StoppingFileSystem(inner, stopping.die))
            assert stopping.run(bench.recover) == 0
            where = f"killed at call {point}, then at call {inner} of recover"
            verdict = bench.verdict()
            assert verdict in ("before", "after"), f"{where}: {verdict}"
            assert bench.unfinished() == [], where
            tried("SIGKILL at a call of recover")
            if code != -signal.SIGKILL:
                break


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_at_any_call_puts_everything_back_or_comes_too_late(
    bench: Bench, tried: Tried, number: signal.Signals
) -> None:
    for point in points(bench):
        bench.reset()
        code = stopping.run(bench.apply, StoppingFileSystem(point, stopping.send(number)))
        expected = {128 + number: "before", 0: "after"}
        assert code in expected, f"{number.name} at call {point}: exit {code}"
        assert bench.verdict() == expected[code], f"{number.name} at call {point}"
        assert bench.unfinished() == [], f"{number.name} at call {point}"
        tried(f"{number.name} at a call of apply")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_at_every_call_from_one_on_disturb_no_roll_back(
    bench: Bench, tried: Tried, number: signal.Signals
) -> None:
    for point in points(bench)[:: 1 if number is signal.SIGINT else 4]:
        bench.reset()
        code = stopping.run(bench.apply, ImpatientFileSystem(point, stopping.send(number)))
        expected = {128 + number: "before", 0: "after"}
        assert code in expected, f"{number.name} from call {point} on: exit {code}"
        assert bench.verdict() == expected[code], f"{number.name} from call {point} on"
        assert bench.unfinished() == [], f"{number.name} from call {point} on"
        tried(f"{number.name} at every call from one on")


def test_finishing_what_was_killed_while_switching_gives_the_tree_after(bench: Bench) -> None:
    finished = 0
    for point in points(bench):
        bench.reset()
        stopping.run(bench.apply, StoppingFileSystem(point, stopping.die))
        names = bench.unfinished()
        if not names or not names[0].endswith(".journal"):
            continue
        txn = names[0].removesuffix(".journal")
        code = stopping.run([*bench.recover, "--finish", txn])
        if code == 0:
            assert bench.verdict() == "after", f"killed at call {point}"
            finished += 1
        else:
            assert code == 3
            assert stopping.run(bench.recover) == 0
            assert bench.verdict() == "before", f"killed at call {point}"
    assert finished > 20
