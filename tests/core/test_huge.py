"""A huge file: only what changes in it is held, shown and written; all else is copied by the kernel."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import api
from core.content import diff, regions
from core.content.edit import Edit, Tally
from core.content.regions import Noter, Region
from core.content.search import How, Rule, Search
from core.fs.forward import ForwardingFileSystem
from core.fs.real import RealFileSystem
from core.plan import preview
from tests.support.failing import FailingFileSystem, engine_on
from tests.support.tried import Tried
from tests.support.work import Json, Work

LINE = b"2026-01-31T12:00:00 INFO an ordinary line of a log\n"
LARGE = 1 << 20
OLD_TIME = 1_700_000_000 * 10**9


@pytest.fixture(autouse=True)
def a_small_file_counts_as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "LARGE", LARGE)


def log(work: Work, places: dict[int, bytes], lines: int = 30_000) -> tuple[Path, bytes]:
    """Write a large log with other lines at some places, last changed long ago."""
    path = work.tree / "log"
    whole = [LINE] * lines
    for number, line in places.items():
        whole[number - 1] = line
    path.write_bytes(b"".join(whole))
    os.utime(path, ns=(OLD_TIME, OLD_TIME))
    return path, b"".join(whole)


class Counting(ForwardingFileSystem):
    """Counts the bytes that go each way."""

    def __init__(self) -> None:
        super().__init__(RealFileSystem())
        self.copied: list[int] = []
        self.written = 0

    def copy_range(self, source: int, target: int, offset: int, size: int, to: int) -> int:
        self.copied.append(size)
        return super().copy_range(source, target, offset, size, to)

    def write(self, handle: int, data: bytes) -> None:
        self.written += len(data)
        super().write(handle, data)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting()
    monkeypatch.setattr(api, "file_system", lambda: counting)
    return counting


@pytest.mark.parametrize(
    ("find", "put"), [("ERROR", "error"), ("ERROR", "an error"), ("ERROR", ""), ("ERROR something", "E")]
)
@pytest.mark.parametrize("op", ["edit", "find_replace"])
def test_only_what_changes_is_written_and_the_kernel_copies_the_rest(
    work: Work, disk: Counting, op: str, find: str, put: str
) -> None:
    path, before = log(work, dict.fromkeys((1, 2, 1000, 20000, 30000), b"ERROR something\n"))
    what: Json = {"path": "log"} if op == "edit" else {"roots": ["log"]}

    outcome = work.apply({"op": op, **what, "find": find, "replace": put})

    assert isinstance(outcome, api.Committed)
    assert path.read_bytes() == before.replace(find.encode(), put.encode())
    assert len(before) - 200 <= sum(disk.copied) <= len(before)
    assert disk.written < 20_000  # the journal, most of it


@pytest.mark.parametrize("how", [{"regex": True, "ignore_case": True}, {"word": True}, {"preserve_case": True}])
def test_every_kind_of_search_is_noted_and_makes_the_same_content(work: Work, disk: Counting, how: Json) -> None:
    path, before = log(work, {3: b"ERROR x\r\n", 9: b"\xff\xfe ERROR \xff ERROR\n"})

    outcome = work.apply({"op": "find_replace", "roots": ["log"], "find": "ERROR", "replace": "WARN", **how})

    assert isinstance(outcome, api.Committed)
    assert path.read_bytes() == before.replace(b"ERROR", b"WARN")
    assert disk.copied


def test_a_file_that_was_written_while_it_was_planned_is_written_as_a_whole(work: Work, disk: Counting) -> None:
    path, before = log(work, {3: b"ERROR\n"})
    os.utime(path)  # so lately that its time proves nothing

    work.apply({"op": "edit", "path": "log", "find": "ERROR", "replace": "error"})

    assert path.read_bytes() == before.replace(b"ERROR", b"error")
    assert disk.copied == [] and disk.written > len(before)


def test_a_file_that_changes_after_the_preview_is_not_taken_for_what_was_previewed(work: Work) -> None:
    path, before = log(work, {3: b"ERROR\n"})
    plan = work.plan({"op": "edit", "path": "log", "find": "ERROR", "replace": "error"})
    with path.open("r+b") as file:
        file.write(b"X")

    outcome = api.apply(plan)

    assert isinstance(outcome, api.RolledBack)
    assert path.read_bytes() == b"X" + before[1:]
    assert os.listdir(work.tree) == ["log"]


def test_a_file_that_changes_while_it_is_copied_is_not_taken_for_what_was_previewed(
    work: Work, disk: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = log(work, {3: b"ERROR\n"})
    plan = work.plan({"op": "edit", "path": "log", "find": "ERROR", "replace": "error"})
    copy = Counting.copy_range

    def copy_late(fs: Counting, source: int, target: int, offset: int, size: int, to: int) -> int:
        with path.open("r+b") as file:
            file.write(b"X")
        return copy(fs, source, target, offset, size, to)

    monkeypatch.setattr(Counting, "copy_range", copy_late)

    assert isinstance(api.apply(plan), api.RolledBack)
    assert path.read_bytes() == b"X" + before[1:]
    assert os.listdir(work.tree) == ["log"]


def test_a_file_with_holes_keeps_them(work: Work, disk: Counting) -> None:
    path = work.tree / "log"
    with path.open("wb") as file:
        file.write(b"ERROR")
        file.truncate(2 * LARGE)
    os.utime(path, ns=(OLD_TIME, OLD_TIME))

    plan = work.plan({"op": "find_replace", "roots": ["log"], "find": "ERROR", "replace": "error", "binary": True})
    assert isinstance(api.apply(plan), api.Committed)

    assert path.read_bytes()[:6] == b"error\0" and path.stat().st_size == 2 * LARGE
    assert path.stat().st_blocks * 512 < LARGE


# what is shown


@pytest.fixture
def nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff, "LARGE", LARGE)


PATCH_OF_A_LOG = """\
@@ -1,4 +1,5 @@
-ERROR 1
+WARN
+ING 1
 L
 L
 L
@@ -19998,8 +19999,10 @@
 L
 L
 L
-ERROR 2
-ERROR 3
+WARN
+ING 2
+WARN
+ING 3
 L
 L
 L
@@ -29997,4 +30000,5 @@
 L
 L
 L
-ERROR 4
\\ No newline at end of file
+WARN
+ING 4
\\ No newline at end of file
""".replace(" L\n", f" {LINE.decode()}")


@pytest.mark.usefixtures("nothing_is_compared")
def test_the_preview_shows_the_changed_lines_with_their_numbers_and_what_is_around_them(work: Work) -> None:
    log(work, {1: b"ERROR 1\n", 20_001: b"ERROR 2\n", 20_002: b"ERROR 3\n", 30_000: b"ERROR 4"})
    plan = work.plan({"op": "edit", "path": "log", "find": "ERROR", "replace": "WARN\nING"})

    lines = list(api.preview_lines(plan))

    path = f"{work.tree}/log"
    assert lines[:3] == [f"diff --holdfast a{path} b{path}", f"--- a{path}", f"+++ b{path}"]
    assert "\n".join(lines[3:]) + "\n" == PATCH_OF_A_LOG


@pytest.mark.usefixtures("nothing_is_compared")
@pytest.mark.parametrize("put", ["WARN", "WA\nRN\n"])
def test_patch_makes_the_new_file_of_the_old_one_and_the_preview(work: Work, put: str) -> None:
    rng = random.Random(7)
    path, before = log(work, {rng.randint(1, 30_000): b"ERROR of a kind\n" for _ in range(40)})
    preview = list(api.preview_lines(work.plan({"op": "edit", "path": "log", "find": "ERROR", "replace": put})))
    relative = ["--- a/log", "+++ b/log", *preview[3:]]
    (work.tree / "fix.diff").write_text("\n".join(relative) + "\n")

    assert isinstance(work.apply({"op": "patch", "file": "fix.diff"}), api.Committed)

    assert path.read_bytes() == before.replace(b"ERROR", put.encode())


@pytest.mark.usefixtures("nothing_is_compared")
def test_a_file_of_one_endless_line_is_shown_around_its_changes(work: Work) -> None:
    path = work.tree / "log"
    path.write_bytes(b"0123456789" * 100_000 + b"ERROR" + b"0123456789" * 100_000)
    plan = work.plan({"op": "edit", "path": "log", "find": "ERROR", "replace": "x"})

    removed, added = [line for line in api.preview_lines(plan) if line[0] in "+-"][2:]

    around = "0123456789" * 20
    assert removed == f"-…{around}ERROR{around}…" and added == f"+…{around}x{around}…"


@pytest.mark.usefixtures("nothing_is_compared")
def test_rows_for_the_window_say_which_lines_are_left_out(work: Work) -> None:
    log(work, {1: b"ERROR 1\n", 20_001: b"ERROR 2\n"})
    plan = work.plan({"op": "edit", "path": "log", "find": "ERROR", "replace": "x"})

    rows = list(preview.rows(api.file_system(), plan, next(iter(plan.changes()))))

    assert [(row.kind, row.old_number, row.new_number) for row in rows] == [
        *(("~", 1, 1), ("=", 2, 2), ("=", 3, 3), ("=", 4, 4)),
        ("@", 19_998, 19_998),
        *(("=", number, number) for number in (19_998, 19_999, 20_000)),
        ("~", 20_001, 20_001),
        *(("=", number, number) for number in (20_002, 20_003, 20_004)),
    ]


# what is noted


REWRITES = [
    Search((Rule("ab", "ba"),)),
    Search((Rule("a", ""),)),
    Search((Rule("a", "b"), Rule("b", "a"))),
    Search((Rule("(a+)b", r"<\1>\n"),), How(regex=True)),
    Search((Rule("A", "xyz"),), How(ignore_case=True, at_most=3)),
    Search((Rule("a\nb", "b\na"),)),
    Edit("ab", "b\n"),
    Edit("(a|b)$", r"\1\1", regex=True),
    Edit("AB", "", ignore_case=True),
]


def some_bytes(rng: random.Random) -> list[bytes]:
    data = bytes(rng.choices(b"aabb\n\r\xff ", k=rng.randint(0, 200)))
    cuts = sorted(rng.sample(range(len(data) + 1), min(len(data), rng.randint(0, 6))))
    return [data[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]


@pytest.mark.parametrize("seed", range(40))
def test_the_old_content_and_the_notes_make_the_new_content(seed: int, tried: Tried) -> None:
    rng = random.Random(seed)
    for rewrite in REWRITES:
        chunks, notes, plain, noted = some_bytes(rng), bytearray(), Tally(), Tally()
        noter = Noter(notes.extend)

        after = b"".join(noter.run(rewrite, chunks, noted))

        assert after == b"".join(rewrite.run(chunks, plain)) and noted == plain
        assert made(b"".join(chunks), list(regions.read(in_pieces(bytes(notes), rng)))) == after
        tried("edits noted")


def in_pieces(data: bytes, rng: random.Random) -> Iterator[bytes]:
    while data:
        size = rng.randint(1, 50)
        yield data[:size]
        data = data[size:]


def made(old: bytes, found: list[Region]) -> bytes:
    parts, at = [], 0
    for one in found:
        assert one.begin >= at and one.line == old.count(b"\n", 0, one.begin) + 1
        parts += [old[at : one.begin], one.new]
        at = one.begin + one.length
    return b"".join([*parts, old[at:]])


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_whatever_call_fails_the_file_is_what_it_was(work: Work, number: int, tried: Tried) -> None:
    path, before = log(work, {3: b"ERROR\n", 9: b"ERROR\n", 29_000: b"ERROR\n"})
    plan = work.plan({"op": "edit", "path": "log", "find": "ERROR\n", "replace": "an error\n"})
    at = copies = 0
    while True:
        at += 1
        fs = FailingFileSystem(at, number, frozenset({"copy_range", "seek", "write", "truncate", "sync_file"}))
        with engine_on(fs):
            outcome = api.apply(plan)
        if isinstance(outcome, api.Committed):
            break
        assert isinstance(outcome, api.RolledBack), outcome
        assert path.read_bytes() == before and os.listdir(work.tree) == ["log"]
        copies += fs.failed == ["copy_range"]
        tried("calls that failed while a large file was copied")
    assert copies == 4
