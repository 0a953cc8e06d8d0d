"""How commands end: with the exit code of what became of the files, and with what a person can do about it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core import api
from tests.support.commands import EDIT, holdfast, write_plan
from tests.support.interrupted import Moment, interrupt
from tests.support.work import Work


@pytest.mark.parametrize("reader", ["true", "head -c 1"])
@pytest.mark.parametrize("code", [0, 1])
def test_a_batch_ends_as_it_would_have_when_nobody_reads_what_is_said_of_it(
    work: Work, state: Path, reader: str, code: int
) -> None:
    work.write({f"file{number}": "old\n" for number in range(200)})
    plan = write_plan(work, *({**EDIT, "path": f"file{number}"} for number in range(200)))
    if code:
        (work.tree / "file199").unlink()
    command = [sys.executable, "-P", "-m", "app", "apply", "--yes", str(plan)]

    done = subprocess.run(
        ["bash", "-c", f'"$@" 2>&1 | {reader} >/dev/null; exit ${{PIPESTATUS[0]}}', "bash", *command], env=os.environ
    )

    assert done.returncode == code
    assert list(api.pending()) == []
    assert [path for path in work.tree.rglob("*") if path.name.startswith(".~hf")] == []


def test_folders_that_are_gone_for_good_are_waited_for_no_longer_when_a_person_says_so(work: Work, state: Path) -> None:
    left = interrupt(work, state, Moment.PLACING)
    shutil.rmtree(work.tree / "sub")

    waiting = holdfast("recover")
    assert waiting.code == 3
    assert f"holdfast recover --put-back-here {left.txn}" in waiting.err
    assert holdfast("recover", "--put-back-here", left.txn).code == 0
    assert holdfast("recover").out == "There is nothing to put right.\n"


def test_a_plan_that_changes_nothing_says_why(work: Work) -> None:
    work.write({"file": "nothing of the kind\n"})
    ran = holdfast("apply", "--yes", str(write_plan(work, EDIT)))
    assert ran.code == 0
    assert (
        ran.out
        == "Nothing was changed. There was nothing left to do: no match, it is so already, or it was left out.\n"
    )
