"""Find and replace over a tree: which files are meant, what happens to them, and that a sieve changes nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from core import api
from core.errors import ProblemCode
from core.plan import planfile, preview
from core.progress import Cancelled, CancelToken, Meter, Phase
from tests.support.work import Json, Work

RG = Path(sys.prefix) / "bin/rg"


def change(find: str = "old", replace: str = "new", **more: object) -> Json:
    return {"op": "find_replace", "roots": ["."], "find": find, "replace": replace, **more}


def changed(work: Work, *operations: Json) -> dict[str, int]:
    """Return the matches by file, after the batch."""
    plan = work.plan(*operations)
    assert not plan.problems, plan.problems
    return {os.path.relpath(one.to or one.path, work.tree): one.matches for one in plan.changes()}


def test_every_text_file_below_a_folder_is_searched(work: Work) -> None:
    work.write({"a": "old old\n", "b/c/d.txt": "an old one", "b/none": "nothing", "binary": b"old\0\1\2"})

    assert changed(work, change()) == {"a": 2, "b/c/d.txt": 1}
    api.apply(work.plan(change()))
    assert (work.tree / "b/c/d.txt").read_text() == "an new one"
    assert (work.tree / "binary").read_bytes() == b"old\0\1\2"


@pytest.mark.parametrize(
    ("more", "files"),
    [
        ({}, {"a.py", "a.txt", "src/b.py"}),
        ({"glob": ["*.py"]}, {"a.py", "src/b.py"}),
        ({"glob": ["/*.py"]}, {"a.py"}),
        ({"glob": ["src/**"]}, {"src/b.py"}),
        ({"exclude": ["src/"]}, {"a.py", "a.txt"}),
        ({"exclude": ["*.py", "!b.py"]}, {"a.txt", "src/b.py"}),
        ({"hidden": True}, {"a.py", "a.txt", "src/b.py", ".h"}),
        ({"gitignore": False}, {"a.py", "a.txt", "src/b.py", "src/gen.py", "out/x"}),
        ({"binary": True}, {"a.py", "a.txt", "src/b.py", "bin"}),
        ({"max_size": 4}, {"a.py", "a.txt"}),
        ({"min_size": 5}, {"src/b.py"}),
        ({"newer": "2020-01-01"}, {"a.py", "src/b.py"}),
        ({"older": "2020-01-01"}, {"a.txt"}),
        ({"roots": ["src", "a.txt"]}, {"src/b.py", "a.txt"}),
        ({"roots": [".", "src"]}, {"a.py", "a.txt", "src/b.py"}),
        ({"roots": ["out/x"]}, {"out/x"}),
        ({"without": ["src/b.py"]}, {"a.py", "a.txt"}),
    ],
)
def test_a_scope_says_which_files_are_meant(work: Work, more: Json, files: set[str]) -> None:
    work.write({"a.py": "old\n", "a.txt": "old\n", "src/b.py": "old ones\n", ".h": "old\n", "bin": b"\0old ones"})
    work.write({".gitignore": "/out\n", "src/.gitignore": "gen.*\n", "src/gen.py": "old\n", "out/x": "old\n"})
    work.write({".git/config": "old\n"})
    os.utime(work.tree / "a.txt", (0, 86_400))

    assert set(changed(work, change(**more))) == files


def test_a_gitignore_above_the_root_counts_in_a_repository(work: Work) -> None:
    work.write({".git/HEAD": "", ".gitignore": "*.log\n", "src/a.log": "old", "src/a": "old"})
    work.write({".git/info/exclude": "private\n", "src/private": "old"})

    work.write({"out/a": "old", ".gitignore": "*.log\n/out/*\n/out\n"})

    assert set(changed(work, change(roots=["src"]))) == {"src/a"}
    assert set(changed(work, change(roots=["out"]))) == {"out/a"}


def test_a_gitignore_counts_in_a_repository_alone_and_no_further_than_into_the_next_one(work: Work) -> None:
    work.write({".gitignore": "*.log\n", "a.log": "old", "own/.git/HEAD": "", "own/a.log": "old"})
    work.write(
        {"own/.gitignore": "*.tmp\n", "own/src/a.tmp": "old", "own/inner/.git": "gitdir: x", "own/inner/a.tmp": "old"}
    )

    assert set(changed(work, change())) == {"a.log", "own/a.log", "own/inner/a.tmp"}


def test_no_symlink_is_followed_and_none_changed(work: Work, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/file").write_text("old")
    work.write({"a": "old"})
    (work.tree / "link").symlink_to(tmp_path / "elsewhere")
    (work.tree / "file").symlink_to("a")

    assert set(changed(work, change())) == {"a"}


def test_it_sees_what_the_operations_before_it_made(work: Work) -> None:
    work.write({"src/a": "old\n", "src/b": "old\n", "gone": "old\n"})
    before: list[Json] = [
        {"op": "create", "path": "src/made", "text": "old\n"},
        {"op": "edit", "path": "src/a", "find": "old", "replace": "older old"},
        {"op": "move", "path": "src/b", "to": "src/c"},
        {"op": "delete", "path": "gone"},
        {"op": "move", "path": "src", "to": "lib"},
        change(roots=["lib"]),
        change("new", "newest"),
    ]

    assert isinstance(api.apply(work.plan(*before)), api.Committed)
    assert work.texts() == {"lib/a": "newester newest\n", "lib/c": "newest\n", "lib/made": "newest\n"}


def test_a_later_search_knows_what_an_earlier_one_made_of_a_file(work: Work) -> None:
    work.write({"f": "ü old a\r\nmore\r\n".encode("utf-16")})

    work.apply(change(), change("new", "two\nlines"))

    assert (work.tree / "f").read_bytes() == "ü two\r\nlines a\r\nmore\r\n".encode("utf-16")


def test_pairs_come_one_after_the_other_or_all_at_once(work: Work) -> None:
    work.write({"f": "a b\n"})
    pairs = [{"find": "a", "replace": "b"}, {"find": "b", "replace": "a"}]
    one: Json = {"op": "find_replace", "roots": ["f"], "pairs": pairs}

    work.apply({**one, "simultaneous": True})
    assert work.texts() == {"f": "b a\n"}
    work.apply(one)
    assert work.texts() == {"f": "a a\n"}


def test_every_encoding_is_searched_and_kept(work: Work) -> None:
    text = "Ein älterer Weg, größer als über\r\n"
    names = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
    work.write({name: text.encode(name) for name in names})

    api.apply(work.plan(change("älterer", "jüngerer")))

    for name in names:
        assert (work.tree / name).read_bytes() == text.replace("älterer", "jüngerer").encode(name), name


def test_a_preview_shows_text_of_every_encoding(work: Work) -> None:
    work.write({"wide": "größer old\n".encode("utf-16"), "legacy": "größer old, naïve\n".encode("cp1252")})

    plan = work.plan(change())
    lines = list(api.preview_lines(plan))

    assert {"-größer old", "+größer new"} <= {line.replace("\ufeff", "") for line in lines}
    assert "größer old, naïve".encode("cp1252").decode("utf-8", "surrogateescape") in "\n".join(lines)
    legacy = next(one for one in plan.changes() if one.path.endswith("legacy"))
    shown = [row.new_text for row in preview.rows(api.file_system(), plan, legacy)]
    assert shown == ["größer new, naïve"]


def test_a_file_s_encoding_can_be_named(work: Work) -> None:
    work.write({"f": "ж x\n".encode("cp866")})

    api.apply(work.plan(change("ж", "ё", encoding="cp866")))

    assert (work.tree / "f").read_bytes() == "ё x\n".encode("cp866")


def test_a_character_that_a_file_cannot_hold_is_a_problem_of_that_file(work: Work) -> None:
    work.write({"latin": "é old\n".encode("cp1252"), "utf": "é old\n"})

    problems = work.plan(change("old", "½日")).problems

    assert [(one.code, os.path.basename(one.path), one.operation) for one in problems] == [
        (ProblemCode.UNENCODABLE, "latin", 0)
    ]
    assert problems[0].values == {"character": "日", "encoding": "cp1252"}


def test_a_pattern_that_runs_wild_is_stopped_and_the_file_is_named(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.content.search._SECONDS", 0.2)
    work.write({"tame": "a", "wild": "a" * 40 + "!"})

    problems = work.plan(change("(a|aa)+$", regex=True)).problems

    assert [(one.code, os.path.basename(one.path)) for one in problems] == [(ProblemCode.PATTERN_TIMEOUT, "wild")]


def test_a_bad_pattern_and_a_missing_root_are_problems(work: Work) -> None:
    assert work.problems(change("(", regex=True)) == [(0, ProblemCode.BAD_PATTERN)]
    assert work.problems(change(roots=["nowhere"])) == [(0, ProblemCode.MISSING)]


def test_a_file_that_is_not_the_one_that_was_seen_is_a_problem(work: Work) -> None:
    work.write({"f": "no match\n"})

    assert work.problems(change(roots=["f"], expect="sha256:" + "0" * 64)) == [(0, ProblemCode.CHANGED)]


def test_thousands_of_pairs_are_more_than_ripgrep_can_be_told_and_are_found_all_the_same(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_RG", str(RG))
    monkeypatch.setattr("core.plan.sieving._FEW", 1)
    work.write({"a": "word0001 and word1999\n", "b": "no such thing\n"})
    pairs = [{"find": f"word{number:04}", "replace": f"{number}"} for number in range(2000)]

    work.apply({"op": "find_replace", "roots": ["."], "pairs": pairs, "simultaneous": True})

    assert work.texts() == {"a": "1 and 1999\n", "b": "no such thing\n"}


def test_a_search_is_stopped_at_once_and_tells_how_far_it_is(work: Work) -> None:
    work.write({f"{number:03}": "old" if number < 5 else "" for number in range(50)})
    meter = Meter()
    token = CancelToken(lambda: meter.sample().files_done >= 20)
    file = work.tree / ".plan.json"
    file.write_text(
        '{"holdfast": 1, "operations": [{"op": "find_replace", "roots": ["."], "find": "o", "replace": "n"}]}'
    )

    with pytest.raises(Cancelled):
        api.read_plan(str(file), meter=meter, token=token)

    now = meter.sample()
    assert (now.phase, now.matched, now.files_done) == (Phase.SEARCH, 5, 20)


@pytest.mark.parametrize("program", ["", str(RG)])
def test_changes_are_told_while_the_search_goes_on(work: Work, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDFAST_RG", program)
    work.write({f"{number // 100:03}/{number:04}": "old" if number % 3 else "" for number in range(2000)})
    work.write({"000/0007.json": '{"old": 1}', "003/same": "o"})
    search = planfile.parse({**change(), "find": "old", "replace": "new", "roots": [str(work.tree)]}, "/")
    meter = Meter()
    told: list[api.Change] = []
    searched: list[int] = []

    def tell(_: api.Plan, one: api.Change) -> None:
        told.append(one)
        searched.append(meter.sample().files_done)

    plan = api.evaluate([search], meter=meter, told=tell)

    assert told == list(plan.changes())
    assert searched[0] < 500 < searched[-1]


def _mixed_tree(work: Work) -> None:
    words = ["old", "OLD", "ſold", "oldest", "K old", "other", "größer old", "nothing"]
    names = ["utf-8", "utf-16", "utf-16-be", "cp1252", "utf-32"]
    for number in range(240):
        word, name = words[number % len(words)], names[number % len(names)]
        work.write({f"{number % 7}/{number}": f"first\n{word} {number}\n".encode(name, "replace")})
    work.write(
        {
            "large": b"x\n" * (1 << 20) + b"old",
            "odd\nname": "old",
            "-e": "old",
            "empty": "",
            "a.png": "old",
            "b.png": b"\0old",
        }
    )


@pytest.mark.parametrize(
    "operation",
    [
        change(),
        change("OLD", ignore_case=True),
        change("größer"),
        change("o(l)d", r"\1", regex=True),
        change("k|sold", ignore_case=True, regex=True),
        change("t\nold", multiline=True),
        {
            "op": "find_replace",
            "roots": ["."],
            "pairs": [{"find": "old", "replace": "x"}, {"find": "other", "replace": "y"}],
        },
    ],
)
def test_the_result_is_the_same_with_any_ripgrep_and_without_one(
    work: Work, operation: Json, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not RG.exists():
        pytest.skip("there is no rg beside this Python")
    _mixed_tree(work)
    monkeypatch.setattr("core.plan.sieving._BATCH", 50)
    monkeypatch.setattr("core.plan.sieving._FEW", 10)
    broken = tmp_path / "old-rg"
    broken.write_text("#!/bin/sh\necho unknown option >&2\nexit 2\n")
    broken.chmod(0o755)
    found = []
    for program in ("", str(RG), str(broken)):
        monkeypatch.setenv("HOLDFAST_RG", program)
        found.append([(one.path, one.digest_after, one.matches) for one in work.plan(operation).changes()])

    assert found[0]
    assert found[0] == found[1] == found[2]
