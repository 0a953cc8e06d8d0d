"""`holdfast plan`: what people do all day, up to a plan that can be read, reviewed, previewed and applied."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.work import Work

ROOT = Path(__file__).parents[3]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "app", *arguments]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}


def holdfast(*arguments: str, cwd: Path, stdin: str = "") -> tuple[int, str, str]:
    done = subprocess.run(
        command(*arguments), input=stdin, capture_output=True, text=True, cwd=cwd, env=environment(), timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def test_a_plan_is_made_previewed_and_applied_without_a_file_for_it(work: Work) -> None:
    work.write({"src/a": "old\n", "src/b": "other\n"})

    code, plan, said = holdfast("plan", "old", "new", "src", cwd=work.tree)
    assert (code, said) == (0, "1 match in 1 file. Nothing has been written yet.\n")
    assert work.texts() == {"src/a": "old\n", "src/b": "other\n"}
    assert "+new" in holdfast("preview", "-", cwd=work.tree, stdin=plan)[1]
    assert holdfast("apply", "-", "--yes", cwd=work.tree, stdin=plan)[0] == 0
    assert work.texts() == {"src/a": "new\n", "src/b": "other\n"}


def test_a_plan_has_an_operation_a_line_in_a_stable_order_and_can_move_with_its_folder(work: Work) -> None:
    work.write(dict.fromkeys(("b", "a", "c/d"), "old\n"))

    assert holdfast("plan", "old", "new", ".", "-o", "one.json", cwd=work.tree)[0] == 0
    text = (work.tree / "one.json").read_text()
    assert holdfast("plan", "old", "new", ".", "-o", "one.json", cwd=work.tree)[0] == 0

    assert (work.tree / "one.json").read_text() == text
    assert [json.loads(line.rstrip(","))["roots"] for line in text.splitlines()[1:-1]] == [["a"], ["b"], ["c/d"]]


def test_a_file_that_changed_since_is_refused_or_left_out_and_named(work: Work) -> None:
    work.write({"a": "old\n", "b": "old\n", "c": "old\n"})
    holdfast("plan", "old", "new", ".", "-o", "plan.json", cwd=work.tree)
    (work.tree / "b").write_text("old, and more\n")
    (work.tree / "c").unlink()

    code, _, said = holdfast("apply", "plan.json", "--yes", cwd=work.tree)
    assert code == 1
    assert said.startswith("Nothing was changed.")
    code, _, said = holdfast("apply", "plan.json", "--yes", "--skip-changed", cwd=work.tree)

    assert code == 0
    assert [line.rpartition("/")[2] for line in said.splitlines()] == ["b", "c"]
    assert (work.tree / "a").read_text() == "new\n"
    assert (work.tree / "b").read_text() == "old, and more\n"


def test_a_plan_remembers_the_encoding_that_was_found_out(work: Work) -> None:
    texts = {
        "utf-16": "größer old\r\n",
        "cp1252": "größer, naïve old\n",
        "cp932": "表示能力のある日本語のファイル old\n",
    }
    work.write({name: text.encode(name) for name, text in texts.items()})

    _, plan, _ = holdfast("plan", "old", "new", ".", cwd=work.tree)
    holdfast("apply", "-", "--yes", cwd=work.tree, stdin=plan)

    assert [json.loads(line.rstrip(","))["encoding"] for line in plan.splitlines()[1:-1]] == [
        "cp1252",
        "cp932",
        "utf-16-le",
    ]
    for name, text in texts.items():
        assert (work.tree / name).read_bytes() == text.replace("old", "new").encode(name)


def test_a_file_with_other_names_is_a_problem_unless_they_may_part(work: Work) -> None:
    work.write({"a": "old\n"})
    (work.tree / "b").hardlink_to(work.tree / "a")

    assert holdfast("plan", "old", "new", "a", cwd=work.tree)[0] == 1
    code, plan, _ = holdfast("plan", "old", "new", "a", "--links", "split", cwd=work.tree)
    holdfast("apply", "-", "--yes", cwd=work.tree, stdin=plan)

    assert code == 0
    assert work.texts() == {"a": "new\n", "b": "old\n"}


def test_pairs_come_from_a_table(work: Work) -> None:
    work.write({"src/f": "a b, c\n"})
    (work.tree / "pairs.csv").write_text('find,replace\na,b\nb,a\n"b, c","x"\n')

    code, plan, _ = holdfast("plan", "--pairs", "pairs.csv", "--simultaneous", "src", cwd=work.tree)
    holdfast("apply", "-", "--yes", cwd=work.tree, stdin=plan)

    assert code == 0
    assert work.texts()["src/f"] == "b a, c\n"


def test_a_search_that_is_saved_as_it_was_asked_is_done_again_by_apply(work: Work) -> None:
    work.write({"src/a": "old\n"})
    holdfast("plan", "(o)ld", r"\U\1", "-E", "--unpinned", ".", "-o", "plan.json", cwd=work.tree)
    plan = (work.tree / "plan.json").read_text()
    work.write({"src/later": "old\n"})

    holdfast("apply", "plan.json", "--yes", cwd=work.tree)

    assert work.texts() == {"src/a": "O\n", "src/later": "O\n", "plan.json": plan}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["old"], "FIND and REPLACEMENT"),
        (["old", "new"], "At least one file or folder"),
        (["--pairs", "none.csv", "."], "cannot be read as pairs"),
        (["old", "new", ".", "--newer", "soon"], "a date such as"),
        (["old", "new", ".", "--encoding", "klingon"], "not an encoding"),
    ],
)
def test_what_makes_no_sense_is_said_and_ends_with_2(work: Work, arguments: list[str], reason: str) -> None:
    code, out, said = holdfast("plan", *arguments, cwd=work.tree)
    assert (code, out) == (2, "")
    assert said.startswith("Nothing was changed.")
    assert reason in said


def test_a_problem_ends_with_1_and_writes_no_plan(work: Work) -> None:
    work.write({"f": "é old\n".encode("cp1252")})

    code, out, said = holdfast("plan", "old", "日", "f", "-o", "plan.json", cwd=work.tree)

    assert (code, out) == (1, "")
    assert "convert the file to UTF-8" in said
    assert not (work.tree / "plan.json").exists()


def test_ctrl_c_stops_a_search_at_once_even_inside_a_pattern_that_runs_wild(work: Work) -> None:
    work.write({"f": "a" * 60 + "!"})
    process = subprocess.Popen(
        command("plan", "-E", "(a|aa)+$", "x", "."), cwd=work.tree, env=environment(), stderr=subprocess.PIPE, text=True
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    since = time.monotonic()
    _, said = process.communicate(timeout=30)

    assert process.returncode == 130
    assert time.monotonic() - since < 2
    assert "Nothing was changed. Stopped" in said


def test_a_preview_on_a_terminal_is_coloured_and_paged(work: Work, tmp_path: Path) -> None:
    work.write({"f": "old\n"})
    plan = tmp_path / "plan.json"
    holdfast("plan", "old", "new", "f", "-o", str(plan), cwd=work.tree)

    plain = on_a_terminal("preview", str(plan), PAGER="cat", NO_COLOR="1")
    coloured = on_a_terminal("preview", str(plan), PAGER="cat", TERM="xterm")
    paged = on_a_terminal("preview", str(plan), PAGER="sed s/^/PAGED/", NO_COLOR="1")

    assert "\r\n-old\r\n+new\r\n" in plain
    assert "\x1b[31m-old\x1b[m\r\n\x1b[32m+new\x1b[m\r\n" in coloured
    assert "PAGED+new" in paged


def on_a_terminal(*arguments: str, **more: str) -> str:
    """Run it with a terminal for its output, and return what it shows there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command(*arguments), stdout=theirs, stdin=subprocess.DEVNULL, env=environment(**more))
    os.close(theirs)
    shown = b""
    try:
        while block := os.read(ours, 4096):
            shown += block
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.wait(30) == 0
    return shown.decode()
