"""What git can write in a diff is made of a tree: modes, symlinks, renames, copies, and files that are no text."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from core import api
from core.errors import ProblemCode
from tests.support.tried import Tried
from tests.support.work import Json, Work

NAMES = ["plain", "with space", "tab\there", 'quote"d', "back\\slash", "ümlaut", "deep/er/file", "new\nline"]
SEEDS = [1, 3, 5, 10, 13, 31]  # those with which something was wrong once
Tree = dict[str, tuple[int, bytes]]  # by path: the mode that git knows, and the content or what the symlink says


def git(*arguments: str, cwd: Path) -> bytes:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "core.autocrlf=false", *arguments]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True).stdout


def some_content(rng: random.Random) -> bytes:
    kind = rng.random()
    if kind < 0.2:
        return rng.randbytes(rng.randint(0, 3000))
    end = rng.choice([b"\n", b"\r\n"])
    lines = [b"%d %d" % (number, rng.randint(0, 3)) + end for number in range(rng.randint(0, 40))]
    text = b"".join(lines)
    return text.rstrip(b"\r\n") if kind > 0.8 else text


def changed(rng: random.Random, content: bytes) -> bytes:
    at = rng.randint(0, len(content))
    return content[:at] + rng.choice([b"x\n", b"\0\1\2", b"", b"\xff"]) + content[at + rng.randint(0, 5) :]


def some_tree(rng: random.Random) -> Tree:
    tree: Tree = {}
    for name in NAMES:
        if rng.random() < 0.2:
            tree[name] = (0o120000, rng.choice([b"plain", b"../nowhere", "zu/ümlaut".encode()]))
        elif rng.random() < 0.9:
            tree[name] = (rng.choice([0o644, 0o755]), some_content(rng))
    return tree


def other_tree(rng: random.Random, tree: Tree) -> Tree:
    other: Tree = {}
    for name, known in tree.items():
        mode, content = known
        kind = rng.random()
        if kind < 0.1:
            continue
        if mode == 0o120000:
            content = content if kind < 0.5 else content + b"!"
        else:
            mode = mode if kind < 0.7 else rng.choice([0o644, 0o755])
            content = changed(rng, content) if kind > 0.4 else content
        if 0.1 < kind < 0.2:
            mode, content = rng.choice([(0o120000, b"another kind"), (0o644, b"another kind\n")])
        other[name if kind < 0.85 else f"moved {name.replace('/', ' ')}"] = (mode, content)
        if kind > 0.95:
            other[f"copy of {name.replace('/', ' ')}"] = (mode, content)
    other["made"] = (rng.choice([0o644, 0o755]), some_content(rng))
    return other


def write(root: Path, tree: Tree) -> None:
    for name, (mode, content) in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if mode == 0o120000:
            path.symlink_to(content.decode())
        else:
            path.write_bytes(content)
            path.chmod(mode)


def found(root: Path) -> Tree:
    tree: Tree = {}
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        if path.is_symlink():
            tree[name] = (0o120000, str(path.readlink()).encode())
        elif path.is_file():
            tree[name] = (0o755 if path.stat().st_mode & 0o100 else 0o644, path.read_bytes())
    return tree


def diff_of(folder: Path, before: Tree, after: Tree, *flags: str) -> bytes:
    """Return what git writes of the two trees."""
    repository = folder / "repository"
    repository.mkdir()
    git("init", "-q", cwd=repository)
    write(repository, before)
    git("add", "-A", cwd=repository)
    git("commit", "-qm", "before", "--allow-empty", cwd=repository)
    git("rm", "-rqf", ".", "--ignore-unmatch", cwd=repository)
    write(repository, after)
    git("add", "-A", cwd=repository)
    return git("diff", "--cached", *flags, cwd=repository)


@pytest.mark.parametrize("seed", [*SEEDS, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(100, 400))])
def test_what_git_writes_of_two_trees_makes_the_second_of_the_first(
    work: Work, tmp_path: Path, seed: int, tried: Tried
) -> None:
    rng = random.Random(seed)
    before = some_tree(rng)
    after = other_tree(rng, before)
    flags = ["--binary", rng.choice(["-M", "-C", "--no-renames", "--find-copies-harder"]), f"-U{rng.choice([0, 1, 3])}"]
    (tmp_path / "fix.diff").write_bytes(diff_of(tmp_path, before, after, *flags))
    write(work.tree, before)

    plan = work.plan(patch(tmp_path))
    assert plan.problems == []
    api.apply(plan)

    assert found(work.tree) == after
    tried("pairs of trees, patched by what git writes")


@pytest.mark.parametrize("seed", range(3))
def test_what_diff_writes_of_two_trees_makes_the_second_of_the_first(work: Work, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    text = {name: (0o644, b"".join(b"%d\n" % rng.randint(0, 5) for _ in range(30))) for name in ("f", "g", "d/h")}
    after = {**text, "f": (0o644, text["f"][1][:-1]), "d/h": (0o644, b"0\n" + text["d/h"][1]), "new": (0o644, b"x\n")}
    del after["g"]
    write(tmp_path / "a", text)
    write(tmp_path / "b", after)
    done = subprocess.run(["diff", "-ruN", "a", "b"], cwd=tmp_path, capture_output=True, check=False)
    (tmp_path / "fix.diff").write_bytes(done.stdout)
    write(work.tree, text)

    assert isinstance(work.apply(patch(tmp_path)), api.Committed)

    assert found(work.tree) == after


def patch(folder: Path) -> Json:
    return {"op": "patch", "file": str(folder / "fix.diff")}


def test_a_mode_alone_changes_and_the_content_with_its_time_stays(work: Work, tmp_path: Path) -> None:
    work.write({"f": "text\n"})
    time = (work.tree / "f").stat().st_mtime_ns
    (tmp_path / "fix.diff").write_text("diff --git a/f b/f\nold mode 100644\nnew mode 100755\n")

    plan = work.plan(patch(tmp_path))
    assert "new mode: a program" in list(api.preview_lines(plan))
    api.apply(plan)

    assert (work.tree / "f").stat().st_mode & 0o777 == 0o755
    assert (work.tree / "f").read_text() == "text\n" and (work.tree / "f").stat().st_mtime_ns == time


def test_the_mode_of_a_file_with_other_names_is_a_problem_unless_they_are_to_be_split(
    work: Work, tmp_path: Path
) -> None:
    work.write({"f": "text\n"})
    (work.tree / "other").hardlink_to(work.tree / "f")
    (tmp_path / "fix.diff").write_text("diff --git a/f b/f\nold mode 100644\nnew mode 100755\n")

    assert work.problems(patch(tmp_path)) == [(0, ProblemCode.HARD_LINKS)]
    assert work.problems({**patch(tmp_path), "links": "keep"}) == [(0, ProblemCode.HARD_LINKS)]
    assert work.problems({**patch(tmp_path), "links": "split"}) == []


def test_a_binary_change_is_for_the_file_it_was_made_of_and_for_no_other(work: Work, tmp_path: Path) -> None:
    before, after = {"f": (0o644, b"\0\1\2" * 400)}, {"f": (0o644, b"\0\1\3" * 400)}
    (tmp_path / "fix.diff").write_bytes(diff_of(tmp_path, before, after, "--binary"))
    work.write({"f": b"\0\1\2" * 399 + b"new"})

    assert work.problems(patch(tmp_path)) == [(0, ProblemCode.HUNK_FAILS)]


@pytest.mark.parametrize("spoil", [(b"literal 1200", b"literal 1199"), (b"\nz", b"\nZ"), (b"delta 14", b"delta 13")])
def test_a_binary_change_that_is_damaged_is_a_problem(work: Work, tmp_path: Path, spoil: tuple[bytes, bytes]) -> None:
    rng = random.Random(1)
    whole = rng.randbytes(1200)
    before = {"f": (0o644, whole)} if spoil[0].startswith(b"delta") else {}
    diff = diff_of(
        tmp_path, before, {"f": (0o644, whole if not before else whole[:500] + b"\0" + whole[501:])}, "--binary"
    )
    assert spoil[0] in diff
    (tmp_path / "fix.diff").write_bytes(diff.replace(*spoil))
    write(work.tree, before)

    assert work.problems(patch(tmp_path)) == [(0, ProblemCode.BAD_PATCH)]


def test_a_symlink_that_is_another_by_now_is_not_replaced(work: Work, tmp_path: Path) -> None:
    before, after = {"f": (0o120000, b"here")}, {"f": (0o120000, b"there")}
    (tmp_path / "fix.diff").write_bytes(diff_of(tmp_path, before, after))
    (work.tree / "f").symlink_to("elsewhere")

    assert work.problems(patch(tmp_path)) == [(0, ProblemCode.HUNK_FAILS)]


def test_a_patch_of_modes_and_symlinks_that_cannot_be_done_leaves_all_of_them_as_they_were(
    work: Work, tmp_path: Path
) -> None:
    before: Tree = {"f": (0o644, b"x\n"), "l": (0o120000, b"f")}
    after: Tree = {"f": (0o755, b"x\n"), "l": (0o120000, b"g"), "new": (0o120000, b"l")}
    (tmp_path / "fix.diff").write_bytes(diff_of(tmp_path, before, after))
    write(work.tree, before)
    plan = work.plan(patch(tmp_path))
    with (work.tree / "f").open("a") as file:
        file.write("changed meanwhile\n")

    assert isinstance(api.apply(plan), api.RolledBack)

    assert found(work.tree) == {**before, "f": (0o644, b"x\nchanged meanwhile\n")}
