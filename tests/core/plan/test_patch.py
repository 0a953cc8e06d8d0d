"""A unified diff is applied as git means it: to all files or, where a part does not fit, to none."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from core import api
from core.errors import ProblemCode
from core.plan import planfile
from core.plan.hunks import Hunk
from core.plan.operations import Patch
from tests.support.tried import Tried
from tests.support.work import Json, Work

TEN = "".join(f"line {number}\n" for number in range(1, 11))


def patch(**more: object) -> Json:
    return {"op": "patch", "file": "fix.diff", **more}


def test_lines_change_where_they_are_and_the_offset_is_told(work: Work) -> None:
    diff = "--- a/f\n+++ b/f\n@@ -4,3 +4,3 @@\n line 4\n-line 5\n+LINE 5\n line 6\n@@ -9 +9,2 @@\n line 9\n+more\n"
    work.write({"f": f"first\nsecond\n{TEN}", "fix.diff": diff})

    plan = work.plan(patch())
    api.apply(plan)

    assert (work.tree / "f").read_text() == "first\nsecond\n" + TEN.replace("line 5", "LINE 5").replace(
        "9\n", "9\nmore\n"
    )
    assert [one.values for one in plan.notes] == [{"hunk": 1, "lines": 2}]


def test_a_part_that_does_not_fit_is_a_problem_and_nothing_is_left_beside_the_file(work: Work) -> None:
    work.write(
        {
            "f": TEN,
            "g": TEN,
            "fix.diff": "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-line 1\n+x\n--- a/g\n+++ b/g\n@@ -1 +1 @@\n-no\n+x\n",
        }
    )

    plan = work.plan(patch())

    assert [(one.code, one.values) for one in plan.problems] == [(ProblemCode.HUNK_FAILS, {"hunk": 1, "line": 1})]
    assert isinstance(api.apply(plan), api.Refused)
    assert sorted(path.name for path in work.tree.iterdir()) == ["f", "fix.diff", "g"]


@pytest.mark.parametrize(
    "diff",
    [
        "",
        "nothing\n",
        "--- a/f\n+++ b/f\n@@ -1,5 +1,5 @@\n-line 1\n",
        "--- a/f\n+++ b/f\n@@ -x +1 @@\n-line 1\n",
        "--- a/../f\n+++ b/../f\n@@ -1 +1 @@\n-line 1\n+x\n",
        "diff --git a/f b/f\nBinary files a/f and b/f differ\n",
    ],
)
def test_what_is_no_patch_of_text_is_a_problem(work: Work, diff: str) -> None:
    work.write({"f": TEN, "fix.diff": diff})
    assert work.problems(patch()) == [(0, ProblemCode.BAD_PATCH)]


@pytest.mark.parametrize(
    "modes",
    ["old mode 100644\nnew mode 160000\n", "new file mode 160000\n", "old mode 100644\nnew mode 120000\n"],
)
def test_a_kind_of_file_that_cannot_be_made_is_a_problem_and_not_left_out(work: Work, modes: str) -> None:
    work.write({"f": TEN, "fix.diff": f"diff --git a/f b/f\n{modes}"})
    assert work.problems(patch()) == [(0, ProblemCode.UNSUPPORTED)]


def git(*arguments: str, cwd: Path) -> str:
    command = ["git", "-c", "core.quotepath=on", "-c", "user.name=t", "-c", "user.email=t@t", *arguments]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True).stdout.decode()


def some_text(rng: random.Random) -> list[str]:
    end = rng.choice(["\n", "\r\n"])
    return [f"{rng.choice('abc')} {rng.randint(0, 3)}{end}" for _ in range(rng.randint(0, 30))]


def changed_text(rng: random.Random, lines: list[str]) -> list[str]:
    lines = list(lines)
    for _ in range(rng.randint(0, 4)):
        at = rng.randint(0, len(lines))
        lines[at : at + rng.randint(0, 3)] = [f"new {rng.randint(0, 9)}\n" for _ in range(rng.randint(0, 3))]
    if lines and rng.random() < 0.2:
        lines[-1] = lines[-1].rstrip("\r\n") or "x"
    return lines


def change_tree(rng: random.Random, tree: Path) -> None:
    for path in sorted(tree.glob("file*")):
        kind = rng.random()
        text = changed_text(rng, path.read_bytes().decode().splitlines(keepends=True))
        if kind < 0.15:
            path.unlink()
            continue
        path.write_bytes("".join(text).encode())
        if kind > 0.8:
            path.rename(tree / f"renamed {path.name}")
    (tree / "made é").write_text("".join(some_text(rng)))


@pytest.mark.parametrize("seed", range(6))
def test_what_git_writes_makes_of_a_tree_what_git_had(work: Work, tmp_path: Path, seed: int, tried: Tried) -> None:
    rng = random.Random(seed)
    repository = tmp_path / "repository"
    repository.mkdir()
    git("init", "-q", cwd=repository)
    git("config", "core.autocrlf", "false", cwd=repository)
    for number in range(8):
        (repository / f"file{number}").write_bytes("".join(some_text(rng)).encode())
    git("add", "-A", cwd=repository)
    git("commit", "-qm", "x", cwd=repository)
    for path in repository.glob("file*"):
        work.write({path.name: path.read_bytes()})
    change_tree(rng, repository)
    git("add", "-A", cwd=repository)
    (tmp_path / "fix.diff").write_text(
        git("diff", "--cached", "-M", f"-U{rng.choice([0, 1, 3])}", cwd=repository), newline=""
    )

    plan = work.plan(patch(file=str(tmp_path / "fix.diff")))
    assert plan.problems == []
    api.apply(plan)

    expected = {path.name: path.read_bytes() for path in repository.iterdir() if path.is_file()}
    assert {path.name: path.read_bytes() for path in work.tree.iterdir()} == expected
    tried("trees patched as git patches them")


TWO = "".join(
    f"diff --git a/{name} b/{name}\n--- a/{name}\n+++ b/{name}\n@@ -1 +1 @@\n-line 1\n+new 1\n" for name in "fg"
)


def test_a_file_that_is_left_out_stays_whatever_the_diff_says_of_it(work: Work) -> None:
    work.write({"f": TEN, "g": "something else\n", "fix.diff": TWO})

    plan = work.plan(patch(without=["g"]))
    api.apply(plan)

    assert not plan.problems
    assert work.texts() == {"f": TEN.replace("line 1\n", "new 1\n"), "g": "something else\n", "fix.diff": TWO}


@pytest.mark.parametrize("named", ["old", "new"])
def test_a_rename_is_left_out_by_either_of_its_names(work: Work, named: str) -> None:
    rename = "diff --git a/old b/new\nsimilarity index 100%\nrename from old\nrename to new\n"
    work.write({"old": "text\n", "f": TEN, "g": TEN, "fix.diff": rename + TWO})

    api.apply(work.plan(patch(without=[named, "g"])))

    assert work.texts() == {
        "old": "text\n",
        "f": TEN.replace("line 1\n", "new 1\n"),
        "g": TEN,
        "fix.diff": rename + TWO,
    }


def test_what_cannot_be_applied_can_be_left_out_too(work: Work) -> None:
    binary = "diff --git a/picture b/picture\nBinary files a/picture and b/picture differ\n"
    work.write({"picture": "1", "f": TEN, "g": TEN, "fix.diff": binary + TWO})

    assert work.plan(patch()).problems
    assert not work.plan(patch(without=["picture"])).problems


def test_made_deleted_and_copied_files_are_left_out(work: Work) -> None:
    diff = (
        "--- /dev/null\n+++ b/made\n@@ -0,0 +1 @@\n+made\n"
        "--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n"
        "diff --git a/f b/copy\nsimilarity index 100%\ncopy from f\ncopy to copy\n"
    )
    before = {"gone": "gone\n", "f": TEN, "fix.diff": diff}
    work.write(before)

    plan = work.plan(patch(without=["made", "gone", "copy"]))

    assert not plan.problems
    assert not list(plan.changes())


THREE = (
    "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-line 1\n+LINE 1\n line 2\n"
    "@@ -5,2 +5,3 @@\n line 5\n+added\n line 6\n@@ -9,2 +10 @@\n-line 9\n line 10\n"
)


def parts(work: Work, **more: object) -> list[Hunk]:
    """Return the parts of the diff in the one change of the plan."""
    asked = planfile.parse(patch(**more), str(work.tree))
    assert isinstance(asked, Patch)
    plan = work.plan(patch(**more))
    (change,) = plan.changes()
    return list(api.hunks(plan, change.index, asked))


def test_every_part_of_a_diff_says_where_it_is_and_what_it_does(work: Work) -> None:
    work.write({"f": f"before\n{TEN}", "fix.diff": THREE})

    assert [(one.line, one.old, one.new) for one in parts(work)] == [
        (2, b"line 1\n", b"LINE 1\n"),
        (7, b"", b"added\n"),
        (10, b"line 9\n", b""),
    ]


def test_parts_of_a_diff_are_left_out_and_are_known_again_elsewhere_in_the_file(work: Work) -> None:
    work.write({"f": TEN, "fix.diff": THREE})
    first, second, third = (one.id for one in parts(work))
    work.write({"f": f"before\n{TEN}"})

    plan = work.plan(patch(skip=[first, third]))
    api.apply(plan)

    assert plan.matches == 1
    assert (work.tree / "f").read_text() == "before\n" + TEN.replace("line 6", "added\nline 6")
    assert second not in (first, third)


def test_a_part_that_is_left_out_need_not_fit(work: Work) -> None:
    work.write({"f": TEN, "fix.diff": THREE})
    first = parts(work)[0].id
    work.write({"f": TEN.replace("line 1\n", "another\n")})

    assert work.problems(patch()) == [(0, ProblemCode.HUNK_FAILS)]
    api.apply(work.plan(patch(skip=[first])))

    assert (work.tree / "f").read_text() == TEN.replace("line 1\n", "another\n").replace("line 9\n", "").replace(
        "line 6", "added\nline 6"
    )


def test_a_file_of_which_all_parts_are_left_out_is_not_changed(work: Work) -> None:
    work.write({"f": TEN, "fix.diff": THREE})

    assert not list(work.plan(patch(skip=[one.id for one in parts(work)])).changes())


def test_a_part_that_was_left_out_and_is_not_in_the_diff_any_more_is_told(work: Work) -> None:
    work.write({"f": TEN, "fix.diff": THREE})

    assert work.problems(patch(skip=["0" * 16])) == [(0, ProblemCode.UNKNOWN_SKIP)]
