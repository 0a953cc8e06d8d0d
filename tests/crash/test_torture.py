"""The bench behind the torture page: it disturbs whom it says, and finds nothing with Holdfast and plenty with a plain loop."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import disks
from tests.support.torture import cells, held, ours, page, parts, ptrace, subjects
from tests.support.torture.bench import Bench, at, environment
from tests.support.torture.held import Call, Do
from tests.support.torture.judge import Ends, Verdict, judge, judge_with_save
from tests.support.torture.parts import Part, Sample
from tests.support.torture.subjects import Subject, Tools
from tests.support.tree import Snapshot, snapshot
from tests.support.tried import Tried

pytestmark = pytest.mark.skipif(bool(ptrace.hindrance()), reason=ptrace.hindrance() or "")

SUBJECTS = subjects.table(Tools())
OURS = [one for one in SUBJECTS if one.name == "Holdfast"]
HOLDFAST, PLAIN = (next(one for one in SUBJECTS if one.name == name) for name in ("Holdfast", "plain write loop"))
LINKED = next(one for one in SUBJECTS if one.batch.links)
QUICK = [part for part in parts.ALL if part.disk != "xfs"]  # xfs has its turn with --full
WRITES = "import os; h = os.open('f', os.O_CREAT | os.O_WRONLY); os.write(h, b'12345678'); os.rename('f', 'g')"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "watched"


def hold(folder: Path, decide: held.Decide = held.go_on, refused: dict[str, int] | None = None) -> held.Run:
    folder.mkdir(exist_ok=True)
    return held.run(
        [sys.executable, "-c", WRITES], watch=[str(folder)], decide=decide, refused=refused, cwd=str(folder)
    )


def test_a_process_is_held_at_the_calls_that_change_watched_files_and_at_no_other(folder: Path) -> None:
    run = hold(folder)
    assert run.code == 0
    assert [call.name for call in run.calls] == ["openat", "write", "rename"]
    assert run.calls[2].paths == (str(folder / "f"), str(folder / "g"))
    assert os.listdir(folder) == ["g"]


def test_it_can_be_killed_before_a_call_and_half_way_through_one(folder: Path) -> None:
    assert hold(folder, at(2, lambda _: Do.DIE)).code == -9
    assert (folder / "f").read_bytes() == b""
    assert hold(folder, at(2, lambda _: Do.DIE_HALF_WAY)).code == -9
    assert (folder / "f").read_bytes() == b"1234"


def test_a_call_can_be_made_to_fail_without_being_done(folder: Path) -> None:
    assert hold(folder, at(3, lambda _: errno.ENOSPC)).code == 1
    assert os.listdir(folder) == ["f"]


def test_a_file_system_can_lack_a_call(folder: Path) -> None:
    run = hold(folder, refused={"rename": errno.EINVAL})
    assert run.code == 1
    assert [call.name for call in run.calls] == ["openat", "write"]


def test_a_signal_arrives_even_where_the_bench_itself_ignores_it(folder: Path) -> None:
    def interrupt(call: Call) -> Do:
        os.kill(call.process, signal.SIGINT)
        return Do.GO_ON

    ours = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert hold(folder, at(2, interrupt)).code == -signal.SIGINT  # Python dies of it after its own handling
    finally:
        signal.signal(signal.SIGINT, ours)


def test_what_is_done_while_it_is_held_happens_before_the_call(folder: Path) -> None:
    def look(call: Call) -> Do:
        assert call.name == "rename" and os.listdir(folder) == ["f"]
        (folder / "f").write_bytes(b"another's")
        return Do.GO_ON

    assert hold(folder, at(3, look)).code == 0
    assert (folder / "g").read_bytes() == b"another's"


def calls_of(command: list[str], bench: Bench) -> list[tuple[str, int]]:
    """Apply the batch by this command; return each call that it was held at, and how many paths it is about."""
    bench.reset()
    place = bench.place
    run = held.run(command, watch=[str(place.tree), str(place.state)], cwd=str(place.tree), environment=environment())
    assert run.code == 0
    return [(call.name, len(call.paths)) for call in run.calls]


def test_a_forked_holdfast_makes_the_calls_of_one_that_was_started(tmp_path: Path) -> None:
    bench = Bench(HOLDFAST, tmp_path / "place", tmp_path / "forms")
    command = HOLDFAST.apply(bench.place)
    assert ours.is_ours(command) and not ours.is_ours(["env", *command])
    assert calls_of(command, bench) == calls_of(["env", *command], bench)


def test_a_hard_link_that_was_to_be_kept_and_is_not_is_a_violation(tmp_path: Path) -> None:
    bench = Bench(LINKED, tmp_path / "place", tmp_path / "forms")
    bench.reset()
    assert bench.verdict(1) is Verdict.FINE
    name = bench.place.tree / next(iter(LINKED.batch.links))
    shutil.copy2(name, tmp_path / "copy")
    (tmp_path / "copy").replace(name)
    assert bench.verdict(1) is Verdict.DAMAGED


def tree(folder: Path, **files: str) -> Snapshot:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return snapshot(folder)


def test_every_kind_of_violation_is_called_by_its_name(tmp_path: Path) -> None:
    ends = Ends(tree(tmp_path / "0", a="old", b="old"), tree(tmp_path / "1", a="new", b="new"))
    mixed = tree(tmp_path / "2", a="new", b="old")
    torn = tree(tmp_path / "3", a="ne", b="old")
    more = tree(tmp_path / "4", a="old", b="old", c="new")
    gone = tree(tmp_path / "5", a="new")
    assert [judge(one, ends, succeeded=False) for one in (ends.before, ends.after)] == [Verdict.FINE] * 2
    assert judge(ends.before, ends, succeeded=True) is Verdict.LOST
    assert judge(mixed, ends, succeeded=False) is Verdict.MIXED
    assert judge(more, ends, succeeded=False) is Verdict.LEFT_OVER
    assert [judge(one, ends, succeeded=False) for one in (torn, gone)] == [Verdict.DAMAGED] * 2


def test_what_another_program_saved_has_to_be_in_sight(tmp_path: Path) -> None:
    ends = Ends(tree(tmp_path / "0", a="old", b="old"), tree(tmp_path / "1", a="new", b="new"))
    kept = tree(tmp_path / "2", a="theirs", b="old")
    aside = tree(tmp_path / "3", a="new", b="new", a2="theirs")
    hidden = tree(tmp_path / "4", a="new", b="new", **{".a": "theirs"})
    assert judge_with_save(kept, ends, "a", "theirs", succeeded=False) is Verdict.FINE
    assert judge_with_save(aside, ends, "a", "theirs", succeeded=True) is Verdict.FINE
    for one in (hidden, ends.before, ends.after):
        assert judge_with_save(one, ends, "a", "theirs", succeeded=False) is Verdict.LOST


def test_a_subject_that_does_not_do_the_batch_is_left_out_and_not_counted_as_good() -> None:
    idle = Subject("idle", PLAIN.batch, lambda place: ["true"])
    cell = cells.measure(parts.ALL[0], idle, Sample())
    assert cell.tried == 0
    assert "exit 0, and changes nothing" in cell.missing


def test_all_subjects_are_asked_for_the_same_end(tmp_path: Path) -> None:
    for number, subject in enumerate(one for one in SUBJECTS if not one.missing and not one.refused):
        bench = Bench(subject, tmp_path / f"place {number}", tmp_path / f"forms {number}")
        assert bench.calls, subject.name


@pytest.mark.parametrize("part", QUICK, ids=[part.title for part in QUICK])
def test_holdfast_withstands_every_part_and_a_plain_loop_does_not(part: Part, tried: Tried) -> None:
    if part.disk and (reason := disks.hindrance(part.disk)):
        pytest.skip(f"no disk of its own: {reason}")
    ours, plain = cells.measure(part, HOLDFAST, Sample(1)), cells.measure(part, PLAIN, Sample(8))
    assert ours.tried and not ours.violations, ours.examples
    tried("torture: points tried on Holdfast", ours.tried)
    tried("torture: violations found with a plain loop", plain.violations)
    assert plain.violations or not plain.tried  # it has no recovery in which it could be killed
    text = page.render([ours, plain], page.Facts("a day", "a machine", "programs", "errors"))
    star = "*" if plain.is_sample else ""
    theirs = f" {plain.violations} / {plain.tried}{star} |" if plain.tried else ""  # a column of nothing is left out
    assert f"| {part.title} | 0 / 1* |{theirs}\n" in text


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("subject", OURS, ids=[one.batch.name for one in OURS])
@pytest.mark.parametrize("part", parts.ALL, ids=[part.title for part in parts.ALL])
def test_holdfast_withstands_every_part_at_every_point(part: Part, subject: Subject, tried: Tried) -> None:
    if part.disk and (reason := disks.hindrance(part.disk)):
        pytest.skip(f"no disk of its own: {reason}")
    cell = cells.measure(part, subject, Sample())
    assert cell.tried and not cell.violations, cell.examples
    tried(f"torture: {part.title}", cell.tried)
